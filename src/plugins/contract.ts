/**
 * What a plugin is and what its hooks receive: the types that `mod.ts` exports (docs/plugins.md).
 * Events are copies: changes to them have no effect.
 *
 * @module
 */

/** A value that JSON can hold. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

/** What a plugin asks for; an omitted member asks for nothing. `~` is the home folder. */
export interface PluginPermissions {
  /** Files and folders to read: absolute, or from `~/`. */
  read?: string[];
  /** Files and folders to write. */
  write?: string[];
  /** Hosts to connect to: `example.com`, `example.com:8443`. */
  net?: string[];
  /** Environment variables to read. */
  env?: string[];
  /** Programs to run. They can do everything that the user can. */
  run?: string[];
  /** Adds session credentials to events. */
  credentials?: boolean;
  /** Allows `host.consoleUrl`. */
  console?: boolean;
  /** Allows the hooks `secretStore` and `mfa`. */
  secrets?: boolean;
}

/** What okta-aws does for a plugin. A plugin has no standard output of its own. */
export interface PluginHost {
  /** The keys of `[plugin NAME]` in the settings, without `timeout_seconds`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Prints a line on standard error after the plugin's name. */
  log(line: string): void;
  /** Asks yes or no; `false` if there is no terminal. The time limit is paused meanwhile. */
  confirm(question: string): Promise<boolean>;
  /** `fetch`, within the plugin's `net`. */
  fetch: typeof fetch;
  /**
   * A link that signs anyone in to the AWS console, valid for 15 minutes. Needs `console`.
   *
   * @param profile A profile's name.
   */
  consoleUrl(profile: string): Promise<string>;
  /**
   * Updates the `exec` entries of a kubeconfig's text and keeps the rest. The plugin reads and writes
   * the file itself.
   *
   * @param kubeconfig The file's text.
   * @param entries The entries to update.
   * @returns The new text, and the clusters that are missing in it.
   */
  updateKubeconfig(
    kubeconfig: string,
    entries: readonly KubeconfigEntry[],
  ): Promise<{ kubeconfig: string; missing: string[] }>;
}

/** A cluster, and the profile that signs its tokens. */
export interface KubeconfigEntry {
  /** The EKS cluster's name. */
  cluster: string;
  /** The profile's name. */
  profile: string;
  /** The cluster's region (default: the profile's). */
  region?: string;
}

/** A value, or a promise of it. */
export type Answer<T> = T | Promise<T>;

/** The events that run a plugin. */
export interface PluginHooks {
  /** After `refresh` has written the profiles. */
  postRefresh?(event: PostRefreshEvent, host: PluginHost): Answer<void>;
  /** After `signin`. */
  postSignin?(event: PostSigninEvent, host: PluginHost): Answer<void>;
  /** Before `exec` starts the command; return `{ refuse: "why" }` to prevent it. */
  preExec?(event: PreExecEvent, host: PluginHost): Answer<void | { refuse: string }>;
  /** Stores the secrets of accounts with `backend = plugin:NAME`. Needs `secrets`. */
  secretStore?(event: SecretStoreEvent, host: PluginHost): Answer<string | boolean | null | void>;
  /** Returns the code of a second factor, or nothing: the user is asked then. Needs `secrets`. */
  mfa?(event: MfaEvent, host: PluginHost): Answer<string | null | void>;
  /** Returns the ARNs of the roles that a `refresh` without ROLE should keep. */
  roleFilter?(event: RoleFilterEvent, host: PluginHost): Answer<string[] | void>;
  /** After a `refresh` that added or removed profiles. */
  profilesChanged?(event: ProfilesChangedEvent, host: PluginHost): Answer<void>;
}

/** A command that a plugin adds: `okta-aws NAME`. */
export interface PluginCommand {
  /** One line for the help. */
  brief: string;
  /** The placeholder of its arguments in the help: `PROFILE`. */
  args?: string;
  /** Runs it and returns what to print: text, or any value for `--json`. */
  run(event: CommandEvent, host: PluginHost): Answer<JsonValue | void>;
}

