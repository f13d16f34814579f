/**
 * What an account granted when it was last asked, and the profile names that its
 * roles have.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import type { Files } from "../ports.ts";
import {
  hashName,
  hasVersion,
  isRecordOf,
  isString,
  type JsonFile,
  jsonFile,
  withDocumentLock,
} from "../store/json_file.ts";

/** One role that an assertion granted. */
export interface GrantedRole {
  roleArn: string;
  /** The SAML provider that STS needs with it; empty for a role of a portal. */
  principalArn: string;
}

/** A profile's name, and what it was made from. */
export interface ProfileName {
  /** `okta-dev-Admin`. */
  profile: string;
  /** Template and account label: the name stays as long as these do. */
  basis: string;
}

/** What is known of an account's roles. */
export interface RoleList {
  /** The document's version. */
  version: 1;
  /** The Okta account's name. */
  account: string;
  /**
   * Per app (its URL): when it was asked, milliseconds since the Unix epoch, and what it grants.
   */
  apps: Record<string, { seen: number; roles: GrantedRole[] }>;
  /** AWS account aliases that were found, by account id. */
  aliases: Record<string, string>;
  /** AWS accounts that AWS was asked about: when, milliseconds since the Unix epoch, by id. */
  asked?: Record<string, number>;
  /** Names of profiles, by role ARN. */
  names: Record<string, ProfileName>;
  /** Profiles in the credentials file that we wrote. */
  written: Record<string, { app: string; roleArn: string }>;
  /** Additional profiles (`refresh --as`): role ARNs by name. */
  also?: Record<string, string>;
}

export interface RoleListFile extends Omit<JsonFile<RoleList>, "read" | "write"> {
  /** An empty list if there is none. */
  read(): Promise<RoleList>;
  /** Locks, reads, changes and writes the list. */
  change(change: (list: RoleList) => RoleList | Promise<RoleList>): Promise<RoleList>;
}

function isApp(value: unknown): value is RoleList["apps"][string] {
  const { seen, roles } = (value ?? {}) as Partial<RoleList["apps"][string]>;
  return typeof seen === "number" && Array.isArray(roles) &&
    roles.every((role) => isString(role?.roleArn) && isString(role.principalArn));
}

function isProfileName(value: unknown): value is ProfileName {
  const { profile, basis } = (value ?? {}) as Partial<ProfileName>;
  return isString(profile) && isString(basis);
}

function isWritten(value: unknown): value is RoleList["written"][string] {
  const { app, roleArn } = (value ?? {}) as Partial<RoleList["written"][string]>;
  return isString(app) && isString(roleArn);
}

function isRoleList(document: unknown): document is RoleList {
  if (!hasVersion(document, 1)) return false;
  const { account, apps, aliases, names, written, also } = document as RoleList;
  return isString(account) && isRecordOf(apps, isApp) && isRecordOf(aliases, isString) &&
    isRecordOf(names, isProfileName) && isRecordOf(written, isWritten) &&
    (also === undefined || isRecordOf(also, isString));
}

function emptyList(account: string): RoleList {
  return { version: 1, account, apps: {}, aliases: {}, names: {}, written: {} };
}

/** The role list of one account. */
export async function openRoleList(
  files: Files,
  cacheDirectory: string,
  account: string,
): Promise<RoleListFile> {
  const path = `${cacheDirectory}/roles/${await hashName([account])}.json`;
  const file: JsonFile<RoleList> = jsonFile(files, path, isRoleList, { synced: false });
  const read = async () => (await file.read()) ?? emptyList(account);
  return {
    path,
    read,
    change: (change) =>
      withDocumentLock(files, path, async () => {
        const next = await change(await read());
        await file.write(next);
        return next;
      }),
    remove: () => file.remove(),
  };
}

/** Removes an account's role list, for `signout --all`. */
export async function forgetRoles(
  { ports: { files }, paths }: LocalContext,
  { name }: { name: string },
): Promise<void> {
  await (await openRoleList(files, paths.cache, name)).remove();
}

/**
 * The role lists of all accounts, also of those missing from the settings: for shell completion.
 */
export async function readAllRoleLists(files: Files, cacheDirectory: string): Promise<RoleList[]> {
  const folder = `${cacheDirectory}/roles`;
  const names = (await files.list(folder)).filter((name) => name.endsWith(".json"));
  const read = (name: string) => jsonFile(files, `${folder}/${name}`, isRoleList).read();
  const lists = await Promise.all(names.map(read));
  return lists.filter((list) => list !== undefined);
}

/**
 * Every role that any app of the account grants, each once.
 *
 * @returns The roles with the app that grants them, in the assertions' order.
 */
export function grantedRoles(list: RoleList): (GrantedRole & { app: string })[] {
  const seen = new Map<string, GrantedRole & { app: string }>();
  for (const [app, { roles }] of Object.entries(list.apps)) {
    for (const role of roles) {
      if (!seen.has(role.roleArn)) seen.set(role.roleArn, { ...role, app });
    }
  }
  return [...seen.values()];
}
