/**
 * What a plugin is: the types that `mod.ts` gives to those who write one (docs/plugins.md).
 *
 * @module
 */

import type {
  CommandEvent,
  MfaEvent,
  PostRefreshEvent,
  PostSigninEvent,
  PreExecEvent,
  ProfilesChangedEvent,
  RoleFilterEvent,
  SecretStoreEvent,
} from "./events.ts";

/** A value that survives being sent as JSON. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** What a plugin asks for. What is left out is not asked for; `~` stands for the home folder. */
export interface PluginPermissions {
  /** Files and folders that it reads: absolute, or from `~/`. */
  read?: string[];
  /** Files and folders that it writes. */
  write?: string[];
  /** Hosts that it talks to: `example.com`, `example.com:8443`. */
  net?: string[];
  /** Environment variables that it reads. */
  env?: string[];
  /** Programs that it starts. Such a program can do whatever the person can. */
  run?: string[];
  /** Whether events hold session credentials. */
  credentials?: boolean;
  /** Whether `host.consoleUrl` gives signed links. */
  console?: boolean;
  /** Whether it may serve `secretStore` and `mfa`. */
  secrets?: boolean;
}

/** What a plugin can ask of okta-aws. It has no standard output of its own. */
export interface PluginHost {
  /** The keys of `[plugin NAME]` in the settings, without `timeout_seconds`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Says a line on standard error, with the plugin's name in front. */
  log(line: string): void;
  /** Asks the person yes or no; `false` where nobody can answer. The time limit waits meanwhile. */
  confirm(question: string): Promise<boolean>;
  /** `fetch`, within the plugin's `net`. */
  fetch: typeof fetch;
  /**
   * A signed link to the AWS console: who has it within 15 minutes is signed in. Needs `console`.
   *
   * @param profile A profile's name.
   */
  consoleUrl(profile: string): Promise<string>;
  /**
   * Brings the `exec` entries of a kubeconfig up to date, losing nothing else of the text. Files are
   * the plugin's own business.
   *
   * @param kubeconfig The file's text.
   * @param entries What the entries are to be.
   * @returns The new text, and the clusters that the text does not have.
   */
  updateKubeconfig(
    kubeconfig: string,
    entries: readonly KubeconfigEntry[],
  ): Promise<{ kubeconfig: string; missing: string[] }>;
}

/** How kubectl gets a token for one cluster. */
export interface KubeconfigEntry {
  /** The EKS cluster's name. */
  cluster: string;
  /** The profile whose credentials sign the token. */
  profile: string;
  /** The cluster's region, where it is not the profile's. */
  region?: string;
}

/** What a hook gives back, now or later. */
export type Answer<T> = T | Promise<T>;

/** The moments at which a plugin is run. */
export interface PluginHooks {
  /** After `refresh` has written the profiles. */
  postRefresh?(event: PostRefreshEvent, host: PluginHost): Answer<void>;
  /** After `signin`. */
  postSignin?(event: PostSigninEvent, host: PluginHost): Answer<void>;
  /** Before `exec` starts the command; `{ refuse: "why" }` keeps it from starting. */
  preExec?(event: PreExecEvent, host: PluginHost): Answer<void | { refuse: string }>;
  /** Keeps the secrets of accounts with `backend = plugin:NAME`. Needs `secrets`. */
  secretStore?(event: SecretStoreEvent, host: PluginHost): Answer<string | boolean | null | void>;
  /** Answers a second factor: gives the code, or nothing, and the person is asked. Needs `secrets`. */
  mfa?(event: MfaEvent, host: PluginHost): Answer<string | null | void>;
  /** Gives the ARNs of the roles that a `refresh` without ROLE is for. */
  roleFilter?(event: RoleFilterEvent, host: PluginHost): Answer<string[] | void>;
  /** After a `refresh` that has added profiles or taken some out. */
  profilesChanged?(event: ProfilesChangedEvent, host: PluginHost): Answer<void>;
}

/** A command that a plugin adds: `okta-aws NAME`. */
export interface PluginCommand {
  /** What it does, in one line. */
  brief: string;
  /** What its arguments are called, for the help: `PROFILE`. */
  args?: string;
  /**
   * Runs it.
   *
   * @returns What is printed: text, line by line; with `--json` any value.
   */
  run(event: CommandEvent, host: PluginHost): Answer<JsonValue | void>;
}

/** A plugin: the default export of one self-contained ES module. */
export interface Plugin {
  /** Its name, and that of its section in the settings. */
  name: string;
  /** Which version of this contract it was written for. */
  apiVersion: 1;
  /** What it asks for. */
  permissions: PluginPermissions;
  /** When it is run. */
  hooks?: PluginHooks;
  /** Commands that it adds, by their names. */
  commands?: Record<string, PluginCommand>;
}
