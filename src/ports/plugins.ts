/** Plugins: the sandbox, and the bundled ones, which run outside of it. @module */

/** What a plugin's code may access; an empty list means nothing. Paths are absolute. */
export interface SandboxPermissions {
  read: readonly string[];
  write: readonly string[];
  /** Hosts, with or without a port. */
  net: readonly string[];
  /** Environment variables. */
  env: readonly string[];
  /** Programs. */
  run: readonly string[];
}

export interface PluginSetup {
  /** The bytes that were hashed. */
  code: Uint8Array;
  language: "ts" | "js";
  permissions: SandboxPermissions;
  /** Folders and files that stay closed, even below a granted folder. */
  closed: readonly string[];
  /** Folders and files that only a grant that names them opens, not a link. */
  guarded: readonly string[];
  /** An additional file of certificate authorities. */
  caBundle?: string | undefined;
}

export interface PluginCall {
  /** What to call: its declaration, or a hook or command by name. */
  part: { kind: "declaration" } | { kind: "hook" | "command"; name: string };
  event: unknown;
  settings: Readonly<Record<string, string>>;
  /** Time limit, without the time it waits for the user. */
  timeoutMilliseconds: number;
  /** The methods of requests that may wait for the user. */
  waitsForUser: readonly string[];
  signal?: AbortSignal;
  /** Called with each line that it logs, unchanged. */
  onLog(line: string): void;
  /** Answers a request of the plugin, which also gets the message of an error. */
  onRequest(method: string, argument: unknown): Promise<unknown>;
}

/**
 * `threw`: with the plugin's message. `timeout`, `flood`, `memory`: over a limit. `ended`: interrupted.
 * `not_confined`: not run, as its worker would have permissions.
 */
export type PluginOutcome =
  | { kind: "done"; value: unknown }
  | { kind: "threw"; message: string }
  | { kind: "timeout" | "flood" | "memory" | "ended" | "not_confined" };

/** A plugin that comes with the program. */
export interface BundledPlugin {
  code: Uint8Array;
  extension: "ts" | "js";
}

/** A plugin that is ready to run: one in a worker, where none of its code has run yet, or a bundled one. */
export interface StartedPlugin {
  /** Runs the plugin, once. Never rejects because of the plugin. */
  call(call: PluginCall): Promise<PluginOutcome>;
  /** Ends a worker that is not needed after all. */
  stop(): void;
  /** After the call: the code of a TypeScript plugin without types. */
  javascript(): string | undefined;
}

/** A bundled plugin. It runs in our own thread, with all that we may do. */
export interface StartedBundledPlugin extends StartedPlugin {
  /** What it says about itself, as the part `declaration` returns it. */
  declaration: unknown;
}

/** Runs plugins: bundled ones in our own thread, all others with limited permissions. */
export interface PluginStarter {
  /** Starts a worker, which ends with its call, or with us. */
  start(setup: PluginSetup): Promise<StartedPlugin>;
  /** Loads a bundled plugin; `undefined` if none has this name. */
  startBundled(name: string): Promise<StartedBundledPlugin | undefined>;
  /** The absolute path of a file, with links resolved as far as they exist. */
  locate(path: string): Promise<string>;
  /** The plugins that come with the program, by name. */
  bundled(): Promise<Readonly<Record<string, BundledPlugin>>>;
}
