/**
 * The hook `mfa`: a plugin gives the code of a factor, and nobody is asked.
 *
 * @module
 */

import type { Authenticator } from "../okta/factors/authenticator.ts";
import { Secret } from "../secret.ts";
import type { AppContext } from "../app/context.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent } from "./plugin_events.ts";
import { runHook, tellFailures } from "./run_hook.ts";

/** No factor has a longer answer. */
const MOST_CHARACTERS = 200;

/**
 * Asks the plugins for the answer to a factor.
 *
 * @param account The Okta account's name.
 * @param authenticator The factor.
 * @returns The first answer that one gives, or `undefined`.
 */
export async function answerByPlugin(
  context: AppContext,
  account: string,
  { factorType, provider, name, question }: Authenticator,
): Promise<Secret | undefined> {
  if (!await hasPlugins(context)) return undefined;
  const common = commonEvent(context, account);
  const event = { ...common, factorType, provider, name, question: question ?? null };
  const results = await runHook(context, "mfa", () => event);
  await tellFailures(context.interaction, results);
  const answers = results.map(({ value }) => value);
  const answer = answers.find((value) => typeof value === "string" && value !== "");
  return typeof answer === "string" && answer.length <= MOST_CHARACTERS
    ? new Secret(answer)
    : undefined;
}
