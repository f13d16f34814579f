/**
 * Records for the fast path what a command line meant, and which files that was read from.
 *
 * @module
 */

import { type ChildFacts, openFastPathIndex } from "./fast_path_index.ts";
import { openRoleList } from "../roles/role_list.ts";
import type { AppContext } from "../app/context.ts";

/** What a command line meant. */
export interface FastAnswer {
  /** The arguments after the program's name. */
  argv: readonly string[];
  /** The file of the cache with the answer. */
  document: string;
  /**
   * When the run began, milliseconds since the Unix epoch: a file changed since then may differ from
   * what was read.
   */
  began: number;
  /** More files that the meaning was read from. */
  inputs?: readonly string[];
  /** For `exec` and `env`. */
  child?: ChildFacts;
}

/** Flags that mean the same each time, and change nothing in how a cached answer is given. */
const REPEATABLE: readonly string[] = [
  ...["account", "backend", "sessionTtl", "assumeRoleTtl", "assumeRoleArn", "region", "shell"],
  ...["json", "quiet", "noInput", "noColor", "noBrowser", "showBrowser", "sessionCacheSingleItem"],
  ...["mfaProvider", "mfaFactorType", "mfaDuoDevice"],
];

/** Whether a command line with these flags may be answered from its last meaning. */
export function areRepeatable(flags: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(flags).every((name) => REPEATABLE.includes(name));
}

/** Records the meaning of a command line. */
export async function writeFastPath(
  context: AppContext,
  { argv, document, began, inputs: more = [], child }: FastAnswer,
): Promise<void> {
  const { ports, paths, settings } = context;
  if ((settings.program.cache ?? "file") !== "file") return;
  const facts = await Promise.all(
    [paths.settings, paths.awsConfig, ...more].map((path) => ports.files.facts(path)),
  );
  if (facts.some((file) => file !== undefined && file.modified >= began)) return;
  const lists = await Promise.all(
    [...settings.accounts.keys()].map((name) => openRoleList(ports.files, paths.cache, name)),
  );
  const inputs = [paths.settings, paths.awsConfig, ...more, ...lists.map(({ path }) => path)];
  const memo = openFastPathIndex(ports, paths.cache, argv);
  await memo.write({ document, ...(child && { child }) }, inputs);
}

/** Removes the fast path of every command line. */
export async function forgetFastPath({ ports: { files }, paths }: AppContext): Promise<void> {
  const folder = `${paths.cache}/answers`;
  for (const name of await files.list(folder)) await files.remove(`${folder}/${name}`);
}
