/**
 * The `Environment` port.
 *
 * Loaded on every run, even when `cred-process` answers from its cache: imports must be cheap.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Environment } from "../ports.ts";

/** Returns a variable's value; an empty one counts as unset. */
export type Lookup = (name: string) => string | undefined;

/**
 * The user's home folder: HOME, then USERPROFILE, then HOMEDRIVE and HOMEPATH together.
 *
 * @throws {SettingsError} `no_home` if none of them is set.
 */
export function homeFolder(get: Lookup): string {
  const home = get("HOME") ?? get("USERPROFILE");
  if (home !== undefined) return home;
  const drive = get("HOMEDRIVE");
  const path = get("HOMEPATH");
  if (drive !== undefined && path !== undefined) return drive + path;
  throw new SettingsError("could not find your home folder", {
    code: "no_home",
    hint: "set the environment variable HOME (USERPROFILE on Windows)",
  });
}

function operatingSystem(): Environment["os"] {
  if (Deno.build.os === "windows" || Deno.build.os === "darwin") return Deno.build.os;
  return "linux";
}

/** Variables are read when asked for. `home` throws a `SettingsError` `no_home` if it is unknown. */
export function systemEnvironment(): Environment {
  const get: Lookup = (name) => Deno.env.get(name) || undefined;
  return {
    get,
    all: () => Deno.env.toObject(),
    os: operatingSystem(),
    get runtime(): string {
      return `Deno ${Deno.version.deno}, ${Deno.build.os} ${Deno.build.arch}`;
    },
    get command(): [string, ...string[]] {
      return commandOf(Deno.execPath(), Deno.mainModule, Deno.build.standalone);
    },
    get home(): string {
      return homeFolder(get);
    },
  };
}

/**
 * The command that starts this program. `mainModule` is the URL of the script that `executable` runs;
 * `standalone` means that the binary is the program itself (`deno compile`).
 */
export function commandOf(
  executable: string,
  mainModule: string,
  standalone: boolean,
): [string, ...string[]] {
  if (standalone) return [executable];
  const path = decodeURIComponent(new URL(mainModule).pathname).replace(/^\/(?=[A-Za-z]:)/, "");
  return [executable, "run", "--no-prompt", "-A", path];
}
