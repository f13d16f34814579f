/**
 * The settings file: its sections and keys, read strictly (docs/cli, "Settings").
 *
 * @module
 */

import { isAccountAlias, isRegion, parseRoleArn } from "../aws/arn.ts";
import { parseStartUrl } from "../aws/sso_session.ts";
import { SettingsError } from "../errors.ts";
import { type IniProblemCode, parseIni } from "../ini/document.ts";
import { parseSignInAddress } from "../okta/org.ts";
import type { BackendName, BuiltInBackendName, PluginBackendName } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { parseDuration } from "./duration.ts";
import { PLACEHOLDERS } from "./profile_names.ts";

/** Reads one value; a string in return says what was expected instead. */
type ValueReader<T> = (value: string) => { value: T } | string;

/** The names that Okta accounts and their secret items may have (docs/cli, `--account`). */
export const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** The names that EKS clusters may have. */
const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** The secret backends by their names. */
export const BACKENDS: readonly BuiltInBackendName[] = [
  "keychain",
  "secret-service",
  "dpapi",
  "wincred",
  "pass",
  "file",
  "env",
  "command",
];

/** What the AWS CLI writes: `output` of its config file. */
const OUTPUTS: readonly string[] = ["json", "yaml", "yaml-stream", "text", "table", "off"];

const text: ValueReader<string> = (value) => {
  if (value === "") return "a value";
  return value.includes("\n") ? "a value of one line" : { value };
};

/** An address as people paste it is taken as well; what is kept is its origin. */
const org: ValueReader<string> = (value) => {
  try {
    return { value: parseSignInAddress(value).org };
  } catch {
    return "the address of an Okta org: https://acme.okta.com";
  }
};

const region: ValueReader<string> = (value) =>
  isRegion(value) ? { value } : "the name of a region, such as eu-west-1";

const alias: ValueReader<string> = (value) =>
  isAccountAlias(value) ? { value } : "an alias: lower-case letters, digits, single hyphens";

/** What `aws --output` takes. */
const output: ValueReader<string> = (value) =>
  OUTPUTS.includes(value) ? { value } : `one of ${OUTPUTS.join(", ")}`;

const roleArn: ValueReader<string> = (value) =>
  parseRoleArn(value) ? { value } : "the ARN of a role";

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

const sessionTtl: ValueReader<number | "max"> = (value) => {
  if (value.toLowerCase() === "max") return { value: "max" };
  const seconds = parseDuration(value);
  return seconds === undefined ? "a duration (1h, 90m, 3600) or max" : { value: seconds };
};

const template: ValueReader<string> = (value) => {
  const names = [...value.matchAll(/\{(\w*)\}/g)].map(([, name]) => name!);
  const known: readonly string[] = PLACEHOLDERS;
  if (names.length > 0 && names.every((name) => known.includes(name))) return { value };
  return `a template of ${known.map((name) => `{${name}}`).join(", ")}`;
};

function oneOf<T extends string>(...words: readonly T[]): ValueReader<T> {
  return (value) => {
    const word = words.find((known) => known === value.toLowerCase());
    return word === undefined ? `one of ${words.join(", ")}` : { value: word };
  };
}

/**
 * Reads the name of a secret backend. aws-okta's `kwallet` is reached through the Secret Service.
 *
 * @param text The name, in any case.
 * @returns The backend, or `undefined` where there is none of that name.
 */
export function parseBackend(text: string): BackendName | undefined {
  const name = text.toLowerCase();
  if (isPluginBackend(text)) return text;
  return name === "kwallet" ? "secret-service" : BACKENDS.find((known) => known === name);
}

/**
 * Whether a backend is a plugin with the hook `secretStore`.
 *
 * @param text The backend's name.
 * @returns Whether it is.
 */
