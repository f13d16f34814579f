/**
 * The sections and keys of the settings (docs/cli, "Settings").
 *
 * @module
 */

import {
  ACCOUNT_NAME,
  alias,
  backend,
  count,
  flag,
  list,
  oneOf,
  org,
  output,
  region,
  roleArn,
  sessionTtl,
  startUrl,
  template,
  text,
  type ValueReader,
} from "./settings_values.ts";

/** The names that EKS clusters may have. */
export const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** The keys of `[account NAME]`. */
export const ACCOUNT_KEYS = {
  org,
  username: text,
  app: list,
  auth: oneOf("auto", "authn", "idx", "device", "browser"),
  kind: oneOf("saml", "identity-center"),
  mfa_provider: text,
  mfa_factor_type: text,
  mfa_duo_device: text,
  remember_device: flag,
  session_ttl: sessionTtl,
  region,
  backend,
  keychain: text,
  password_command: text,
  totp_command: text,
  oidc_client_id: text,
  sso_start_url: startUrl,
  sso_region: region,
  sso_session: text,
  roles: list,
  exclude_roles: list,
};

/** The keys of `[okta-aws]`. */
export const PROGRAM_KEYS = {
  default_account: text,
  default_profile: text,
  profile_name: template,
  profile_prefix: text,
  concurrency: count,
  cache: oneOf("file", "encrypted", "none"),
  ca_bundle: text,
  interactive: oneOf("tty", "always", "never"),
  legacy_security_token: flag,
};

/** The keys of `[aws-account ID]`. */
export const AWS_ACCOUNT_KEYS = { alias, region, output, app: text };

/** The keys of `[cluster NAME]`. */
export const CLUSTER_KEYS = { profile: text, region, role_arn: roleArn, alias: text };

/** What a section holds once it is read. */
export type Values<K> = {
  [N in keyof K]?: K[N] extends ValueReader<infer T> ? T : never;
};

/** `[account NAME]`; members are named as in the file. */
export type AccountSettings = Values<typeof ACCOUNT_KEYS>;

/** `[okta-aws]`; members are named as in the file. */
export type ProgramSettings = Values<typeof PROGRAM_KEYS>;

/** `[cluster NAME]`; members are named as in the file. */
export type ClusterSettings = Values<typeof CLUSTER_KEYS>;

/** `[aws-account ID]`; members are named as in the file. */
export type AwsAccountSettings = Values<typeof AWS_ACCOUNT_KEYS>;

/** The sections that hold keys, by the first word of their header, and the names that they take. */
const SECTIONS: Record<string, { keys: Record<string, ValueReader<unknown>>; name: RegExp }> = {
  "okta-aws": { keys: PROGRAM_KEYS, name: /^$/ },
  "account": { keys: ACCOUNT_KEYS, name: ACCOUNT_NAME },
  "aws-account": { keys: AWS_ACCOUNT_KEYS, name: /^\d{12}$/ },
  "cluster": { keys: CLUSTER_KEYS, name: CLUSTER_NAME },
};

/**
 * Whether there can be a section of this header.
 *
 * @param kind Its first word: `account`.
 * @param name What follows, empty for `okta-aws`.
 * @returns Whether there can; `plugin` sections are not told.
 */
export function isSettingsSection(kind: string, name: string): boolean {
  return Object.hasOwn(SECTIONS, kind) && SECTIONS[kind]!.name.test(name);
}

/**
 * Whether a value can stand in the settings.
 *
 * @param kind The first word of the section's header.
 * @param key The key.
 * @param value The value.
 * @returns What was expected instead; `undefined` where the value is fine.
 */
export function expectedSetting(kind: string, key: string, value: string): string | undefined {
  const keys = SECTIONS[kind]?.keys ?? {};
  const read = Object.hasOwn(keys, key) ? keys[key]!(value) : "a known key";
  return typeof read === "string" ? read : undefined;
}
