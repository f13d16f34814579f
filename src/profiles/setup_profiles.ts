/**
 * `credential_process` sections in the AWS config file: SDKs then run okta-aws, and no credential
 * is stored in the credentials file.
 *
 * @module
 */

import {
  hasOnlyOurKeys,
  PROFILE_SECTION_KEYS,
  profileExpiration,
} from "../aws/files/profile_section.ts";
import { parseSharedConfig, propertyOf } from "../aws/files/shared_config.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { SettingsError } from "../errors.ts";
import { type IniDocument, parseIni } from "../ini/document.ts";
import { editIni, type IniEdit, sectionsByName } from "../ini/edit.ts";
import type { RoleList } from "../roles/role_list.ts";
import { regionWithin } from "../aws/endpoints.ts";
import { partitionNamed, partitionOfArn } from "../aws/partitions.ts";
import { defaultRegion } from "../app/default_region.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import { editFile } from "../app/edit_file.ts";
import type { AppContext } from "../app/context.ts";
import { outputFor, rolesOf } from "../roles/known_roles.ts";

/** The error of names that belong to others. */
export function foreignProfiles(names: readonly string[]): SettingsError {
  const listed = names.slice(0, 5).map(showUntrusted).join(", ");
  return new SettingsError(`these profiles already exist in the AWS config file: ${listed}`, {
    code: "foreign_profile",
    hint: "rename them, or change profile_name in the settings",
  });
}

/**
 * The program's command line as `credential_process` wants it: botocore splits it by shlex, other
 * SDKs give it to a shell, and both take double quotes.
 *
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
  /** The profiles that are in the config file now. */
  profiles: string[];
  /** Profiles whose keys in the credentials file keep their `credential_process` from being run. */
  shadowed: string[];
  /** The change as a diff. */
  diff: string;
}

/** The keys of a role of IAM Identity Center in a profile of the SDKs' own kind. */
export const SSO_KEYS = ["sso_session", "sso_account_id", "sso_role_name"];

/** Writes a section for each role into the text of the AWS config file. */
export type WriteSections = (text: string, roles: readonly KnownRole[]) => string;

export interface SetUpOptions {
  /** Only report what would change. */
  dryRun?: boolean | undefined;
  /** Default: writes `credential_process`. */
  write?: WriteSections | undefined;
}

/**
 * Writes a section for each role of a list, and takes our static sections of the same names out of
 * the credentials file, since those would win.
 *
 * @throws {SettingsError} `foreign_profile` if a name belongs to a section that is not ours,
 * `shadowed_profile` if the credentials file has the person's own keys under it.
 */
export async function setUpProfiles(
  context: AppContext,
  list: RoleList,
  { dryRun = false, write }: SetUpOptions = {},
): Promise<SetUpProfiles> {
  const { paths, ports: { files } } = context;
  const fallback = await defaultRegion(context);
  const roles = rolesOf(context, [list]).filter(({ profile }) => profile !== undefined);
  const profiles = roles.map(({ profile }) => profile!);
  const own = profiles.filter((profile) => Object.hasOwn(list.written, profile));
  refuseShadows(parseIni(await readLossless(files, paths.awsCredentials)), profiles, own);
  const config = await editFile(context, {
    path: paths.awsConfig,
    dryRun,
    backup: true,
    change: (text) => write?.(text, roles) ?? withSections(context, text, { roles, fallback }),
  });
  const credentials = await dropStaticSections(context, roles, dryRun);
  const shadowed = (await shadowedProfiles(context)).filter((name) => !profiles.includes(name));
  return { profiles, shadowed, diff: config + credentials };
}

interface NewSections {
  roles: readonly KnownRole[];
  /** The region of profiles that have none. */
  fallback: string;
}

