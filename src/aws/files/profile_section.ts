/**
 * The sections of the credentials file that `refresh` writes: what they hold, and when they may be
 * written or taken out.
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
  /** The region to write; where it is left out one that stands there stays. */
  region?: string | undefined;
  /** The AWS CLI's output format to write; where it is left out one that stands there stays. */
  output?: string | undefined;
  /** Whether to write `aws_security_token` too; where it stands already it is written anyway. */
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
    hint: "take these keys out of the section, or give the section another name, and run again",
  });
}

/**
 * The edit that writes session credentials into a profile's section of the credentials file. The
 * person's own keys and comments stay.
 *
 * @param document The credentials file.
 * @param content What the section has to say.
 * @returns An edit for `editIni`; it holds the secrets, in the clear.
 * @throws {SettingsError} `foreign_profile_keys` where the section has `role_arn`,
 * `source_profile`, `credential_process` or `sso_*`; the message names them.
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
 * Whether a profile's section holds nothing of the person's: no key but ours, no comment that
 * belongs to it, no line that is neither.
 *
 * @param document The credentials file.
 * @param profile The profile's name.
 * @param output The output format that we write; another one is the person's.
 * @returns Also `true` where there is no such section.
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
 * When the credentials in a profile's section end, as the section itself says.
 *
 * @param document The credentials file.
 * @param profile The profile's name.
 * @returns The instant of `x_security_token_expires`; `undefined` where it is missing or no such timestamp.
 */
export function profileExpiration(document: IniDocument, profile: string): Date | undefined {
  const written = sectionsOf(document, profile).flatMap(({ properties }) => properties)
    .findLast(({ key }) => key === "x_security_token_expires");
  return parseTimestamp(written?.value ?? "");
}
