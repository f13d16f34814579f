/**
 * The partitions of AWS: the names of their regions, and the hosts of their STS, sign-in and
 * console. One table for all three, so that none of them falls back to commercial AWS by accident.
 *
 * @see
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 * @module
 */

/** One partition. */
export interface Partition {
  /** Its name, as the second part of its ARNs. */
  readonly name: string;
  /** Matches the names of its regions. */
  readonly regions: RegExp;
  /** Used if no region is named. */
  readonly defaultRegion: string;
  /** What its services' host names end in, as in `sts.{region}.{suffix}`. */
  readonly dnsSuffix: string;
  /** The same for endpoints that have IPv6 too. */
  readonly dualStackDnsSuffix: string;
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
  dualStackDnsSuffix: "api.aws",
  signInHost: "signin.aws.amazon.com",
  consoleHost: "console.aws.amazon.com",
};

/**
 * Every partition that is known; sources are botocore's partitions.json and its sign-in endpoints.
 */
export const PARTITIONS: readonly Partition[] = [
  COMMERCIAL,
  {
    name: "aws-us-gov",
    regions: /^us-gov-\w+-\d+$/,
    defaultRegion: "us-gov-west-1",
    dnsSuffix: "amazonaws.com",
    dualStackDnsSuffix: "api.aws",
    signInHost: "signin.amazonaws-us-gov.com",
    consoleHost: "console.amazonaws-us-gov.com",
  },
  {
    name: "aws-cn",
    regions: /^cn-\w+-\d+$/,
    defaultRegion: "cn-northwest-1",
    dnsSuffix: "amazonaws.com.cn",
    dualStackDnsSuffix: "api.amazonwebservices.com.cn",
    signInHost: "signin.amazonaws.cn",
    consoleHost: "console.amazonaws.cn",
  },
  {
    name: "aws-eusc",
    regions: /^eusc-(de)-\w+-\d+$/,
    defaultRegion: "eusc-de-east-1",
    dnsSuffix: "amazonaws.eu",
    dualStackDnsSuffix: "api.amazonwebservices.eu",
    signInHost: "signin.amazonaws-eusc.eu",
    consoleHost: "console.amazonaws-eusc.eu",
  },
  {
    name: "aws-iso",
    regions: /^us-iso-\w+-\d+$/,
    defaultRegion: "us-iso-east-1",
    dnsSuffix: "c2s.ic.gov",
    dualStackDnsSuffix: "api.aws.ic.gov",
    signInHost: "signin.c2shome.ic.gov",
    consoleHost: undefined,
  },
  {
    name: "aws-iso-b",
    regions: /^us-isob-\w+-\d+$/,
    defaultRegion: "us-isob-east-1",
    dnsSuffix: "sc2s.sgov.gov",
    dualStackDnsSuffix: "api.aws.scloud",
    signInHost: "signin.sc2shome.sgov.gov",
    consoleHost: undefined,
  },
  {
    name: "aws-iso-e",
    regions: /^eu-isoe-\w+-\d+$/,
    defaultRegion: "eu-isoe-west-1",
    dnsSuffix: "cloud.adc-e.uk",
    dualStackDnsSuffix: "api.cloud-aws.adc-e.uk",
    signInHost: undefined,
    consoleHost: undefined,
  },
  {
    name: "aws-iso-f",
    regions: /^us-isof-\w+-\d+$/,
    defaultRegion: "us-isof-south-1",
    dnsSuffix: "csp.hci.ic.gov",
    dualStackDnsSuffix: "api.aws.hci.ic.gov",
    signInHost: undefined,
    consoleHost: undefined,
  },
];

/**
 * The partition of that name.
 *
 * @param name The second part of an ARN.
 * @returns `undefined` if unknown.
 */
export function partitionNamed(name: string): Partition | undefined {
  return PARTITIONS.find((partition) => partition.name === name);
}

/**
 * The partition of an ARN.
 *
 * @returns `undefined` if the text is not an ARN, or the partition is unknown.
 */
export function partitionOfArn(arn: string): Partition | undefined {
  const [scheme, name] = arn.split(":", 2);
  return scheme === "arn" && name !== undefined ? partitionNamed(name) : undefined;
}

/**
 * The partition of a region. A region that matches no pattern, as a new one might, counts
 * as commercial; so do the SDKs.
 */
export function partitionOfRegion(region: string): Partition {
  return PARTITIONS.find((partition) => partition.regions.test(region)) ?? COMMERCIAL;
}

const REGIONS: Record<string, string> = {
  "aws": "us-east-1 us-east-2 us-west-1 us-west-2 " +
    "eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 " +
    "ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 " +
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 " +
    "ap-southeast-7 af-south-1 ca-central-1 ca-west-1 il-central-1 me-central-1 me-south-1 " +
    "mx-central-1 sa-east-1",
  "aws-us-gov": "us-gov-east-1 us-gov-west-1",
  "aws-cn": "cn-north-1 cn-northwest-1",
  "aws-eusc": "eusc-de-east-1",
  "aws-iso": "us-iso-east-1 us-iso-west-1",
  "aws-iso-b": "us-isob-east-1 us-isob-west-1",
  "aws-iso-e": "eu-isoe-west-1",
  "aws-iso-f": "us-isof-east-1 us-isof-south-1",
};

/** The regions to search of a partition; newer ones than this list can be named. */
export function regionsOf(partition: string): string[] {
  return REGIONS[partition]?.split(" ") ?? [];
}
