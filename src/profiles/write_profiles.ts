/**
 * Writes and removes the `okta-…` sections of the credentials file by the rules of
 * docs/cli, "Profiles that `refresh` writes".
 *
 * @module
 */

import {
  hasOnlyOurKeys,
  profileExpiration,
  profileSectionEdit,
} from "../aws/files/profile_section.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";
import { type IniDocument, parseIni } from "../ini/document.ts";
import { editIni, type IniEdit } from "../ini/edit.ts";
import { OktaAwsError } from "../errors.ts";
import { grantedRoles, type RoleList } from "../roles/role_list.ts";
import { editFile } from "../app/edit_file.ts";
import { outputFor } from "../roles/known_roles.ts";
import type { AppContext } from "../app/context.ts";

/** A section to write. */
export interface ProfileToWrite {
  /** The profile's name. */
  profile: string;
  /** The app that grants its role. */
  app: string;
  roleArn: string;
  credentials: SessionCredentials;
  region: string | undefined;
  /** The AWS CLI's output format. */
  output: string | undefined;
}

export interface WrittenProfiles {
  /** Sections that could not be written because they have keys that are not ours. */
  refused: Map<string, OktaAwsError>;
  /** Sections that were removed. */
  removed: string[];
  /** Of a dry run: the change as a diff, without secrets. */
  diff: string;
}

/** What to write to the credentials file. */
export interface ProfileChange {
  profiles: readonly ProfileToWrite[];
  /** The Okta account's role list, up to date. */
  list: RoleList;
  /** The apps whose whole assertion has been seen in this run. */
  asked: readonly string[];
  /** Only report what would change. */
  dryRun: boolean;
}

/** Writes sections, and removes those whose roles are no longer granted and have expired. */
export async function writeProfiles(
  context: AppContext,
  { profiles, list, asked, dryRun }: ProfileChange,
): Promise<WrittenProfiles> {
  const result: WrittenProfiles = { refused: new Map(), removed: [], diff: "" };
  const legacySecurityToken = context.settings.program.legacy_security_token ?? false;
  result.diff = await editFile(context, {
    path: context.paths.awsCredentials,
    dryRun,
    backup: true,
    isPrivate: profiles.length > 0,
    ...(!dryRun && { diff: () => "" }),
    change(text) {
      result.refused.clear();
      const document = parseIni(text);
      const edits: IniEdit[] = [];
      for (const { profile, credentials, region, output } of profiles) {
        try {
          const content = { profile, credentials, region, output, legacySecurityToken };
          edits.push(profileSectionEdit(document, content));
        } catch (error) {
          if (!(error instanceof OktaAwsError)) throw error;
          result.refused.set(profile, error);
        }
      }
      result.removed = endedProfiles(context, document, { list, asked });
      const removals = result.removed.map((section) => ({ kind: "remove" as const, section }));
      return editIni(document, [...edits, ...removals]);
    },
  });
  return result;
}

/** Ours, of an app that was asked, no longer granted, expired, and not edited by the person. */
function endedProfiles(
  context: AppContext,
  document: IniDocument,
  { list, asked }: Pick<ProfileChange, "list" | "asked">,
): string[] {
  const now = context.ports.clock.now();
  const granted = new Set(grantedRoles(list).map(({ roleArn }) => roleArn));
  return Object.entries(list.written).filter(([profile, { app, roleArn }]) => {
    if (!asked.includes(app) || granted.has(roleArn)) return false;
    const expiration = profileExpiration(document, profile);
    return expiration !== undefined && expiration.getTime() <= now &&
      hasOnlyOurKeys(document, profile, outputFor(context, roleArn));
  }).map(([profile]) => profile);
}
