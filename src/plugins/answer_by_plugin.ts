/**
 * The hook `mfa`: a plugin gives the code of a factor, and nobody is asked.
 *
 * @module
 */

import type { Authenticator } from "../okta/factors/authenticator.ts";
import { Secret } from "../secret.ts";
import type { Conversation } from "../app/interaction.ts";
import type { Program } from "../app/context.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent } from "./plugin_events.ts";
import { runHook, tellFailures } from "./run_hook.ts";

/** No factor has a longer answer. */
const MOST_CHARACTERS = 200;

/**
 * Asks the plugins for the answer to a factor.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param account The Okta account's name.
 * @param authenticator The factor.
 * @returns The first answer that one gives, or `undefined`.
 */
export async function answerByPlugin(
  program: Program,
  conversation: Conversation,
  account: string,
  { factorType, provider, name, question }: Authenticator,
): Promise<Secret | undefined> {
  if (!await hasPlugins(program)) return undefined;
  const common = commonEvent(program, account);
  const event = { ...common, factorType, provider, name, question: question ?? null };
  const results = await runHook(program, conversation, "mfa", () => event);
  await tellFailures(conversation, results);
  const answers = results.map(({ value }) => value);
  const answer = answers.find((value) => typeof value === "string" && value !== "");
  return typeof answer === "string" && answer.length <= MOST_CHARACTERS
    ? new Secret(answer)
    : undefined;
}
