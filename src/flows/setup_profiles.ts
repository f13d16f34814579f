/**
 * `credential_process` sections in the AWS config file: every SDK then asks us, and no credential
 * stands in the credentials file.
 *
 * @module
 */

import { hasOnlyOurKeys } from "../aws/profile_section.ts";
import { SettingsError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import { editIni, type IniEdit, sectionsByName } from "../ini/edit.ts";
import type { RoleList } from "../store/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { editFile } from "./edit_file.ts";
import type { Program } from "./program.ts";
import { rolesOf } from "./known_roles.ts";

/** Ours is recognized by what it runs. */
const OURS = / cred-process \S+$/;

function foreign(names: string[]): SettingsError {
  const listed = names.slice(0, 5).map(showUntrusted).join(", ");
  return new SettingsError(`the AWS config file has other profiles of these names: ${listed}`, {
    code: "foreign_profile",
    hint: "rename them, or choose other names for ours: profile_name in the settings",
  });
}

/**
 * The program's command line as `credential_process` wants it: botocore splits it by shlex, other
 * SDKs give it to a shell, and both take double quotes.
 *
 * @param command The words to run the program with.
 * @returns The words, quoted where they need it.
 * @throws {SettingsError} `unquotable_path`
 */
export function quoteCommand(command: readonly string[]): string {
  return command.map((word) => {
    if (/["$`\n\r%]|\\(?=["$`\\])/.test(word)) {
      throw new SettingsError(`the program's path can't be quoted: ${showUntrusted(word)}`, {
        code: "unquotable_path",
        hint: "move okta-aws to a folder without quotes, dollar, percent and back-quote signs",
      });
    }
    return /^[\w@+=:,./-]+$/.test(word) ? word : `"${word}"`;
  }).join(" ");
}

/** What came of it. */
export interface SetUpProfiles {
  /** The profiles that stand in the config file now. */
  profiles: string[];
  /** The change as a diff. */
  diff: string;
}

/**
 * Writes a section for each role of a list, and takes our static sections of the same names out of
 * the credentials file, since those would win.
 *
 * @param program The run.
 * @param list The roles.
 * @param dryRun Only tell what would change.
 * @returns What came of it.
 * @throws {SettingsError} `foreign_profile` where a name belongs to somebody else's section.
 */
export async function setUpProfiles(
  program: Program,
  list: RoleList,
  dryRun = false,
): Promise<SetUpProfiles> {
  const { paths, settings, ports: { environment: { command } } } = program;
  const quoted = quoteCommand(command);
  const roles = rolesOf(program, [list]).filter(({ profile }) => profile !== undefined);
  const diff = await editFile(program, {
    path: paths.awsConfig,
    dryRun,
    backup: true,
    change(text) {
      const document = parseIni(text);
      const existing = sectionsByName(document);
      const edits: IniEdit[] = [];
      const others: string[] = [];
      for (const { profile, oktaAccount, accountId } of roles) {
        const section = `profile ${profile}`;
        const keys = (existing.get(section) ?? []).flatMap(({ properties }) => properties);
        const process = keys.find(({ key }) => key === "credential_process");
        if (keys.length > 0 && !OURS.test(process?.value ?? "")) others.push(profile!);
        const region = settings.awsAccounts.get(accountId)?.region ??
          settings.accounts.get(oktaAccount)?.region;
        const value = `${quoted} cred-process ${profile}`;
        const set: [string, string][] = [["credential_process", value]];
        if (region !== undefined) set.push(["region", region]);
        edits.push({ kind: "set", section, set });
      }
      if (others.length > 0) throw foreign(others);
      return editIni(document, edits);
    },
  });
  const profiles = roles.map(({ profile }) => profile!);
  if (!dryRun) await dropStaticSections(program, profiles, list);
  return { profiles, diff };
}

async function dropStaticSections(
  program: Program,
  profiles: readonly string[],
  { written }: RoleList,
): Promise<void> {
  await editFile(program, {
    path: program.paths.awsCredentials,
    backup: true,
    change(text) {
      const document = parseIni(text);
      const ours = profiles.filter((profile) =>
        Object.hasOwn(written, profile) && hasOnlyOurKeys(document, profile)
      );
      return editIni(document, ours.map((section) => ({ kind: "remove", section })));
    },
  });
}
