/** Where plugins run, as interfaces. @module */

/** What a plugin's code may touch; an empty list is nothing. Paths are absolute. */
export interface SandboxPermissions {
  /** Files and folders that it reads. */
  read: readonly string[];
  /** Files and folders that it writes. */
  write: readonly string[];
  /** Hosts, with or without a port. */
  net: readonly string[];
  /** Environment variables that it reads. */
  env: readonly string[];
  /** Programs that it starts. */
  run: readonly string[];
}

/** A plugin that is to run: its code, and what it may touch. */
export interface PluginSetup {
  /** Its bytes, as they were hashed. */
  code: Uint8Array;
  /** Where these bytes are run from: a private copy, made by this call. */
  copy: string;
  /** Whether it is sure that nothing in it imports anything. */
  importsNothing: boolean;
  /** What it may touch. */
  permissions: SandboxPermissions;
  /** A file of certificate authorities, besides the machine's own and those of the environment. */
  caBundle?: string | undefined;
}

/** One call of a plugin. */
export interface PluginCall {
  /** What of it is called: its own description, or a hook or command by name. */
  part: { kind: "declaration" } | { kind: "hook" | "command"; name: string };
  /** What it is told. */
  event: unknown;
  /** Its settings. */
  settings: Readonly<Record<string, string>>;
  /** How long it may take, without what it waits for us. */
  timeoutMilliseconds: number;
  /** Ends it early. */
  signal?: AbortSignal;
  /** Told each line that it logs, as it wrote it. */
  onLog(line: string): void;
  /** Answers what it asks of us; what this throws it is told. */
  onRequest(method: string, argument: unknown): Promise<unknown>;
}

/**
 * What came of it. `threw`: in its own words. `timeout`, `flood`, `memory`: past a limit. `ended`: its
 * process is gone. `not_confined`: this machine can't keep it from importing, so it was not run.
 */
export type PluginOutcome =
  | { kind: "done"; value: unknown }
  | { kind: "threw"; message: string }
  | { kind: "timeout" | "flood" | "memory" | "ended" | "not_confined" };

/** A plugin that comes with the program. */
export interface BundledPlugin {
  /** Its bytes. */
  code: Uint8Array;
  /** What they are. */
  extension: "ts" | "js";
}

/** A process that is ready for a plugin. None of the plugin's code has run. */
export interface StartedPlugin {
  /** Runs the plugin, once; never rejects for anything that the plugin does. */
  call(call: PluginCall): Promise<PluginOutcome>;
  /** Ends a process that is not needed after all; one that has ended stays so. */
  stop(): void;
}

/** Runs plugins where they can touch only what they may. */
export interface PluginSandbox {
  /** Makes a process ready; it ends with its call, or with us. */
  start(setup: PluginSetup): Promise<StartedPlugin>;
  /** The absolute path of a file, links followed as far as they lead. */
  locate(path: string): Promise<string>;
  /** The plugins that come with the program, by name. */
  bundled(): Promise<Readonly<Record<string, BundledPlugin>>>;
}
