/**
 * How values of the settings are read.
 *
 * @module
 */

import { isAccountAlias, isRegion, parseRoleArn } from "../aws/arn.ts";
import { parseStartUrl } from "../identity_center/sso_session.ts";
import { parseSignInAddress } from "../okta/client/org.ts";
import type { BackendName, BuiltInBackendName, PluginBackendName } from "../ports.ts";
import { parseDuration } from "./duration.ts";
import { PLACEHOLDERS } from "../roles/profile_names.ts";

/** Reads one value; a string in return says what was expected instead. */
export type ValueReader<T> = (value: string) => { value: T } | string;

/** The names that Okta accounts and their secret items may have (docs/cli, `--account`). */
export const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

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

/** Any text of one line. */
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

/** A region's name. */
const region: ValueReader<string> = (value) =>
  isRegion(value) ? { value } : "the name of a region, such as eu-west-1";

/** An alias as AWS accounts have it. */
const alias: ValueReader<string> = (value) =>
  isAccountAlias(value) ? { value } : "an alias: lower-case letters, digits, single hyphens";

/** What `aws --output` takes. */
const output: ValueReader<string> = (value) =>
  OUTPUTS.includes(value) ? { value } : `one of ${OUTPUTS.join(", ")}`;

/** A role's ARN. */
const roleArn: ValueReader<string> = (value) =>
  parseRoleArn(value) ? { value } : "the ARN of a role";

/** Words, separated by commas or blanks. */
const list: ValueReader<string[]> = (value) => ({
  value: value.split(/[\s,]+/).filter((item) => item !== ""),
});

/** Yes or no. */
const flag: ValueReader<boolean> = (value) => {
  if (/^(?:true|yes|on|1)$/i.test(value)) return { value: true };
  if (/^(?:false|no|off|0)$/i.test(value)) return { value: false };
  return "true or false";
};

/** A whole number from 1. */
const count: ValueReader<number> = (value) =>
  /^[1-9]\d{0,3}$/.test(value) ? { value: Number(value) } : "a whole number from 1";

/** How long credentials live, seconds; `max` is what the assertion allows. */
const sessionTtl: ValueReader<number | "max"> = (value) => {
  if (value.toLowerCase() === "max") return { value: "max" };
  const seconds = parseDuration(value);
  return seconds === undefined ? "a duration (1h, 90m, 3600) or max" : { value: seconds };
};

/** A template of profiles' names. */
const template: ValueReader<string> = (value) => {
  const names = [...value.matchAll(/\{(\w*)\}/g)].map(([, name]) => name!);
  const known: readonly string[] = PLACEHOLDERS;
  if (names.length > 0 && names.every((name) => known.includes(name))) return { value };
  return `a template of ${known.map((name) => `{${name}}`).join(", ")}`;
};

/**
 * One of several words, in any case.
 *
 * @param words The words.
 * @returns The reader; it gives the word as it stands here.
 */
export function oneOf<T extends string>(...words: readonly T[]): ValueReader<T> {
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

/** A secret backend. */
const backend: ValueReader<BackendName> = (value) => {
  const name = parseBackend(value);
  return name === undefined ? `one of ${BACKENDS.join(", ")}` : { value: name };
};

/** The start URL of an access portal of IAM Identity Center. */
const startUrl: ValueReader<string> = (value) => {
  try {
    return { value: parseStartUrl(value) };
  } catch {
    return "the start URL of an AWS access portal: https://d-1234567890.awsapps.com/start";
  }
};

export {
  alias,
  backend,
  count,
  flag,
  list,
  org,
  output,
  region,
  roleArn,
  sessionTtl,
  startUrl,
  template,
  text,
};
