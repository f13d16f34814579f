import { SettingsError } from "../errors.ts";
import { type IniProblemCode, parseIni } from "../ini/document.ts";
import { showUntrusted } from "../untrusted_text.ts";
import {
  ACCOUNT_KEYS,
  ACCOUNT_NAME,
  type AccountSettings,
  ALIAS_KEYS,
  ALIAS_NAME,
  type AliasSettings,
  AWS_ACCOUNT_KEYS,
  type AwsAccountSettings,
  CLUSTER_KEYS,
  CLUSTER_NAME,
  type ClusterSettings,
  PROGRAM_KEYS,
  type ProgramSettings,
  type ValueReader,
  type Values,
} from "./settings_keys.ts";

export type {
  AccountSettings,
  AwsAccountSettings,
  ClusterSettings,
  ProgramSettings,
} from "./settings_keys.ts";
export { BACKENDS, isPluginBackend, parseBackend } from "./backend_names.ts";
export { ACCOUNT_NAME, expectedSetting, isSettingsSection } from "./settings_keys.ts";

/** The settings file. */
export interface Settings {
  /** `[okta-aws]` */
  program: ProgramSettings;
  /** `[account NAME]` by name. */
  accounts: Map<string, AccountSettings>;
  /** `[aws-account ID]` by account id. */
  awsAccounts: Map<string, AwsAccountSettings>;
  /** `[alias NAME]` by name. */
  aliases: Map<string, AliasSettings>;
  /** `[cluster NAME]` by the cluster's name. */
  clusters: Map<string, ClusterSettings>;
  /** `[plugin NAME]` by name: the plugin's own keys, and `timeout_seconds`. */
  plugins: Map<string, Record<string, string>>;
}

const PROBLEMS: Record<IniProblemCode, string> = {
  no_section: "a key before the first section",
  no_equals: "neither a section nor a key = value",
  empty_key: "a value without a key",
  no_bracket: "a section without its closing bracket",
  after_bracket: "text after the closing bracket",
  indented: "an indented line that continues nothing",
};

interface Section {
  /** The file's path. */
  path: string;
  /** The header without brackets. */
  name: string;
  line: number;
  properties: readonly { key: string; value: string; line: number }[];
}

function bad({ path }: { path: string }, line: number, what: string): SettingsError {
  return new SettingsError(`${showUntrusted(path)}, line ${line}: ${what}`, {
    code: "bad_settings",
    hint: "fix or delete that line",
  });
}

/** Adds to `known`: a section that appears twice is one section. */
function readKeys<K extends Record<string, ValueReader<unknown>>>(
  section: Section,
  keys: K,
  known: Values<K> = {},
): Values<K> {
  const where = `[${showUntrusted(section.name)}]`;
  for (const { key, value, line } of section.properties) {
    const reader = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (reader === undefined) {
      const all = Object.keys(keys).join(", ");
      throw bad(section, line, `unknown key ${showUntrusted(key)} in ${where} (known: ${all})`);
    }
    const read = reader(value);
    if (typeof read === "string") {
      throw bad(section, line, `${key} in ${where} is ${showUntrusted(value)}, not ${read}`);
    }
    (known as Record<string, unknown>)[key] = read.value;
  }
  return known;
}

/**
 * Reads the text of the settings file.
 *
 * @param path The file's, for messages.
 * @throws {SettingsError} `bad_settings`, with the line; also for unknown keys, so that a typo never
 * silently does nothing.
 */
export function parseSettings(content: string, path: string): Settings {
  const { sections, problems } = parseIni(content);
  const problem = problems[0];
  if (problem !== undefined) throw bad({ path }, problem.line, PROBLEMS[problem.code]);
  const settings: Settings = {
    program: {},
    accounts: new Map(),
    awsAccounts: new Map(),
    aliases: new Map(),
    clusters: new Map(),
    plugins: new Map(),
  };
  for (const section of sections) readSection(settings, { ...section, path });
  return settings;
}

function readSection(settings: Settings, section: Section): void {
  const [, kind, name = ""] = /^(\S+)\s*(.*)$/.exec(section.name) ?? [];
  const { program, accounts, awsAccounts, aliases, clusters, plugins } = settings;
  if (kind === "okta-aws" && name === "") readKeys(section, PROGRAM_KEYS, program);
  else if (kind === "account" && ACCOUNT_NAME.test(name)) {
    accounts.set(name, readKeys(section, ACCOUNT_KEYS, accounts.get(name)));
  } else if (kind === "aws-account" && /^\d{12}$/.test(name)) {
    awsAccounts.set(name, readKeys(section, AWS_ACCOUNT_KEYS, awsAccounts.get(name)));
  } else if (kind === "alias" && ALIAS_NAME.test(name)) {
    aliases.set(name, readKeys(section, ALIAS_KEYS, aliases.get(name)));
  } else if (kind === "cluster" && CLUSTER_NAME.test(name)) {
    clusters.set(name, readKeys(section, CLUSTER_KEYS, clusters.get(name)));
  } else if (kind === "plugin" && name !== "") {
    plugins.set(name, { ...plugins.get(name), ...readPluginKeys(section) });
  } else {
    const known = "[okta-aws], [account NAME], [aws-account 123456789012], [alias NAME], " +
      "[cluster NAME], [plugin NAME]";
    const header = showUntrusted(section.name);
    throw bad(section, section.line, `unknown section [${header}] (known: ${known})`);
  }
}

/** Only the plugin knows its keys, except `timeout_seconds`. */
function readPluginKeys(section: Section): Record<string, string> {
  const late = section.properties.find(({ key, value }) =>
    key === "timeout_seconds" && !/^(?:[1-9]|[1-5]\d|60)$/.test(value)
  );
  if (late !== undefined) {
    const found = showUntrusted(late.value);
    throw bad(section, late.line, `timeout_seconds is ${found}, not a whole number from 1 to 60`);
  }
  return Object.fromEntries(section.properties.map(({ key, value }) => [key, value]));
}
