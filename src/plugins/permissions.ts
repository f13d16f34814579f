/**
 * What a plugin asks for: read strictly, refused where it would undo the sandbox, told in words.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { isWithin } from "./file_places.ts";

/** What a plugin asks for, whole. Paths are as written, `~` included. */
export interface Permissions {
  /** Files and folders that it reads. */
  read: string[];
  /** Files and folders that it writes. */
  write: string[];
  /** Hosts, with or without a port. */
  net: string[];
  /** Names of environment variables. */
  env: string[];
  /** Programs. */
  run: string[];
  /** Whether events hold credentials. */
  credentials: boolean;
  /** Whether it gets console links. */
  console: boolean;
  /** Whether it sees secrets of the sign-in. */
  secrets: boolean;
}

/** Nothing. */
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
/** Secrets of the sign-in itself: no plugin reads them (docs/cli, "Environment"). */
const OURS = /^OKTA_AWS_(?:PASSWORD|TOTP|FILE_PASSPHRASE)$/i;
const CONTROL = /\p{Cc}/u;

function refused(why: string): SettingsError {
  return new SettingsError(`the plugin asks for what it can't have: ${why}`, {
    code: "bad_permissions",
    hint: "docs/plugins.md tells what a plugin may ask for",
  });
}

const FITS: Record<typeof LISTS[number], (entry: string) => boolean> = {
  read: isPlainPath,
  write: isPlainPath,
  net: (entry) => HOST.test(entry),
  env: (entry) => VARIABLE.test(entry) && !OURS.test(entry),
  run: (entry) => entry !== "" && !CONTROL.test(entry),
};

/** Absolute or from `~/`, without a way back up, which would name another place than it shows. */
function isPlainPath(entry: string): boolean {
  return PATH.test(entry) && !CONTROL.test(entry) && !/(?:^|[\\/])\.\.?(?:[\\/]|$)/.test(entry);
}

/**
 * Reads the permissions of a declaration.
 *
 * @param value What the plugin says.
 * @param home The home folder; `~` and `/` as a whole are refused.
 * @returns The permissions, whole.
 * @throws {SettingsError} `bad_permissions`
 */
export function readPermissions(value: unknown, home: string): Permissions {
  if (typeof value !== "object" || value === null) throw refused("permissions is no object");
  const known: readonly string[] = [...LISTS, ...SWITCHES];
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown !== undefined) throw refused(`there is no permission ${showUntrusted(unknown)}`);
  const asked = value as Record<string, unknown>;
  const permissions: Permissions = { ...NO_PERMISSIONS };
  for (const key of LISTS) permissions[key] = readList(key, asked[key] ?? []);
  for (const key of SWITCHES) permissions[key] = readSwitch(key, asked[key] ?? false);
  const whole = [...permissions.read, ...permissions.write].find((path) =>
    isWithin(home, expandHome(path, home))
  );
  if (whole !== undefined) throw refused(`${showUntrusted(whole)} is all of your files`);
  return permissions;
}

function readList(key: typeof LISTS[number], value: unknown): string[] {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) {
    throw refused(`${key} is no list of at most ${MOST_ENTRIES} entries`);
  }
  return value.map((entry) => {
    const fits = typeof entry === "string" && entry.length <= MOST_CHARACTERS && FITS[key](entry);
    if (!fits) throw refused(`${showUntrusted(entry)} in ${key}`);
    return entry;
  });
}

function readSwitch(key: string, value: unknown): boolean {
  if (typeof value !== "boolean") throw refused(`${key} is neither true nor false`);
  return value;
}

/**
 * A path with the home folder in place of `~`.
 *
 * @param path A path of {@linkcode Permissions}.
 * @param home The home folder.
 * @returns The absolute path.
 */
export function expandHome(path: string, home: string): string {
  return /^~[\\/]/.test(path) ? `${home}/${path.slice(2)}` : path;
}

/**
 * Refuses files that a plugin must never touch: they hold what its own bounds are made of.
 *
 * @param paths The paths that it asks for, absolute, and where links of them lead.
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
