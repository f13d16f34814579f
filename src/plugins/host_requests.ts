/**
 * What a plugin may ask okta-aws for while it runs (`PluginHost` of the contract). Each request is
 * checked against the grant here: any part of a plugin can send one.
 */

import type { AppContext } from "../app/context.ts";
import { consoleUrl } from "../aws/console/console_url.ts";
import { resolveKnownProfile } from "../profiles/resolve_profile.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Grant } from "./grants.ts";
import { answerFromMemo } from "./kubeconfig_memo.ts";

/** Handlers by method name. The plugin receives the message of what a handler throws. */
export type PluginRequests = Readonly<
  Record<string, (grant: Grant, argument: Record<string, unknown>) => Promise<unknown>>
>;

/** A plugin's time stops meanwhile: the first asks a question, the second may sign in. */
export const WAIT_FOR_USER = ["confirm", "consoleUrl"];

/** Limit of a request's argument, characters of JSON. */
const MOST_CHARACTERS = 250_000;

/** One question at a time: two in one terminal would read each other's keys. */
let questions: Promise<unknown> = Promise.resolve();

/** Available at any time. */
function commonRequests(context: AppContext): PluginRequests {
  return {
    updateKubeconfig: (_, argument) => answerFromMemo(context, argument),
    async confirm({ name }, { question }) {
      if (!await context.interaction.canAsk()) return false;
      const asked = questions.then(() =>
        context.interaction.askConfirm(`plugin ${name} asks: ${showUntrusted(question)}`, false)
      );
      questions = asked.catch(() => {});
      return await asked;
    },
  };
}

/**
 * `host.consoleUrl`, available only after the sign-in: a plugin that runs during it would wait for
 * itself.
 */
export function consoleRequests(context: AppContext): PluginRequests {
  return {
    async consoleUrl({ permissions }, { profile }) {
      if (!permissions.console) throw new Error('consoleUrl needs the permission "console"');
      if (typeof profile !== "string") throw new Error("consoleUrl needs a profile's name");
      const request = await resolveKnownProfile(context, profile, {});
      if (request === undefined) throw new Error(`profile not found: ${showUntrusted(profile)}`);
      const cached = await obtainCredentials(context, request, false);
      return (await consoleUrl(context, { ...cached, request }, {})).reveal();
    },
  };
}

/** A request as the plugin sent it. */
export interface PluginRequest {
  method: string;
  argument: unknown;
}

/**
 * @param more Handlers besides those that are available at any time.
 * @throws {Error} If the request is not allowed or fails; the plugin receives the message.
 */
export async function answerRequest(
  context: AppContext,
  { grant, more, request: { method, argument } }: {
    grant: Grant;
    more: PluginRequests;
    request: PluginRequest;
  },
): Promise<unknown> {
  const all: PluginRequests = { ...commonRequests(context), ...more };
  const answer = Object.hasOwn(all, method) ? all[method] : undefined;
  if (answer === undefined) throw new Error(`${showUntrusted(method)} is not available here`);
  if ((JSON.stringify(argument) ?? "").length > MOST_CHARACTERS) {
    throw new Error(`${method} got too much`);
  }
  const given = typeof argument === "object" && argument !== null ? argument : {};
  return await answer(grant, given as Record<string, unknown>);
}
