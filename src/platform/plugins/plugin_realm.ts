/**
 * Removes from a plugin's worker what Deno's permissions don't cover.
 *
 * They cover files, network, environment and programs; not standard input and output, new workers
 * (without our gate for imports), `Deno.internal` and `process`. Of `Deno` only the listed members stay.
 *
 * @module
 */

/** The worker's global object. */
export type Realm = Record<PropertyKey, unknown>;

/** The members of `Deno` that a plugin gets. */
const OFFERED = [
  // Covered by permissions.
  ...["readFile", "readFileSync", "readTextFile", "readTextFileSync", "writeFile"],
  ...["writeFileSync", "writeTextFile", "writeTextFileSync", "open", "openSync", "create"],
  ...["createSync", "stat", "statSync", "lstat", "lstatSync", "readDir", "readDirSync", "mkdir"],
  ...["mkdirSync", "remove", "removeSync", "rename", "renameSync", "copyFile", "copyFileSync"],
  ...["chmod", "chmodSync", "realPath", "realPathSync", "readLink", "readLinkSync", "truncate"],
  ...["truncateSync", "utime", "utimeSync", "env", "Command", "connect", "connectTls"],
  ...["resolveDns"],
  // Harmless.
  ...["errors", "FsFile", "SeekMode", "build", "version", "inspect"],
];

/** Globals that a plugin does not get. */
const WITHHELD = [
  // Access to other realms and to the process.
  ...["Worker", "SharedWorker", "BroadcastChannel", "process", "nodeBootstrap"],
  // Only for our own code in the worker.
  ...["postMessage", "onmessage", "onmessageerror", "onerror", "close", "name", "event"],
  // Stored on disk by Deno without a permission.
  ...["caches", "CacheStorage", "Cache", "localStorage", "sessionStorage", "indexedDB"],
  // Read standard input.
  ...["alert", "confirm", "prompt"],
];

/** `log` is called with the lines of `console`. */
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