function withSections(
  context: AppContext,
  text: string,
  { roles, fallback }: NewSections,
): string {
  const { settings } = context;
  const quoted = quoteCommand(ownCommand(context));
  const document = parseIni(text);
  const existing = sectionsByName(document);
  const edits: IniEdit[] = [];
  const others: string[] = [];
  for (const { profile, oktaAccount, accountId, roleArn, roleName } of roles) {
    const section = `profile ${profile}`;
    const keys = (existing.get(section) ?? []).flatMap(({ properties }) => properties);
    const process = keys.find(({ key }) => key === "credential_process");
    const value = (name: string) => keys.find(({ key }) => key === name)?.value;
    const isSso = value("sso_account_id") === accountId && value("sso_role_name") === roleName;
    if (keys.length > 0 && !isSso && !isOurs(process?.value ?? "", profile!, quoted)) {
      others.push(profile!);
    }
    const partition = partitionOfArn(roleArn) ?? partitionNamed("aws")!;
    const region = settings.awsAccounts.get(accountId)?.region ??
      settings.accounts.get(oktaAccount)?.region ??
      (value("region") === undefined ? regionWithin(partition, fallback) : undefined);
    const set: [string, string][] = [["credential_process", `${quoted} cred-process ${profile}`]];
    if (region !== undefined) set.push(["region", region]);
    const output = outputFor(context, roleArn);
    if (output !== undefined) set.push(["output", output]);
    const unset = isSso ? SSO_KEYS : [];
    edits.push({ kind: "set", section, set, unset });
  }
  if (others.length > 0) throw foreignProfiles(others);
  return editIni(document, edits);
}

function ownCommand(context: AppContext): readonly string[] {
  return [...context.ports.environment.command, ...configWords(context)];
}

/**
 * The arguments that name the settings file when another program runs okta-aws: an SDK,
 * kubectl. Empty for the usual file.
 *
 * @throws {SettingsError} `relative_config`
 */
export function configWords({ flags: { config } }: AppContext): string[] {
  if (config === undefined) return [];
  if (/^(?:[\\/~]|[A-Za-z]:)/.test(config)) return ["--config", config];
  throw new SettingsError(
    "--config must be an absolute path here, because other programs run okta-aws with it",
    {
      code: "relative_config",
      hint: "pass the absolute path",
    },
  );
}

/** Whether a `credential_process` is one that we wrote for a profile. */
export function isOurProcess(context: AppContext, process: string, profile: string): boolean {
  return isOurs(process, profile, quoteCommand(ownCommand(context)));
}

/** It runs this program, or one named okta-aws elsewhere, for that very profile. */
function isOurs(process: string, profile: string, quoted: string): boolean {
  return process.endsWith(` cred-process ${profile}`) &&
    (process.startsWith(`${quoted} `) || /okta-aws/.test(process));
}

/** SDKs would use keys under one of our names instead of our `credential_process`. */
function refuseShadows(
  credentials: IniDocument,
  profiles: readonly string[],
  own: readonly string[],
): void {
  const shadows = profiles.filter((profile) =>
    hasKey(credentials, profile) && !own.includes(profile) &&
    profileExpiration(credentials, profile) === undefined
  );
  if (shadows.length === 0) return;
  const listed = shadows.slice(0, 5).map(showUntrusted).join(", ");
  throw new SettingsError(`the credentials file has your own keys in ${listed}`, {
    code: "shadowed_profile",
    hint: "AWS tools would use them instead of okta-aws: rename or delete these sections",
  });
}

function hasKey(document: IniDocument, profile: string): boolean {
  return (sectionsByName(document).get(profile) ?? [])
    .some(({ properties }) => properties.some(({ key }) => key === "aws_access_key_id"));
}

/** Removes our keys, which would win; what the person has added to the section stays. */
function dropStaticSections(
  context: AppContext,
  roles: readonly KnownRole[],
  dryRun: boolean,
): Promise<string> {
  return editFile(context, {
    path: context.paths.awsCredentials,
    dryRun,
    backup: true,
    change(text) {
      const document = parseIni(text);
      const unset = PROFILE_SECTION_KEYS.filter((key) => key !== "region");
      return editIni(
        document,
        roles.filter(({ profile }) => hasKey(document, profile!)).map((
          { profile, roleArn },
        ): IniEdit =>
          hasOnlyOurKeys(document, profile!, outputFor(context, roleArn))
            ? { kind: "remove", section: profile! }
            : { kind: "set", section: profile!, set: [], unset }
        ),
      );
    },
  });
}

/**
 * In any profile, ours or not: static keys win, and are not renewed when they expire
 * (saml2aws#895).
 */
async function shadowedProfiles({ ports: { files }, paths }: AppContext): Promise<string[]> {
  const config = parseSharedConfig(await readLossless(files, paths.awsConfig), "config");
  const credentials = parseSharedConfig(
    await readLossless(files, paths.awsCredentials),
    "credentials",
  );
  return [...config.profiles].filter(([name, section]) =>
    propertyOf(section, "credential_process") !== undefined &&
    propertyOf(credentials.profiles.get(name), "aws_access_key_id") !== undefined
  ).map(([name]) => name);
}