export function isPluginBackend(text: string): text is PluginBackendName {
  return /^plugin:[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(text);
}

const backend: ValueReader<BackendName> = (value) => {
  const name = parseBackend(value);
  return name === undefined ? `one of ${BACKENDS.join(", ")}` : { value: name };
};

const startUrl: ValueReader<string> = (value) => {
  try {
    return { value: parseStartUrl(value) };
  } catch {
    return "the start URL of an AWS access portal: https://d-1234567890.awsapps.com/start";
  }
};

const ACCOUNT_KEYS = {
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

const PROGRAM_KEYS = {
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

const AWS_ACCOUNT_KEYS = { alias, region, output, app: text };

const CLUSTER_KEYS = { profile: text, region, role_arn: roleArn, alias: text };

type Values<K> = {
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

/** The settings file, read. */
export interface Settings {
  /** `[okta-aws]`. */
  program: ProgramSettings;
  /** `[account NAME]` by name. */
  accounts: Map<string, AccountSettings>;
  /** `[aws-account ID]` by account id. */
  awsAccounts: Map<string, AwsAccountSettings>;
  /** `[cluster NAME]` by the cluster's name. */
  clusters: Map<string, ClusterSettings>;
  /** `[plugin NAME]` by name: keys of the plugin's own, and `timeout_seconds`. */
  plugins: Map<string, Record<string, string>>;
}

function bad(path: string, line: number, what: string): SettingsError {
  return new SettingsError(`${showUntrusted(path)}, line ${line}: ${what}`, {
    code: "bad_settings",
    hint: "mend or delete that line",
  });
}

const PROBLEMS: Record<IniProblemCode, string> = {
  no_section: "a key in front of the first section",
  no_equals: "neither a section nor a key = value",
  empty_key: "a value without a key",
  no_bracket: "a section without its closing bracket",
  after_bracket: "text behind the closing bracket",
  indented: "an indented line that continues nothing",
};

interface Section {
  name: string;
  line: number;
  properties: readonly { key: string; value: string; line: number }[];
}

function whereIs({ name }: Section): string {
  return `[${showUntrusted(name)}]`;
}

function readKeys<K extends Record<string, ValueReader<unknown>>>(
  path: string,
  section: Section,
  keys: K,
  into: Values<K> = {},
): Values<K> {
  for (const { key, value, line } of section.properties) {
    const reader = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (reader === undefined) {
      const known = Object.keys(keys).join(", ");
      throw bad(
        path,
        line,
        `unknown key ${showUntrusted(key)} in ${whereIs(section)} (known: ${known})`,
      );
    }
    const read = reader(value);
    if (typeof read === "string") {
      throw bad(
        path,
        line,
        `${key} in ${whereIs(section)} is ${showUntrusted(value)}, not ${read}`,
      );
    }
    (into as Record<string, unknown>)[key] = read.value;
  }
  return into;
}

/**
 * Reads the settings file.
 *
 * @param content The file's text.
 * @param path Where it is, for messages.
 * @returns The settings.
 * @throws {SettingsError} `bad_settings`, with the line: an unknown key is an error, never a typo
 * that silently does nothing.
 */
export function parseSettings(content: string, path: string): Settings {
  const { sections, problems } = parseIni(content);
  const problem = problems[0];
  if (problem !== undefined) throw bad(path, problem.line, PROBLEMS[problem.code]);
  const settings: Settings = {
    program: {},
    accounts: new Map(),
    awsAccounts: new Map(),
    clusters: new Map(),
    plugins: new Map(),
  };
  for (const section of sections) readSection(settings, path, section);
  return settings;
}

function readSection(settings: Settings, path: string, section: Section): void {
  const [, kind, name = ""] = /^(\S+)\s*(.*)$/.exec(section.name) ?? [];
  const { program, accounts, awsAccounts, clusters, plugins } = settings;
  if (kind === "okta-aws" && name === "") readKeys(path, section, PROGRAM_KEYS, program);
  else if (kind === "account" && ACCOUNT_NAME.test(name)) {
    accounts.set(name, readKeys(path, section, ACCOUNT_KEYS, accounts.get(name)));
  } else if (kind === "aws-account" && /^\d{12}$/.test(name)) {
    awsAccounts.set(name, readKeys(path, section, AWS_ACCOUNT_KEYS, awsAccounts.get(name)));
  } else if (kind === "cluster" && CLUSTER_NAME.test(name)) {
    clusters.set(name, readKeys(path, section, CLUSTER_KEYS, clusters.get(name)));
  } else if (kind === "plugin" && name !== "") {
    plugins.set(name, { ...plugins.get(name), ...readPluginKeys(path, section) });
  } else {
    const known = "[okta-aws], [account NAME], [aws-account 123456789012], [cluster NAME], " +
      "[plugin NAME]";
    throw bad(path, section.line, `unknown section [${showUntrusted(section.name)}] (${known})`);
  }
}

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

/** What a plugin's keys mean only the plugin knows, but for the limit of its time. */
function readPluginKeys(path: string, section: Section): Record<string, string> {
  const late = section.properties.find(({ key, value }) =>
    key === "timeout_seconds" && !/^(?:[1-9]|[1-5]\d|60)$/.test(value)
  );
  if (late !== undefined) {
    const found = showUntrusted(late.value);
    throw bad(path, late.line, `timeout_seconds is ${found}, not a whole number from 1 to 60`);
  }
  return Object.fromEntries(section.properties.map(({ key, value }) => [key, value]));
}
