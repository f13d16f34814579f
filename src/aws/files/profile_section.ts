/**
 * The sections of the credentials file that `refresh` writes: what they contain, and when they may
 * be written or removed.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { IniDocument, IniSection } from "../../ini/document.ts";
import { editKey, type IniEdit, sectionsByName } from "../../ini/edit.ts";
import { hasOwnComments } from "../../ini/section_splices.ts";
import type { IniSetting } from "../../ini/values.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { SessionCredentials } from "../session_credentials.ts";
import { formatTimestamp, parseTimestamp } from "../timestamp.ts";

/** The keys that we write, in the order of a new section. */
export const PROFILE_SECTION_KEYS: readonly string[] = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
  "x_security_token_expires",
  "region",
];

/** What a section says. */
export interface ProfileSectionContent {
  /** The profile's name, `okta-…`. */
  profile: string;
  /** The session credentials of its role. */
  credentials: SessionCredentials;
  /** Default: the section's region stays. */
  region?: string | undefined;
  /** The AWS CLI's output format; default: the section's stays. */
  output?: string | undefined;
  /** Whether to add `aws_security_token`; it is always updated if present. */
  legacySecurityToken?: boolean;
}

/** Keys that make SDKs take other credentials than ours, or mix them. */
function isForeignKey(key: string): boolean {
  return key === "role_arn" || key === "source_profile" || key === "credential_process" ||
    key.startsWith("sso_");
}

function sectionsOf(document: IniDocument, profile: string): readonly IniSection[] {
  return sectionsByName(document).get(profile) ?? [];
}

function refuseForeignKeys(profile: string, keys: ReadonlySet<string>): void {
  const foreign = [...keys].filter(isForeignKey);
  if (foreign.length === 0) return;
  const list = foreign.map(showUntrusted).join(", ");
  throw new SettingsError(`profile ${showUntrusted(profile)} of the credentials file has ${list}`, {
    code: "foreign_profile_keys",
    hint: "remove these keys, or rename the section, then run again",
  });
}

/**
 * The edit that writes session credentials into a profile's section of the credentials file. Keys
 * and comments that we did not write stay.
 *
 * @returns An edit for `editIni`, with the secrets in plain text.
 * @throws {SettingsError} `foreign_profile_keys` if the section has `role_arn`, `source_profile`,
 * `credential_process` or `sso_*`.
 */
export function profileSectionEdit(document: IniDocument, content: ProfileSectionContent): IniEdit {
  const { profile, credentials, region, output, legacySecurityToken = false } = content;
  const sections = sectionsOf(document, profile);
  const keys = new Set(sections.flatMap(({ properties }) => properties.map(editKey)));
  refuseForeignKeys(profile, keys);
  const sessionToken = credentials.sessionToken.reveal();
  const set: IniSetting[] = [
    ["aws_access_key_id", credentials.accessKeyId],
    ["aws_secret_access_key", credentials.secretAccessKey.reveal()],
    ["aws_session_token", sessionToken],
  ];
  // botocore reads aws_security_token first: an old one would go with the new key.
  if (legacySecurityToken || keys.has("aws_security_token")) {
    set.push(["aws_security_token", sessionToken]);
  }
  set.push(["x_security_token_expires", formatTimestamp(credentials.expiration)]);
  if (region !== undefined) set.push(["region", region]);
  if (output !== undefined) set.push(["output", output]);
  return { kind: "set", section: profile, set };
}

/**
 * Whether a profile's section contains only what we write: no other key, no comment that
 * belongs to it, no other line.
 *
 * @returns Also `true` if there is no such section.
 */
export function hasOnlyOurKeys(document: IniDocument, profile: string, output?: string): boolean {
  return sectionsOf(document, profile).every((section) =>
    section.properties.every(({ separator, key, value }) =>
      separator === "=" &&
      (PROFILE_SECTION_KEYS.includes(key) || (key === "output" && value === output))
    ) && !hasOwnComments(document, section)
  );
}

/**
 * When the credentials in a profile's section expire.
 *
 * @returns The time in `x_security_token_expires`; `undefined` if missing or malformed.
 */
export function profileExpiration(document: IniDocument, profile: string): Date | undefined {
  const written = sectionsOf(document, profile).flatMap(({ properties }) => properties)
    .findLast(({ key }) => key === "x_security_token_expires");
  return parseTimestamp(written?.value ?? "");
}
