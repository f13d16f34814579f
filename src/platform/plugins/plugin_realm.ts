/**
 * The world that a plugin's code wakes up in: a worker without what the permissions don't cover.
 *
 * Deno's permissions guard files, network, environment and programs. They do not guard standard
 * input and output, new workers (with no gate for imports), the internals behind `Deno.internal`, or
 * `process`; so all of that is taken away. What is left of `Deno` is a list, not what a list leaves.
 *
 * @module
 */

/** What the worker's global object has, as far as it is used here. */
export type Realm = Record<PropertyKey, unknown>;

/** What of `Deno` a plugin has: what permissions guard, and what touches nothing. */
const OFFERED = [
  // Guarded by permissions.
  ...["readFile", "readFileSync", "readTextFile", "readTextFileSync", "writeFile"],
  ...["writeFileSync", "writeTextFile", "writeTextFileSync", "open", "openSync", "create"],
  ...["createSync", "stat", "statSync", "lstat", "lstatSync", "readDir", "readDirSync", "mkdir"],
  ...["mkdirSync", "remove", "removeSync", "rename", "renameSync", "copyFile", "copyFileSync"],
  ...["chmod", "chmodSync", "realPath", "realPathSync", "readLink", "readLinkSync", "truncate"],
  ...["truncateSync", "utime", "utimeSync", "env", "Command", "connect", "connectTls"],
  ...["resolveDns"],
  // Touching nothing.
  ...["errors", "FsFile", "SeekMode", "build", "version", "inspect"],
];

/** Globals that a plugin does without. */
const WITHHELD = [
  // Ways to other realms and to the process.
  ...["Worker", "SharedWorker", "BroadcastChannel", "process", "nodeBootstrap"],
  // What only the worker's own first lines use.
  ...["postMessage", "onmessage", "onmessageerror", "onerror", "close", "name", "event"],
  // Stores that Deno keeps on the disk without asking for a permission.
  ...["caches", "CacheStorage", "Cache", "localStorage", "sessionStorage", "indexedDB"],
  // Prompts that would read standard input.
  ...["alert", "confirm", "prompt"],
];

/** Takes away what permissions don't guard. */
export function confineRealm(realm: Realm, log: (line: string) => void): void {
  const { inspect } = realm.Deno as typeof Deno;
  for (const name of WITHHELD) delete realm[name];
  replace(realm, "Deno", offeredDeno(realm.Deno as Realm));
  replace(realm, "console", consoleTo(log, inspect));
}

function offeredDeno(all: Realm): Realm {
  const offered = OFFERED.filter((name) => name in all).map((name) => [name, all[name]] as const);
  return Object.freeze(Object.fromEntries(offered));
}

function consoleTo(log: (line: string) => void, inspect: typeof Deno.inspect): Realm {
  const write = (...values: unknown[]): void => {
    log(values.map((value) => typeof value === "string" ? value : inspect(value)).join(" "));
  };
  const names = ["log", "info", "warn", "error", "debug", "trace", "dir", "table", "group"];
  return Object.freeze(Object.fromEntries(names.map((name) => [name, write])));
}

function replace(realm: Realm, name: string, value: unknown): void {
  delete realm[name];
  Object.defineProperty(realm, name, { value, writable: false, configurable: false });
}
