/**
 * What a plugin asks for, in words that a person can decide on.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";
import type { Declaration } from "./declaration.ts";
import { leadsToPrograms } from "./file_places.ts";
import { expandHome } from "./permissions.ts";

const CAN_RUN = "can run programs as you";

/** What the words depend on. */
export interface Surroundings {
  /** The home folder. */
  home: string;
  /** The AWS and kube files of this run. */
  sensitive: readonly string[];
}

/**
 * Tells what a plugin asks for.
 *
 * @param declaration The plugin.
 * @param surroundings Where.
 * @returns One line each, the worst last; one line where it asks for nothing.
 */
export function tellPermissions(
  { permissions, hooks, commands }: Declaration,
  { home, sensitive }: Surroundings,
): string[] {
  const { read, write, net, env, run, credentials, console, secrets } = permissions;
  const list = (words: readonly string[]) => words.map(showUntrusted).join(", ");
  const dangerous = (path: string) => leadsToPrograms(expandHome(path, home), home, sensitive);
  const [worse, harmless] = [write.filter(dangerous), write.filter((path) => !dangerous(path))];
  const lines: [boolean, string][] = [
    [hooks.length > 0, `runs at: ${hooks.join(", ")}`],
    [Object.keys(commands).length > 0, `adds commands: ${Object.keys(commands).join(", ")}`],
    [read.length > 0, `reads ${list(read)}`],
    [harmless.length > 0, `writes ${list(harmless)}`],
    [net.length > 0, `talks to ${list(net)}`],
    [env.length > 0, `reads the environment variables ${list(env)}`],
    [console, "gets signed links to the AWS console"],
    [credentials, "gets the AWS session credentials"],
    [secrets, "gets secrets of the sign-in: codes, and what it keeps as a secret store"],
    [worse.length > 0, `writes ${list(worse)}: ${CAN_RUN}`],
    [run.length > 0, `starts ${list(run)}: ${CAN_RUN}`],
  ];
  const told = lines.filter(([asked]) => asked).map(([, line]) => line);
  const [touches] = lines.slice(2).filter(([asked]) => asked);
  return touches === undefined ? [...told, "touches nothing"] : told;
}
