/** Values as other tools write them, read into ours; what is not understood is `undefined`. */

import { isAccountAlias, isRegion, parseRoleArn } from "../aws/arn.ts";
import { partitionNamed } from "../aws/partitions.ts";
import { parseDuration } from "../settings/duration.ts";
import { parseSignInAddress, type SignInAddress } from "../settings/sign_in_address.ts";

/** An Okta address; `undefined` if the text is none. */
export function readAddress(text: string | undefined): SignInAddress | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return parseSignInAddress(text);
  } catch {
    return undefined;
  }
}

/** Seconds within AWS's limits; `undefined` for the default of one hour too. */
export function readTtl(text: string | undefined): number | undefined {
  const seconds = parseDuration(text ?? "");
  if (seconds === undefined || seconds < 900 || seconds > 43_200) return undefined;
  return seconds === 3600 ? undefined : seconds;
}

export function readRegion(text: string | undefined): string | undefined {
  return text !== undefined && isRegion(text) ? text : undefined;
}

export function readRole(text: string | undefined): string | undefined {
  return text === undefined ? undefined : parseRoleArn(text.trim())?.arn;
}

/** `true`, `True`, `y`, `yes`, `1`. */
export function isYes(text: string | undefined): boolean {
  return /^(?:true|y|yes|on|1)$/i.test(text?.trim() ?? "");
}

/** The region in which a role can be used if nothing else is known. */
export function usualRegion(roleArn: string | undefined): string {
  const partition = partitionNamed(roleArn?.split(":")[1] ?? "aws")?.name;
  const usual: Record<string, string> = { "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1" };
  return usual[partition ?? ""] ?? "us-east-1";
}

/** `123456789012/Developer`, as in the setting `roles`. */
export function roleGlob(roleArn: string): string {
  const { accountId, roleName } = parseRoleArn(roleArn)!;
  return `${accountId}/${roleName}`;
}

/** A name of an AWS account as an alias; `undefined` if no letter of it can stay. */
export function toAlias(name: string): string | undefined {
  const alias = name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return isAccountAlias(alias) ? alias : undefined;
}

/** Factor types of Okta that other tools write as they are. */
const FACTOR_TYPE = /^(?:push|sms|call|email|question|web|webauthn|u2f|token(?::[a-z]+)*)$/;

/** A factor type in lower case; `undefined` if Okta has no such type. */
export function readFactorType(text: string | undefined): string | undefined {
  const type = text?.trim().toLowerCase() ?? "";
  return FACTOR_TYPE.test(type) ? type : undefined;
}
