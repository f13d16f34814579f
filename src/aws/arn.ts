/**
 * Amazon Resource Names of roles and SAML providers, and the syntax of what comes with them:
 * account ids, account aliases, regions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 * @module
 */

/** A role's ARN, taken apart. */
export interface RoleArn {
  /** The ARN as it was written. */
  arn: string;
  /** `aws`, `aws-us-gov`, `aws-cn` and so on. */
  partition: string;
  /** Twelve digits; may begin with 0, so not a number. */
  accountId: string;
  /** With its slashes: `/` if there is none, else `/team/`. */
  rolePath: string;
  /** The name without the path. */
  roleName: string;
}

/** The ARN of an identity provider of IAM, taken apart. */
export interface PrincipalArn {
  /** The ARN as it was written. */
  arn: string;
  /** `aws`, `aws-us-gov`, `aws-cn` and so on. */
  partition: string;
  /** The account that trusts the provider. */
  accountId: string;
  providerName: string;
}

const ROLE = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/([\w+=,.@/-]{1,576})$/;
const PROVIDER = /^arn:(aws[a-z-]*):iam::(\d{12}):saml-provider\/([\w._-]{1,128})$/;
const ASSUMED_ROLE = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([\w+=,.@/-]{1,576})$/;

/**
 * Takes a role's ARN apart.
 *
 * @param text What may be one, without white space around it.
 * @returns `undefined` if it isn't a role's ARN, or has no name after the last slash.
 * writes") or ends in a slash, without a name.
 */
export function parseRoleArn(text: string): RoleArn | undefined {
  const match = ROLE.exec(text);
  if (match === null) return undefined;
  const [, partition, accountId, resource] = match as unknown as [string, string, string, string];
  const slash = resource.lastIndexOf("/") + 1;
  const roleName = resource.slice(slash);
  if (roleName === "") return undefined;
  return { arn: text, partition, accountId, rolePath: `/${resource.slice(0, slash)}`, roleName };
}

/**
 * Takes apart the ARN of the SAML provider that STS is to ask about an assertion.
 *
 * @param text What may be one, without white space around it.
 * @returns Its parts, or `undefined`.
 */
export function parsePrincipalArn(text: string): PrincipalArn | undefined {
  const match = PROVIDER.exec(text);
  if (match === null) return undefined;
  const [, partition, accountId, providerName] = match as unknown as [
    string,
    string,
    string,
    string,
  ];
  return { arn: text, partition, accountId, providerName };
}

/** The ARN of a role session, taken apart. */
export interface AssumedRoleArn {
  /** The ARN as it was written. */
  arn: string;
  /** `aws`, `aws-us-gov`, `aws-cn` and so on. */
  partition: string;
  /** The role's account. */
  accountId: string;
  /** The role's name; STS leaves the path out. */
  roleName: string;
  roleSessionName: string;
}

/**
 * Takes apart the ARN of a role session, which STS names in its answers.
 *
 * @param text What may be one, `arn:aws:sts::…:assumed-role/ROLE/SESSION`.
 * @returns Its parts, or `undefined`.
 */
export function parseAssumedRoleArn(text: string): AssumedRoleArn | undefined {
  const match = ASSUMED_ROLE.exec(text);
  if (match === null) return undefined;
  const [, partition, accountId, resource] = match as unknown as [string, string, string, string];
  const names = resource.split("/");
  const [roleSessionName, roleName] = [names.at(-1), names.at(-2)];
  if (!roleSessionName || !roleName) return undefined;
  return { arn: text, partition, accountId, roleName, roleSessionName };
}

/** Whether a text is an account id. */
export function isAccountId(text: string): boolean {
  return /^\d{12}$/.test(text);
}

/** Whether a text may be an account's alias (docs/cli, "Profiles that `refresh` writes"). */
export function isAccountAlias(text: string): boolean {
  return /^[a-z0-9](-?[a-z0-9])*$/.test(text);
}

/**
 * Whether a text may be a region's name, of any partition: `eu-west-1`, `eusc-de-east-1`, or the
 * SDKs' `aws-global`. Such a name is safe in a host name and in a file; `x` or `Ireland` is a slip.
 */
export function isRegion(text: string): boolean {
  return /^(?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*-\d+|aws(?:-[a-z]+)*-global)$/.test(text);
}
