/**
 * What a plugin's hooks are told. Everything is a copy: what a plugin does to it nobody else sees.
 *
 * @module
 */

/** Session credentials, for plugins that asked for them. */
export interface PluginCredentials {
  /** The access key's id. */
  accessKeyId: string;
  /** The secret access key. */
  secretAccessKey: string;
  /** The session token. */
  sessionToken: string;
}

/** A role. */
export interface PluginRole {
  /** The AWS account's id, 12 digits. */
  accountId: string;
  /** Its alias, where one is known. */
  accountAlias: string | null;
  /** The role's name, without its path. */
  roleName: string;
  /** Its ARN. */
  roleArn: string;
}

/** A profile that a `refresh` renewed. */
export interface PluginProfile extends PluginRole {
  /** The profile's name. */
  profile: string;
  /** Its region, where one is set. */
  region: string | null;
  /** When its credentials end, RFC 3339. */
  expiration: string;
  /** The credentials, where the plugin asked for them and was granted them. */
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
  /** Who signed in; `null` at IAM Identity Center, where the browser alone knows it. */
  username: string | null;
  /** Where: the org's origin, or the access portal of IAM Identity Center. */
  org: string;
  /** When the session ends, RFC 3339, where Okta says. */
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
  /** The credentials, where the plugin asked for them and was granted them. */
  credentials?: PluginCredentials;
}

/** A secret to be kept or given. */
export interface SecretStoreEvent extends PluginEvent {
  /** `read` wants the item or nothing, `remove` whether there was one, `list` the accounts' names. */
  operation: "read" | "write" | "remove" | "list";
  /** What is to be written. */
  item?: string;
}

/** A second factor that waits for its answer. */
export interface MfaEvent extends PluginEvent {
  /** Okta's word for its type: `token:software:totp`. */
  factorType: string;
  /** Okta's word for its provider: `GOOGLE`. */
  provider: string;
  /** What people call it. */
  name: string;
  /** The security question's text, where it is one. */
  question: string | null;
}

/** The roles that Okta grants. */
export interface RoleFilterEvent extends PluginEvent {
  /** Those that the settings leave. */
  roles: PluginRole[];
}

/** What a `refresh` has changed; under `--watch`, since the one before it. */
export interface ProfilesChangedEvent extends PluginEvent {
  /** Profiles that were not there before. */
  added: string[];
  /** Profiles that are gone. */
  removed: string[];
  /** Under `--watch`: profiles that have new credentials. */
  renewed: string[];
}

/** A plugin's command is run. */
export interface CommandEvent extends PluginEvent {
  /** The words behind the command's name. */
  args: string[];
}
