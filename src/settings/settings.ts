/**
 * The settings file, read strictly.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { type IniProblemCode, parseIni } from "../ini/document.ts";
import { showUntrusted } from "../untrusted_text.ts";
import {
  ACCOUNT_KEYS,
  type AccountSettings,
  AWS_ACCOUNT_KEYS,
  type AwsAccountSettings,
  CLUSTER_KEYS,
  CLUSTER_NAME,
  type ClusterSettings,
  PROGRAM_KEYS,
  type ProgramSettings,
  type Values,
} from "./settings_keys.ts";
import { ACCOUNT_NAME, type ValueReader } from "./settings_values.ts";

export type {
  AccountSettings,
  AwsAccountSettings,
  ClusterSettings,
  ProgramSettings,
} from "./settings_keys.ts";
export { expectedSetting, isSettingsSection } from "./settings_keys.ts";
export { ACCOUNT_NAME, BACKENDS, isPluginBackend, parseBackend } from "./settings_values.ts";

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
