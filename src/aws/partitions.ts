/**
 * The partitions of AWS: what their regions are called, and where their STS, sign-in and console
 * live. The one table for all three, so that none of them can be commercial by accident.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 * @module
 */

/** One partition. */
export interface Partition {
  /** Its name, as the second part of its ARNs. */
  readonly name: string;
  /** What its regions are called. */
  readonly regions: RegExp;
  /** The region that is used where nobody names one. */
  readonly defaultRegion: string;
  /** What its services' host names end in, as in `sts.{region}.{suffix}`. */
  readonly dnsSuffix: string;
  /** The host of the sign-in service; unknown to the public for two secret partitions. */
  readonly signInHost: string | undefined;
  /** The host of the console; unknown to the public for the secret partitions. */
  readonly consoleHost: string | undefined;
}

const COMMERCIAL: Partition = {
  name: "aws",
  regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  defaultRegion: "us-east-1",
  dnsSuffix: "amazonaws.com",
  signInHost: "signin.aws.amazon.com",
  consoleHost: "console.aws.amazon.com",
};

/** Every partition that is known; sources are botocore's partitions.json and its sign-in endpoints. */
export const PARTITIONS: readonly Partition[] = [
  COMMERCIAL,
  {
    name: "aws-us-gov",
    regions: /^us-gov-\w+-\d+$/,
    defaultRegion: "us-gov-west-1",
    dnsSuffix: "amazonaws.com",
    signInHost: "signin.amazonaws-us-gov.com",
    consoleHost: "console.amazonaws-us-gov.com",
  },
  {
    name: "aws-cn",
    regions: /^cn-\w+-\d+$/,
    defaultRegion: "cn-northwest-1",
    dnsSuffix: "amazonaws.com.cn",
    signInHost: "signin.amazonaws.cn",
    consoleHost: "console.amazonaws.cn",
  },
  {
    name: "aws-eusc",
    regions: /^eusc-(de)-\w+-\d+$/,
    defaultRegion: "eusc-de-east-1",
    dnsSuffix: "amazonaws.eu",
    signInHost: "signin.amazonaws-eusc.eu",
    consoleHost: "console.amazonaws-eusc.eu",
  },
  {
    name: "aws-iso",
    regions: /^us-iso-\w+-\d+$/,
    defaultRegion: "us-iso-east-1",
    dnsSuffix: "c2s.ic.gov",
    signInHost: "signin.c2shome.ic.gov",
    consoleHost: undefined,
  },
  {
    name: "aws-iso-b",
    regions: /^us-isob-\w+-\d+$/,
    defaultRegion: "us-isob-east-1",
    dnsSuffix: "sc2s.sgov.gov",
    signInHost: "signin.sc2shome.sgov.gov",
    consoleHost: undefined,
  },
  {
    name: "aws-iso-e",
    regions: /^eu-isoe-\w+-\d+$/,
    defaultRegion: "eu-isoe-west-1",
    dnsSuffix: "cloud.adc-e.uk",
    signInHost: undefined,
    consoleHost: undefined,
  },
  {
    name: "aws-iso-f",
    regions: /^us-isof-\w+-\d+$/,
    defaultRegion: "us-isof-south-1",
    dnsSuffix: "csp.hci.ic.gov",
    signInHost: undefined,
    consoleHost: undefined,
  },
];

/**
 * The partition of that name.
 *
 * @param name The second part of an ARN.
 * @returns The partition, or `undefined` where it is not known.
 */
export function partitionNamed(name: string): Partition | undefined {
  return PARTITIONS.find((partition) => partition.name === name);
}

/**
 * The partition of an ARN.
 *
 * @param arn Any ARN.
 * @returns The partition, or `undefined` where the text is no ARN or the partition is not known.
 */
export function partitionOfArn(arn: string): Partition | undefined {
  const [scheme, name] = arn.split(":", 2);
  return scheme === "arn" && name !== undefined ? partitionNamed(name) : undefined;
}

/**
 * The partition of a region. A region that fits no partition's pattern, as a new one might, counts
 * as commercial; so do the SDKs.
 *
 * @param region A region's name.
 * @returns Its partition.
 */
export function partitionOfRegion(region: string): Partition {
  return PARTITIONS.find((partition) => partition.regions.test(region)) ?? COMMERCIAL;
}
