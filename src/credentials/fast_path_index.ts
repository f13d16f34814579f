/**
 * What a command line meant last time, and what that was read from. As long as none of it has
 * changed, the file with the answer is found without reading the settings again.
 *
 * @module
 */

import type { Environment, Files } from "../ports.ts";
import type { Shell } from "./shell_environment.ts";
import { hasVersion, type JsonFile, jsonFile } from "../store/json_file.ts";

/**
 * Everything in the environment that has a say in what a command line means and where files are.
 */
const VARIABLES = [
  "HOME",
  "USERPROFILE",
  "APPDATA",
  "XDG_CONFIG_HOME",
  "OKTA_AWS_CONFIG",
  "OKTA_AWS_CACHE_DIR",
  "OKTA_AWS_ACCOUNT",
  "AWS_CONFIG_FILE",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_SESSION_TTL",
  "AWS_ASSUME_ROLE_TTL",
  "AWS_ASSUME_ROLE_ARN",
  "AWS_ENDPOINT_URL",
  "AWS_ENDPOINT_URL_STS",
  "AWS_ENDPOINT_URL_SSO",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_STS_REGIONAL_ENDPOINTS",
];

/** A file, and which state of it was read: last change and size, or that there was none. */
type Input = [path: string, modified: number | null, size: number | null];

/** What `exec` and `env` do with the credentials. */
export interface ChildFacts {
  /** PROFILE as it was typed. */
  typed: string;
  /** What it was resolved to. */
  profile: string;
  region?: string;
  /** Whether it is a part of a name, which only a person at a terminal may use. */
  isPart: boolean;
  /** The notice that names the role. */
  notice?: string;
  /** For `env`. */
  json?: boolean;
  /** For `env`: `--shell` */
  shell?: Shell;
}

interface FastPathIndex {
  version: 1;
  words: readonly string[];
  environment: (string | null)[];
  inputs: Input[];
  document: string;
  child?: ChildFacts;
}

/** What a command line meant. */
export type Meaning = Pick<FastPathIndex, "document" | "child">;

function isFastPathIndex(value: unknown): value is FastPathIndex {
  if (!hasVersion(value, 1)) return false;
  const { environment, inputs, document } = value as FastPathIndex;
  return Array.isArray(environment) && Array.isArray(inputs) && inputs.every(Array.isArray) &&
    typeof document === "string";
}

async function stateOf(files: Files, path: string): Promise<Input> {
  const facts = await files.facts(path);
  return [path, facts?.modified ?? null, facts?.size ?? null];
}

/**
 * A file's name by a 32-bit hash (FNV-1a): SHA-256 would take a millisecond, on another thread. The
 * memo itself tells for which command line it is.
 */
function nameFor(key: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) {
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** The memo of one command line. */
export interface FastPathIndexFile {
  /** Gives the file with the answer, or `undefined` where anything has changed since. */
  read(): Promise<Meaning | undefined>;
  /** Keeps an answer. */
  write(meaning: Meaning, inputs: readonly string[]): Promise<void>;
}

/** The memo of a command line in this environment. */
export function openFastPathIndex(
  { files, environment: { get } }: { files: Files; environment: Environment },
  cacheDirectory: string,
  argv: readonly string[],
): FastPathIndexFile {
  const environment = VARIABLES.map((name) => get(name) ?? null);
  const key = JSON.stringify([argv, environment]);
  const path = `${cacheDirectory}/answers/${nameFor(key)}.json`;
  const file: JsonFile<FastPathIndex> = jsonFile(files, path, isFastPathIndex, {
    synced: false,
  });
  return {
    async read() {
      const memo = await file.read();
      if (memo === undefined || JSON.stringify([memo.words, memo.environment]) !== key) {
        return undefined;
      }
      const now = await Promise.all(memo.inputs.map(([path]) => stateOf(files, path)));
      const same = JSON.stringify(now) === JSON.stringify(memo.inputs);
      return same ? memo : undefined;
    },
    async write(meaning, inputs) {
      const states = await Promise.all(inputs.map((path) => stateOf(files, path)));
      await file.write({ version: 1, words: argv, environment, inputs: states, ...meaning });
    },
  };
}
