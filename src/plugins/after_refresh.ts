/**
 * The plugins that run after a `refresh`.
 *
 * @module
 */

import type { PluginEvent, ProfilesChangedEvent } from "./events.ts";
import type { AppContext } from "../app/context.ts";
import { accountName } from "../settings/account_settings.ts";
import { type LivingProfile, livingProfiles, profileChanges } from "../profiles/profile_changes.ts";
import type { RefreshResult } from "../profiles/refresh.ts";
import { consoleRequests } from "./console_requests.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent, toPluginProfile } from "./plugin_events.ts";
import { type ReadyPlugins, readyPlugins, runHook } from "./run_hook.ts";
import type { PluginResult } from "./run_plugin.ts";

/**
 * Begins what a plugin's run needs before the refresh is done: most of its time is a process's start.
 *
 * @returns The processes.
 */
export async function readyForRefresh(context: AppContext): Promise<ReadyPlugins> {
  return await hasPlugins(context) ? await readyPlugins(context, "postRefresh") : new Map();
}

/** A refresh that is done. */
export interface DoneRefresh {
  /** What it has done. */
  result: RefreshResult;
  /** Under `--watch`, what there was after the one before it. */
  before: readonly LivingProfile[] | undefined;
}

/** Profiles that no file of ours has, since `credential_process` gives their keys, come and go too. */
function changesOf({ result, before }: DoneRefresh): Omit<ProfilesChangedEvent, keyof PluginEvent> {
  const { added, removed } = result;
  if (before === undefined) return { added, removed, renewed: [] };
  const since = profileChanges(before, livingProfiles(result, before));
  return {
    added: since.added,
    removed: [...new Set([...since.gone, ...removed])],
    renewed: since.renewed,
  };
}

/**
 * Runs `postRefresh`, and `profilesChanged` where profiles came or went or, under `--watch`, have new
 * credentials.
 *
 * @param done What the refresh has done.
 * @param ready The plugins' processes.
 * @returns What came of each plugin: one entry each, its failure where it has one.
 */
export async function runAfterRefresh(
  context: AppContext,
  done: DoneRefresh,
  ready: ReadyPlugins,
): Promise<PluginResult[]> {
  if (!await hasPlugins(context)) return [];
  const common = commonEvent(context, accountName(context));
  const { profiles } = done.result;
  const changes = changesOf(done);
  const requests = consoleRequests(context);
  const [refreshed, told] = await Promise.all([
    runHook(
      context,
      "postRefresh",
      (grant) => ({
        ...common,
        profiles: profiles.map((role) => toPluginProfile(grant, role)),
      }),
      requests,
      ready,
    ),
    Object.values(changes).some(({ length }) => length > 0)
      ? runHook(
        context,
        "profilesChanged",
        () => ({ ...common, ...changes }),
        requests,
      )
      : [],
  ]);
  const byName = new Map<string, PluginResult>();
  for (const one of [...refreshed, ...told]) {
    if (byName.get(one.plugin)?.ok !== false) byName.set(one.plugin, one);
  }
  return [...byName.values()];
}
