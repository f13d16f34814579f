/**
 * What a plugin may ask of us while it runs. Each question is checked here against the grant: what
 * comes out of a plugin's process is the plugin's word, whichever part of it sent it.
 *
 * @module
 */

import type { Grant } from "../../plugins/grants.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Conversation } from "../conversation.ts";
import type { Program } from "../program.ts";

/** One question at a time: two menus in one terminal would steal each other's keys. */
let questions: Promise<unknown> = Promise.resolve();

function memberOf(argument: unknown, name: string): unknown {
  return (argument as Record<string, unknown> | null | undefined)?.[name];
}

async function confirm(
  conversation: Conversation,
  { name }: Grant,
  question: unknown,
): Promise<boolean> {
  if (!await conversation.canAsk()) return false;
  const asked = questions.then(() =>
    conversation.askConfirm(`the plugin ${name} asks: ${showUntrusted(question)}`, false)
  );
  questions = asked.catch(() => {});
  return await asked;
}

async function consoleUrlFor(
  program: Program,
  conversation: Conversation,
  { permissions }: Grant,
  profile: unknown,
): Promise<string> {
  if (!permissions.console) throw new Error('consoleUrl needs the permission "console"');
  if (typeof profile !== "string") throw new Error("consoleUrl wants the name of a profile");
  const [{ resolveRequest }, { obtainCredentials }, { consoleUrl }] = await Promise.all([
    import("../credential_request.ts"),
    import("../obtain_credentials.ts"),
    import("../console_url.ts"),
  ]);
  const request = await resolveRequest(program, profile, {});
  if (request === undefined) throw new Error(`there is no profile ${showUntrusted(profile)}`);
  const cached = await obtainCredentials(program, conversation, request, false);
  return (await consoleUrl(program, request, cached, {})).reveal();
}

/**
 * Answers a plugin.
 *
 * @param program The run.
 * @param conversation Who is asked.
 * @param grant What the plugin may.
 * @param method What it wants.
 * @param argument With what.
 * @returns The answer.
 * @throws {Error} Where it may not, or what it wants can't be had; the plugin is told the message.
 */
export async function answerRequest(
  program: Program,
  conversation: Conversation,
  grant: Grant,
  method: string,
  argument: unknown,
): Promise<unknown> {
  switch (method) {
    case "confirm":
      return await confirm(conversation, grant, memberOf(argument, "question"));
    case "consoleUrl":
      return await consoleUrlFor(program, conversation, grant, memberOf(argument, "profile"));
    default:
      throw new Error(`okta-aws has no ${showUntrusted(method)} for plugins`);
  }
}
