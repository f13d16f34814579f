/**
 * Removes the profiles that we wrote from both AWS files, for `signout --all`. A section that holds
 * more than we write stays.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { editFile } from "../app/edit_file.ts";
import { hasOnlyOurKeys } from "../aws/files/profile_section.ts";
import { type IniDocument, type IniProperty, parseIni } from "../ini/document.ts";
import { editIni, sectionsByName } from "../ini/edit.ts";
import { outputFor } from "../roles/known_roles.ts";
import { openRoleList, type RoleList } from "../roles/role_list.ts";
import { hashName } from "../store/json_file.ts";
import { SSO_KEYS } from "./setup_profiles.ts";

/** Also removes the backups of both files. @returns The profiles that were removed. */
export async function forgetProfiles(
  context: AppContext,
  { name }: { name: string },
): Promise<{ profiles: string[] }> {
  const { ports: { files }, paths } = context;
  const list = await (await openRoleList(files, paths.cache, name)).read();
  const written = await removeWritten(context, list);
  const configured = await removeConfigured(context, list);
  for (const path of [paths.awsCredentials, paths.awsConfig]) {
    await files.remove(`${paths.cache}/backup/${await hashName([path])}`);
  }
  return { profiles: [...new Set([...written, ...configured])] };
}

/** From the credentials file. */
function removeWritten(context: AppContext, { written }: RoleList): Promise<string[]> {
  return removeSections(context, {
    path: context.paths.awsCredentials,
    select: (document) =>
      Object.entries(written).filter(([profile, { roleArn }]) =>
        hasOnlyOurKeys(document, profile, outputFor(context, roleArn))
      ).map(([profile]) => profile),
  });
}

/** From the AWS config file. */
function removeConfigured(context: AppContext, { names }: RoleList): Promise<string[]> {
  const profiles = Object.values(names).map(({ profile }) => profile);
  const outputs = [...context.settings.awsAccounts.values()].map(({ output }) => output);
  return removeSections(context, {
    path: context.paths.awsConfig,
    prefix: "profile ",
    select(document) {
      const existing = sectionsByName(document);
      return profiles.filter((profile) => {
        const keys = (existing.get(`profile ${profile}`) ?? []).flatMap((one) => one.properties);
        return isOurSection(profile, keys, outputs);
      });
    },
  });
}

function isOurSection(
  profile: string,
  keys: readonly Pick<IniProperty, "key" | "value">[],
  outputs: readonly (string | undefined)[],
): boolean {
  const hasOnly = (...own: string[]) =>
    keys.every(({ key, value }) =>
      own.includes(key) || key === "region" || (key === "output" && outputs.includes(value))
    );
  if (keys.some(({ key }) => key === "sso_account_id")) return hasOnly(...SSO_KEYS);
  const process = keys.find(({ key }) => key === "credential_process")?.value ?? "";
  return process.endsWith(` cred-process ${profile}`) && /okta-aws|mod\.ts/.test(process) &&
    hasOnly("credential_process");
}

interface Removal {
  path: string;
  /** What a section's name has before the profile's. */
  prefix?: string;
  /** Selects profiles. */
  select: (document: IniDocument) => string[];
}

async function removeSections(
  context: AppContext,
  { path, prefix = "", select }: Removal,
): Promise<string[]> {
  let removed: string[] = [];
  await editFile(context, {
    path,
    change(text) {
      const document = parseIni(text);
      removed = select(document);
      return editIni(
        document,
        removed.map((name) => ({ kind: "remove", section: prefix + name })),
      );
    },
  });
  return removed;
}
