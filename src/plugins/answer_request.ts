/**
 * What a plugin may ask of us while it runs. Each question is checked here against the grant: what
 * comes out of a plugin's process is the plugin's word, whichever part of it sent it.
 *
 * @module
 */

import type { Grant } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";

/** Answers to what plugins ask, by the method's name. What one throws the plugin is told. */
export type PluginRequests = Readonly<
  Record<string, (grant: Grant, argument: Record<string, unknown>) => Promise<unknown>>
>;

/** One question at a time: two in one terminal would steal each other's keys. */
let questions: Promise<unknown> = Promise.resolve();

/** What every plugin may ask at any time. */
function commonRequests(context: AppContext): PluginRequests {
  return {
    async updateKubeconfig(_, argument) {
      const { answerUpdateKubeconfig } = await import("./kubeconfig_requests.ts");
      return answerUpdateKubeconfig(context, argument);
    },
    async confirm({ name }, { question }) {
      if (!await context.interaction.canAsk()) return false;
      const asked = questions.then(() =>
        context.interaction.askConfirm(`the plugin ${name} asks: ${showUntrusted(question)}`, false)
      );
      questions = asked.catch(() => {});
      return await asked;
    },
  };
}

/**
 * Answers a plugin.
 *
 * @param grant What the plugin may.
 * @param more What may be asked at this moment besides what always may.
 * @param method What it wants.
 * @param argument With what.
 * @returns The answer.
 * @throws {Error} Where it may not, or what it wants can't be had; the plugin is told the message.
 */
export async function answerRequest(
  context: AppContext,
  grant: Grant,
  more: PluginRequests,
  method: string,
  argument: unknown,
): Promise<unknown> {
  const all: PluginRequests = { ...commonRequests(context), ...more };
  const answer = Object.hasOwn(all, method) ? all[method] : undefined;
  if (answer === undefined) throw new Error(`${showUntrusted(method)} can't be had here`);
  const given = typeof argument === "object" && argument !== null ? argument : {};
  return await answer(grant, given as Record<string, unknown>);
}
