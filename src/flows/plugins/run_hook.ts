/**
 * Runs a hook of every plugin that was granted one, all at once.
 *
 * @module
 */

import { OktaAwsError } from "../../errors.ts";
import type { HookName } from "../../plugins/declaration.ts";
import { type Grant, grantFile } from "../../plugins/grants.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Conversation } from "../conversation.ts";
import type { Program } from "../program.ts";
import type { PluginRequests } from "./answer_request.ts";
import { type PluginResult, runPlugin } from "./run_plugin.ts";

/**
 * The grants.
 *
 * @param program The run.
 * @returns What was granted to whom.
 * @throws {SettingsError} `bad_grants`
 */
export function readGrants({ ports: { files, environment }, paths }: Program): Promise<Grant[]> {
  return grantFile(files, paths.settingsDirectory, environment.home).read();
}

/**
 * Runs a hook.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param hook Which one.
 * @param eventFor What a plugin is told, by what it was granted.
 * @param requests What it may ask for besides what all may.
 * @returns What came of each, in the order of the grants. A file of grants that can't be used counts
 * as one failure.
 */
export async function runHook(
  program: Program,
  conversation: Conversation,
  hook: HookName,
  eventFor: (grant: Grant) => unknown,
  requests: PluginRequests = {},
): Promise<PluginResult[]> {
  let grants: Grant[];
  try {
    grants = await readGrants(program);
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    const message = showUntrusted(error.message);
    return [{ plugin: "grants.json", ok: false, message, hint: error.hint }];
  }
  const part = { kind: "hook", name: hook } as const;
  return await Promise.all(
    grants.filter(({ hooks }) => hooks.includes(hook)).map((grant) =>
      runPlugin(program, conversation, grant, { part, event: eventFor(grant), requests })
    ),
  );
}

/**
 * Says which plugins have failed.
 *
 * @param conversation Who is told.
 * @param results What came of them.
 */
export async function tellFailures(
  conversation: Conversation,
  results: readonly PluginResult[],
): Promise<void> {
  for (const { plugin, ok, message, hint } of results) {
    if (ok) continue;
    await conversation.say(`the plugin ${showUntrusted(plugin)} has failed: ${message}`);
    if (hint !== undefined) await conversation.say(`  ${hint}`);
  }
}
