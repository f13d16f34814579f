/**
 * Runs a hook of every plugin that was granted one, all at once.
 *
 * @module
 */

import { OktaAwsError } from "../errors.ts";
import type { HookName } from "./declaration.ts";
import { type Grant, grantFile } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import type { PluginRequests } from "./answer_request.ts";
import type { StartedPlugin } from "../ports.ts";
import { type PluginResult, runPlugin, startPlugin } from "./run_plugin.ts";

/**
 * The grants.
 *
 * @returns What was granted to whom.
 * @throws {SettingsError} `bad_grants`
 */
export function readGrants({ ports: { files, environment }, paths }: AppContext): Promise<Grant[]> {
  return grantFile(files, paths.settingsDirectory, environment.home).read();
}

/** Processes that wait for their plugins, by the plugins' names. */
export type ReadyPlugins = ReadonlyMap<string, Promise<StartedPlugin>>;

/**
 * Makes processes ready while there is something else to wait for.
 *
 * @param hook For the plugins of which hook.
 * @returns The processes; what keeps one from being made is thrown by its promise.
 */
export async function readyPlugins(context: AppContext, hook: HookName): Promise<ReadyPlugins> {
  const grants = await readGrants(context).catch(() => []);
  const named = grants.filter(({ hooks }) => hooks.includes(hook)).map((grant) => {
    const ready = startPlugin(context, grant);
    // Whoever runs the plugin gets the reason as well.
    ready.catch(() => {});
    return [grant.name, ready] as const;
  });
  return new Map(named);
}

/**
 * Ends the processes that have not been used.
 *
 * @param ready The processes.
 */
export async function stopUnused(ready: ReadyPlugins): Promise<void> {
  const settled = await Promise.allSettled(ready.values());
  for (const one of settled) if (one.status === "fulfilled") one.value.stop();
}

/**
 * Runs a hook.
 *
 * @param hook Which one.
 * @param eventFor What a plugin is told, by what it was granted.
 * @param requests What it may ask for besides what all may.
 * @param ready Processes that were made ready before.
 * @returns What came of each, in the order of the grants. A file of grants that can't be used counts
 * as one failure.
 */
export async function runHook(
  context: AppContext,
  hook: HookName,
  eventFor: (grant: Grant) => unknown,
  requests: PluginRequests = {},
  ready: ReadyPlugins = new Map(),
): Promise<PluginResult[]> {
  let grants: Grant[];
  try {
    grants = await readGrants(context);
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    const message = showUntrusted(error.message);
    return [{ plugin: "grants.json", ok: false, message, hint: error.hint }];
  }
  const part = { kind: "hook", name: hook } as const;
  return await Promise.all(
    grants.filter(({ hooks }) => hooks.includes(hook)).map((grant) =>
      runPlugin(context, grant, {
        part,
        event: eventFor(grant),
        requests,
        ready: ready.get(grant.name),
      })
    ),
  );
}

/**
 * Says which plugins have failed.
 *
 * @param results What came of them.
 */
export async function tellFailures(
  interaction: Interaction,
  results: readonly PluginResult[],
): Promise<void> {
  for (const { plugin, ok, message, hint } of results) {
    if (ok) continue;
    await interaction.say(`the plugin ${showUntrusted(plugin)} has failed: ${message}`);
    if (hint !== undefined) await interaction.say(`  ${hint}`);
  }
}
