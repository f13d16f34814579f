/** The sections and keys of the settings file, and how each value is read. */

import { isAccountAlias, isRegion, parseRoleArn } from "../aws/arn.ts";
import { isPolicyArn, MOST_POLICY_ARNS, policyDocumentProblem } from "../aws/session_policy.ts";
import { parseStartUrl } from "../aws/start_url.ts";
import type { BackendName } from "../ports.ts";
import { BACKENDS, parseBackend } from "./backend_names.ts";
import { readBrowserArguments } from "./browser_arguments.ts";
import { parseDuration } from "./duration.ts";
import { parseSignInAddress } from "./sign_in_address.ts";

/** Reads one value; a string in return says what was expected instead. */
export type ValueReader<T> = (value: string) => { value: T } | string;

/** The names of Okta accounts and of their secret items. */
export const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The names that EKS clusters may have. */
export const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** The output formats of the AWS CLI. */
const OUTPUTS: readonly string[] = ["json", "yaml", "yaml-stream", "text", "table", "off"];

/** What `profile_name` may hold. */
const PLACEHOLDERS: readonly string[] = ["prefix", "account", "account_id", "alias", "role"];

const text: ValueReader<string> = (value) => {
  if (value === "") return "a value";
  return value.includes("\n") ? "a value of one line" : { value };
};

/** Of an app link only the origin is kept. */
const org: ValueReader<string> = (value) => {
  try {
    return { value: parseSignInAddress(value).org };
  } catch {
    return "the address of an Okta org: https://acme.okta.com";
  }
};

const startUrl: ValueReader<string> = (value) => {
  try {
    return { value: parseStartUrl(value) };
  } catch {
    return "the start URL of an AWS access portal: https://d-1234567890.awsapps.com/start";
  }
};

const region: ValueReader<string> = (value) =>
  isRegion(value) ? { value } : "the name of a region, such as eu-west-1";

const alias: ValueReader<string> = (value) =>
  isAccountAlias(value) ? { value } : "an alias: lower-case letters, digits, single hyphens";

const output: ValueReader<string> = (value) =>
  OUTPUTS.includes(value) ? { value } : `one of ${OUTPUTS.join(", ")}`;

const roleArn: ValueReader<string> = (value) =>
  parseRoleArn(value) ? { value } : "the ARN of a role";

/** ARNs of managed policies, as in `--policy`. */
const policyArns: ValueReader<string[]> = (value) => {
  const arns = value.split(/[\s,]+/).filter((arn) => arn !== "");
  const isValid = arns.length > 0 && arns.length <= MOST_POLICY_ARNS && arns.every(isPolicyArn);
  return isValid ? { value: arns } : `1 to ${MOST_POLICY_ARNS} ARNs of managed policies`;
};

/** A file, or the policy itself. */
const policyDocument: ValueReader<string> = (value) => {
  const one = value.split("\n").map((line) => line.trim()).join(" ").trim();
  if (one === "") return "a policy in JSON, or the path of a file with one";
  const problem = one.startsWith("{") ? policyDocumentProblem(one) : undefined;
  return problem === undefined ? { value: one } : `a policy that AWS accepts (it ${problem})`;
};

/** Separated by commas or spaces. */
const list: ValueReader<string[]> = (value) => ({
  value: value.split(/[\s,]+/).filter((item) => item !== ""),
});

const flag: ValueReader<boolean> = (value) => {
  if (/^(?:true|yes|on|1)$/i.test(value)) return { value: true };
  if (/^(?:false|no|off|0)$/i.test(value)) return { value: false };
  return "true or false";
};

const count: ValueReader<number> = (value) =>
  /^[1-9]\d{0,3}$/.test(value) ? { value: Number(value) } : "a whole number from 1";

/** Seconds; `max` is what the assertion allows. */
const sessionTtl: ValueReader<number | "max"> = (value) => {
  if (value.toLowerCase() === "max") return { value: "max" };
  const seconds = parseDuration(value);
  return seconds === undefined ? "a duration (1h, 90m, 3600) or max" : { value: seconds };
};