/** A plugin: the default export of one self-contained ES module. */
export interface Plugin {
  /** Its name, and that of its section in the settings. */
  name: string;
  /** The version of this contract. */
  apiVersion: 1;
  /** What it asks for. */
  permissions: PluginPermissions;
  /** The events that run it. */
  hooks?: PluginHooks;
  /** Commands that it adds, by name. */
  commands?: Record<string, PluginCommand>;
}

/** Session credentials, for plugins with the permission `credentials`. */
export interface PluginCredentials {
  /** The access key's id. */
  accessKeyId: string;
  /** The secret access key. */
  secretAccessKey: string;
  /** The session token. */
  sessionToken: string;
}

/** An AWS role that Okta grants. */
export interface PluginRole {
  /** The AWS account's id: 12 digits. */
  accountId: string;
  /** The account's alias, if known. */
  accountAlias: string | null;
  /** The role's name, without its path. */
  roleName: string;
  /** Its ARN. */
  roleArn: string;
}

/** Session policies: together they limit what the role may do. */
export interface PluginSessionPolicy {
  /** The ARNs of managed policies. */
  arns: readonly string[];
  /** A policy in JSON. */
  document: string | null;
}

/** A profile that `refresh` renewed. */
export interface PluginProfile extends PluginRole {
  /** The profile's name. */
  profile: string;
  /** The region, if set. */
  region: string | null;
  /** When its credentials end, RFC 3339. */
  expiration: string;
  /** What the session is limited to; `null` if it may do all that the role may. */
  sessionPolicy: PluginSessionPolicy | null;
  /** Set if the plugin has the permission `credentials`. */
  credentials?: PluginCredentials;
}

/** What every event has. */
export interface PluginEvent {
  /** The Okta account's name in the settings. */
  account: string;
  /** The home folder. */
  home: string;
}

/** After a `refresh`. */
export interface PostRefreshEvent extends PluginEvent {
  /** The profiles that were renewed. */
  profiles: PluginProfile[];
}

/** After a `signin`. */
export interface PostSigninEvent extends PluginEvent {
  /** The user name; `null` at IAM Identity Center, where only the browser knows it. */
  username: string | null;
  /** The org's origin, or the access portal of IAM Identity Center. */
  org: string;
  /** When the session ends, RFC 3339, if Okta tells. */
  expiration: string | null;
}

/** Before an `exec`. */
export interface PreExecEvent extends PluginEvent {
  /** The profile. */
  profile: string;
  /** The role that the command runs as. */
  roleArn: string;
  /** The command and its arguments. */
  command: string[];
  /** Set if the plugin has the permission `credentials`. */
  credentials?: PluginCredentials;
}

/** An operation on stored secrets. */
export interface SecretStoreEvent extends PluginEvent {
  /** `read` returns the item, `remove` whether there was one, `list` the accounts' names. */
  operation: "read" | "write" | "remove" | "list";
  /** For `write`. */
  item?: string;
}

/** A second factor that needs an answer. */
export interface MfaEvent extends PluginEvent {
  /** Okta's factor type: `token:software:totp`. */
  factorType: string;
  /** Okta's provider: `GOOGLE`. */
  provider: string;
  /** The display name. */
  name: string;
  /** The text of a security question. */
  question: string | null;
}

/** The roles to filter. */
export interface RoleFilterEvent extends PluginEvent {
  /** The granted roles that the settings keep. */
  roles: PluginRole[];
}

/** What `refresh` changed; with `--watch`, since the refresh before. */
export interface ProfilesChangedEvent extends PluginEvent {
  /** New profiles. */
  added: string[];
  /** Removed profiles. */
  removed: string[];
  /** With `--watch`: profiles with new credentials. */
  renewed: string[];
}

/** When a plugin's command is run. */
export interface CommandEvent extends PluginEvent {
  /** The arguments after the command's name. */
  args: string[];
}
