/** The permissions that a plugin asks for, and those that nobody can grant. */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { PluginPermissions } from "./contract.ts";

/** `PluginPermissions` of the contract, complete. Paths may begin with `~`. */
export type Permissions = Required<PluginPermissions>;

export const NO_PERMISSIONS: Readonly<Permissions> = {
  read: [],
  write: [],
  net: [],
  env: [],
  run: [],
  credentials: false,
  console: false,
  secrets: false,
};

const LISTS = ["read", "write", "net", "env", "run"] as const;
const SWITCHES = ["credentials", "console", "secrets"] as const;
const MOST_ENTRIES = 50;
const MOST_CHARACTERS = 1000;

const PATH = /^(?:~[\\/]|\/|[A-Za-z]:[\\/])/;
const HOST = /^(?:(?:\*\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Secrets of the sign-in (docs/cli.md, "Environment"). */
const OURS = /^OKTA_AWS_(?:PASSWORD|TOTP|FILE_PASSPHRASE)$/i;
const CONTROL = /\p{Cc}/u;

function refused(why: string): SettingsError {
  return new SettingsError(`the plugin asks for permissions that are not allowed: ${why}`, {
    code: "bad_permissions",
    hint: "see docs/plugins.md for the permissions that a plugin can have",
  });
}

const FITS: Record<typeof LISTS[number], (entry: string) => boolean> = {
  read: isPlainPath,
  write: isPlainPath,
  net: (entry) => HOST.test(entry),
  env: (entry) => VARIABLE.test(entry) && !OURS.test(entry),
  run: (entry) => entry !== "" && !CONTROL.test(entry),
};

/** Absolute or from `~/`. No `..`: it would hide which folder a path means. */
function isPlainPath(entry: string): boolean {
  return PATH.test(entry) && !CONTROL.test(entry) && !/(?:^|[\\/])\.\.?(?:[\\/]|$)/.test(entry);
}

/**
 * Checks the permissions of a declaration and fills in the missing ones.
 *
 * @param home The home folder; it can't be granted as a whole.
 * @throws {SettingsError} `bad_permissions`
 */
export function readPermissions(value: unknown, home: string): Permissions {
  if (typeof value !== "object" || value === null) throw refused("permissions is not an object");
  const known: readonly string[] = [...LISTS, ...SWITCHES];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refused(`unknown permission ${showUntrusted(unknown)}`);
  const asked = value as Record<string, unknown>;
  const permissions: Permissions = { ...NO_PERMISSIONS };
  for (const key of LISTS) permissions[key] = readList(key, asked[key] ?? []);
  for (const key of SWITCHES) permissions[key] = readSwitch(key, asked[key] ?? false);
  const whole = [...permissions.read, ...permissions.write].find((path) =>
    isWithin(home, expandHome(path, home))
  );
  if (whole !== undefined) throw refused(`${showUntrusted(whole)} contains all your files`);
  return permissions;
}

function readList(key: typeof LISTS[number], value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) {
    throw refused(`${key} is not a list of at most ${MOST_ENTRIES} entries`);
  }
  return value.map((entry) => {
    const fits = typeof entry === "string" && entry.length <= MOST_CHARACTERS && FITS[key](entry);
    if (!fits) throw refused(`${showUntrusted(entry)} in ${key}`);
    return entry;
  });
}

function readSwitch(key: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw refused(`${key} is not true or false`);
  return value;
}

/** Whether everything that is asked for was granted. */
export function isGranted(asked: Permissions, granted: Permissions): boolean {
  const lists = LISTS.every((key) => asked[key].every((entry) => granted[key].includes(entry)));
  return lists && SWITCHES.every((key) => granted[key] || !asked[key]);
}

/** Replaces `~` with the home folder. */
export function expandHome(path: string, home: string): string {
  return /^~[\\/]/.test(path) ? `${home}/${path.slice(2)}` : path;
}

/**
 * Refuses access to okta-aws's own files: a plugin could change its grants there.
 *
 * @param paths Absolute, with and without links followed.
 * @param places The settings' folder and the cache.
 * @throws {SettingsError} `bad_permissions`
 */
export function refuseOurPlaces(paths: readonly string[], places: readonly string[]): void {
  for (const path of paths) {
    const ours = places.find((place) => isWithin(path, place) || isWithin(place, path));
    if (ours === undefined) continue;
    throw refused(`${showUntrusted(path)} holds okta-aws's own settings, secrets or cache`);
  }
}

function parts(path: string): string[] {
  return path.split(/[\\/]+/).filter((part) => part !== "" && part !== ".");
}

/**
 * Whether a path is a folder or is in it. Ignores case, as macOS and Windows do: another spelling
 * must not open a folder.
 */
export function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [parts(path), parts(folder)];
  const joined = (list: string[]) => list.join("/").toLowerCase();
  return joined(inner.slice(0, outer.length)) === joined(outer);
}
