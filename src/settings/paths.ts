/**
 * Where the files are (docs/cli, "Files").
 *
 * @module
 */

import type { Environment } from "../ports.ts";

/** Absolute paths of the files and folders that okta-aws reads and writes. */
export interface Paths {
  /** The settings file. */
  settings: string;
  /** The folder of the settings file. */
  settingsDirectory: string;
  /** The cache folder. */
  cache: string;
  /** The AWS config file. */
  awsConfig: string;
  /** The AWS credentials file. */
  awsCredentials: string;
}

function expandHome(path: string, home: string): string {
  return /^~(?=[\\/]|$)/.test(path) ? home + path.slice(1) : path;
}

/**
 * The absolute path of a file that the settings name.
 *
 * @param path As it stands there: absolute, from the home folder (`~/…`), or from the settings.
 * @param paths Where the settings are.
 * @param environment The home folder.
 * @returns The path: AWS tools start the program in any folder.
 */
export function settingsFile(
  path: string,
  paths: Pick<Paths, "settingsDirectory">,
  { home }: Pick<Environment, "home">,
): string {
  const expanded = expandHome(path, home);
  return /^(?:[\\/]|[A-Za-z]:)/.test(expanded)
    ? expanded
    : `${paths.settingsDirectory}/${expanded}`;
}

function parent(path: string): string {
  const cut = Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"));
  return cut < 0 ? "." : path.slice(0, cut) || path.slice(0, 1);
}

function settingsPath({ get, os, home }: Environment): string {
  const named = get("OKTA_AWS_CONFIG");
  if (named !== undefined) return expandHome(named, home);
  const roaming = get("APPDATA");
  if (os === "windows" && roaming !== undefined) return `${roaming}\\okta-aws\\config.ini`;
  return `${get("XDG_CONFIG_HOME") ?? `${home}/.config`}/okta-aws/config.ini`;
}

/**
 * Finds the paths.
 *
 * @param environment The variables and the home folder.
 * @param settings What `--config` names, where it was given.
 * @returns The paths.
 */
export function resolvePaths(environment: Environment, settings?: string): Paths {
  const { get, home } = environment;
  const file = settings === undefined ? settingsPath(environment) : expandHome(settings, home);
  const named = (name: string, otherwise: string) =>
    expandHome(get(name) ?? `${home}/.aws/${otherwise}`, home);
  return {
    settings: file,
    settingsDirectory: parent(file),
    cache: named("OKTA_AWS_CACHE_DIR", "okta-aws"),
    awsConfig: named("AWS_CONFIG_FILE", "config"),
    awsCredentials: named("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
  };
}
