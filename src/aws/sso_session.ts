/**
 * A session of IAM Identity Center, and the ARNs that okta-aws uses for its roles.
 *
 * @module
 */

import { parseRoleArn } from "./arn.ts";
import type { EndpointKeys } from "./endpoint_variables.ts";
import { partitionOfRegion } from "./partitions.ts";

/** The portal's API needs this scope; with it there are refresh tokens. */
const ACCOUNT_ACCESS = "sso:account:access";

/** Where a person signs in to IAM Identity Center. */
export interface SsoSession {
  /** The name of its `[sso-session NAME]`; profiles of the legacy form have none. */
  name: string | undefined;
  /** The access portal. */
  startUrl: string;
  /** Identity Center's region. */
  region: string;
  scopes: readonly string[];
  /** What the profile says about endpoints. */
  endpointKeys?: EndpointKeys;
}

/**
 * The path of permission sets' roles, whose real names end in a hash that the portal does not show.
 */
const RESERVED_PATH = "aws-reserved/sso.amazonaws.com/";

/**
 * The ARN that okta-aws uses for a role of the portal. The real one has the region in its path and
 * a hash after its name, which the portal does not show; the path tells it from the account's other
 * roles.
 *
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
 * The role of the portal that an ARN names, in our form, AWS's own, or without a path.
 *
 * @returns `undefined` if the text is not a role's ARN.
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
 */
export function scopesOf(text: string | undefined): string[] {
  const scopes = (text ?? "").split(",").map((scope) => scope.trim()).filter((one) => one !== "");
  return scopes.length === 0 ? [ACCOUNT_ACCESS] : scopes;
}
