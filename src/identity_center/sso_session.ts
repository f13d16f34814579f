/**
 * A session of IAM Identity Center, and how its roles are named here.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { parseRoleArn } from "../aws/arn.ts";
import { partitionOfRegion } from "../aws/partitions.ts";

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
 * Reads a start URL as people paste it: the fragment that the portal's page adds is dropped.
 *
 * @param text The address.
 * @returns The URL.
 * @throws {SettingsError} `bad_start_url`
 */
export function parseStartUrl(text: string): string {
  const trimmed = text.trim();
  const hasScheme = !isPortalAddress(trimmed) || /^[a-z]+:/i.test(trimmed);
  const url = URL.parse(hasScheme ? trimmed : `https://${trimmed}`);
  const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? "");
  const isSafe = url?.protocol === "https:" || url?.protocol === "http:" && isLoopback;
  const isOkta = /\.okta(?:preview|-emea|-gov)?\.\w+$/.test(url?.hostname ?? "");
  if (url === null || !isSafe || isOkta || url.username + url.password !== "") {
    throw new SettingsError(`not the start URL of an AWS access portal: ${showUntrusted(text)}`, {
      code: "bad_start_url",
      hint: isOkta
        ? "that is Okta: give the address that the AWS tile leads to, https://….awsapps.com/start"
        : "it looks like https://d-1234567890.awsapps.com/start",
    });
  }
  url.hash = "";
  url.search = "";
  return url.pathname === "/" ? url.origin : url.href.replace(/\/$/, "");
}

/**
 * Whether an address is that of an AWS access portal, and not of an Okta org.
 *
 * @param text The address, with or without `https://`.
 * @returns Whether it is on one of AWS's hosts for portals.
 */
export function isPortalAddress(text: string): boolean {
  const host = URL.parse(text.trim())?.hostname ?? URL.parse(`https://${text.trim()}`)?.hostname;
  return /(?:^|\.)(?:awsapps\.com|awsapps\.cn|app\.aws|identitycenter\.amazonaws\.com)$/
    .test(host ?? "");
}

/**
 * Whether two start URLs lead to one portal, however they were pasted.
 *
 * @param one A start URL.
 * @param other Another.
 * @returns Whether they do.
 */
export function isSamePortal(one: string, other: string): boolean {
  const plain = (text: string) => {
    try {
      return parseStartUrl(text);
    } catch {
      return text;
    }
  };
  return plain(one) === plain(other);
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
