/**
 * A session of IAM Identity Center, and how its roles are named here.
 *
 * @module
 */

import { parseRoleArn } from "./arn.ts";
import { partitionOfRegion } from "./partitions.ts";

/** What the portal's API wants to have been asked for; with it there are refresh tokens. */
const ACCOUNT_ACCESS = "sso:account:access";

/** Where a person signs in to IAM Identity Center. */
export interface SsoSession {
  /** The name of its `[sso-session NAME]`; profiles of the legacy form have none. */
  name: string | undefined;
  /** The access portal. */
  startUrl: string;
  /** Identity Center's region. */
  region: string;
  /** What is asked for. */
  scopes: readonly string[];
}

/** Where the roles of permission sets stand; their own names end in a hash that the portal hides. */
const RESERVED_PATH = "aws-reserved/sso.amazonaws.com/";

/**
 * The ARN by which a role of the portal is known here. The real one has the region in its path and a
 * hash behind its name, neither of which the portal tells; the path keeps it apart from the account's
 * other roles.
 *
 * @param accountId Twelve digits.
 * @param roleName The permission set's name.
 * @param region Identity Center's region.
 * @returns `arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/Name`
 */
export function ssoRoleArn(accountId: string, roleName: string, region: string): string {
  const { name } = partitionOfRegion(region);
  return `arn:${name}:iam::${accountId}:role/${RESERVED_PATH}${roleName}`;
}

/** A role as the portal names it. */
export interface SsoRole {
  /** Twelve digits. */
  accountId: string;
  /** The permission set's name. */
  roleName: string;
}

/**
 * The role of the portal that an ARN means: ours, AWS's own, or one without a path.
 *
 * @param roleArn Any ARN.
 * @returns The role, or `undefined` where the text is no role's ARN.
 */
export function parseSsoRole(roleArn: string): SsoRole | undefined {
  const arn = parseRoleArn(roleArn);
  if (arn === undefined) return undefined;
  const { accountId, roleName } = arn;
  const own = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(roleName)?.[1];
  return { accountId, roleName: own ?? roleName };
}

/**
 * The scopes of a session.
 *
 * @param text `sso_registration_scopes`: separated by commas.
 * @returns The scopes; what the portal needs where there are none.
 */
export function scopesOf(text: string | undefined): string[] {
  const scopes = (text ?? "").split(",").map((scope) => scope.trim()).filter((one) => one !== "");
  return scopes.length === 0 ? [ACCOUNT_ACCESS] : scopes;
}
