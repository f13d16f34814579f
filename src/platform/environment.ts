/**
 * The process's environment variables, and what the machine is.
 *
 * Loaded on every run, a cache hit of `cred-process` included: no imports that cost anything.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Environment } from "../ports.ts";

/** Looks a variable up; an empty one counts as unset. */
export type Lookup = (name: string) => string | undefined;

/**
 * The person's home folder: HOME, then USERPROFILE, then HOMEDRIVE and HOMEPATH together.
 *
 * @param get Looks a variable up; an empty one counts as unset.
 * @returns The folder, as the variable has it.
 * @throws {SettingsError} `no_home` where none of them is set.
 */
export function homeFolder(get: Lookup): string {
  const home = get("HOME") ?? get("USERPROFILE");
  if (home !== undefined) return home;
  const drive = get("HOMEDRIVE");
  const path = get("HOMEPATH");
  if (drive !== undefined && path !== undefined) return drive + path;
  throw new SettingsError("the home folder is not known", {
    code: "no_home",
    hint: "set the environment variable HOME (USERPROFILE on Windows)",
  });
}

function operatingSystem(): Environment["os"] {
  if (Deno.build.os === "windows" || Deno.build.os === "darwin") return Deno.build.os;
  return "linux";
}

/**
 * The environment of this process. Variables are read when they are asked for, so that a change made
 * before is seen.
 *
 * @returns The port; its `home` throws a `SettingsError` `no_home` where no variable tells it.
 */
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
 * How this program is started.
 *
 * @param executable The running binary.
 * @param mainModule The URL of the script it runs.
 * @param standalone Whether the binary is the program itself (`deno compile`).
 * @returns The words to run it with.
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
