/**
 * Where the passphrase of the `file` backend comes from.
 *
 * @module
 */

import { InteractionError } from "../../errors.ts";
import type { Environment, Terminal } from "../../ports.ts";
import { Secret } from "../../secret.ts";

/** The variable that holds the passphrase. */
export const PASSPHRASE_VARIABLE = "OKTA_AWS_FILE_PASSPHRASE";

/** What a passphrase can be had from. */
export interface PassphraseSources {
  /** Where {@linkcode PASSPHRASE_VARIABLE} is looked up. */
  environment: Pick<Environment, "get">;
  /** Where the person is asked, if the variable is not set. */
  terminal: Pick<Terminal, "canAsk" | "askSecret" | "write">;
}

const QUESTION_MILLISECONDS = 60_000;
const MOST_TRIES = 3;

/**
 * The passphrase that the environment holds.
 *
 * @param sources Where to look.
 * @returns The passphrase, or `undefined` where the variable is not set.
 */
export function givenPassphrase(sources: PassphraseSources): Secret | undefined {
  const given = sources.environment.get(PASSPHRASE_VARIABLE);
  return given === undefined ? undefined : new Secret(given);
}

/**
 * Asks for the passphrase of a file that exists.
 *
 * @param sources The terminal.
 * @param question What to ask.
 * @returns What was typed.
 * @throws {InteractionError} `passphrase_needed` where nobody can be asked.
 */
export async function askPassphrase(
  { terminal }: PassphraseSources,
  question: string,
): Promise<Secret> {
  if (!await terminal.canAsk()) {
    throw new InteractionError("the file of secrets needs its passphrase", {
      code: "passphrase_needed",
      hint: `set ${PASSPHRASE_VARIABLE}, or run the command at a terminal`,
    });
  }
  return await terminal.askSecret({ question, timeoutMilliseconds: QUESTION_MILLISECONDS });
}

/**
 * Asks for the passphrase of a new file, twice, until both are the same.
 *
 * @param sources The terminal.
 * @returns What was typed; never empty.
 * @throws {InteractionError} `passphrase_needed`, also where three attempts came to nothing.
 */
export async function askNewPassphrase(sources: PassphraseSources): Promise<Secret> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const first = await askPassphrase(sources, "New passphrase for the file of secrets");
    if (first.reveal() === "") {
      sources.terminal.write("An empty passphrase protects nothing.\n");
      continue;
    }
    const second = await askPassphrase(sources, "The same passphrase again");
    if (first.reveal().normalize("NFC") === second.reveal().normalize("NFC")) return first;
    sources.terminal.write("They are not the same.\n");
  }
  throw new InteractionError("no passphrase was chosen for the file of secrets", {
    code: "passphrase_needed",
    hint: `set ${PASSPHRASE_VARIABLE}, or run the command again`,
  });
}