/** Seconds; `off` is 0. */
const cacheTime: ValueReader<number> = (value) => {
  if (value.toLowerCase() === "off") return { value: 0 };
  const seconds = parseDuration(value);
  return seconds === undefined ? "a duration (8h, 30m) or off" : { value: seconds };
};

const template: ValueReader<string> = (value) => {
  const names = [...value.matchAll(/\{(\w*)\}/g)].map(([, name]) => name!);
  if (names.length > 0 && names.every((name) => PLACEHOLDERS.includes(name))) return { value };
  return `a template of ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")}`;
};

const backend: ValueReader<BackendName> = (value) => {
  const name = parseBackend(value);
  return name === undefined ? `one of ${BACKENDS.join(", ")}` : { value: name };
};

/** Reads one of several words, upper or lower case. */
function oneOf<T extends string>(...words: readonly T[]): ValueReader<T> {
  return (value) => {
    const word = words.find((known) => known === value.toLowerCase());
    return word === undefined ? `one of ${words.join(", ")}` : { value: word };
  };
}

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
  browser_fill: flag,
  session_policy_arns: policyArns,
  session_policy: policyDocument,
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
  browser_path: text,
  browser_args: readBrowserArguments,
  passphrase_cache: cacheTime,
};

/** The keys of `[aws-account ID]`. */
export const AWS_ACCOUNT_KEYS = { alias, region, output, app: text };

/** The keys of `[alias NAME]`: a short name for a role or profile. */
export const ALIAS_KEYS = { role: text };

/** The names that `[alias NAME]` may have: no spaces, and nothing that looks like a flag. */
export const ALIAS_NAME = /^[A-Za-z0-9_.@:+/][A-Za-z0-9_.@:+/-]{0,62}$/;

/** The keys of `[cluster NAME]`. */
export const CLUSTER_KEYS = { profile: text, region, role_arn: roleArn, alias: text };

/** A section after reading; members are named as in the file. */
export type Values<K> = {
  [N in keyof K]?: K[N] extends ValueReader<infer T> ? T : never;
};

export type AccountSettings = Values<typeof ACCOUNT_KEYS>;
export type ProgramSettings = Values<typeof PROGRAM_KEYS>;
export type ClusterSettings = Values<typeof CLUSTER_KEYS>;
export type AwsAccountSettings = Values<typeof AWS_ACCOUNT_KEYS>;
export type AliasSettings = Values<typeof ALIAS_KEYS>;

/** By the first word of a section's header: its keys, and the names that may follow. */
const SECTIONS: Record<string, { keys: Record<string, ValueReader<unknown>>; name: RegExp }> = {
  "okta-aws": { keys: PROGRAM_KEYS, name: /^$/ },
  "account": { keys: ACCOUNT_KEYS, name: ACCOUNT_NAME },
  "aws-account": { keys: AWS_ACCOUNT_KEYS, name: /^\d{12}$/ },
  "alias": { keys: ALIAS_KEYS, name: ALIAS_NAME },
  "cluster": { keys: CLUSTER_KEYS, name: CLUSTER_NAME },
};

/**
 * Whether `[kind name]` is a valid header; `[plugin NAME]` is not checked here.
 *
 * @param name Empty for `[okta-aws]`.
 */
export function isSettingsSection(kind: string, name: string): boolean {
  return Object.hasOwn(SECTIONS, kind) && SECTIONS[kind]!.name.test(name);
}

/** @returns What was expected in place of the value; `undefined` if the value is valid. */
export function expectedSetting(kind: string, key: string, value: string): string | undefined {
  const keys = SECTIONS[kind]?.keys ?? {};
  const read = Object.hasOwn(keys, key) ? keys[key]!(value) : "a known key";
  return typeof read === "string" ? read : undefined;
}
