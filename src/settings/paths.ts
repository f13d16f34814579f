import type { Environment } from "../ports.ts";

/** The files and folders that okta-aws reads and writes; absolute, except what the user set. */
export interface Paths {
  /** The settings file. */
  settings: string;
  settingsDirectory: string;
  /** The cache folder. */
  cache: string;
  awsConfig: string;
  awsCredentials: string;
}

function expandHome(path: string, home: string): string {
  const isBelow = path === "~" || path.startsWith("~/") || path.startsWith("~\\");
  return isBelow ? home + path.slice(1) : path;
}

/**
 * The path of a file that the settings name: absolute, from the home folder (`~/…`), or relative to
 * the settings file (AWS tools start okta-aws in any folder).
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
 * Finds the files: from the variables, else the platform's usual places.
 *
 * @param settings The value of `--config`.
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
