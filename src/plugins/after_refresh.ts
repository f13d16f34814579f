/** The hooks `postRefresh` and `profilesChanged`. */

import type { AppContext } from "../app/context.ts";
import { type LivingProfile, livingProfiles, profileChanges } from "../profiles/profile_changes.ts";
import type { RefreshResult } from "../profiles/refresh.ts";
import { accountName } from "../settings/account_settings.ts";
import type { PluginEvent, ProfilesChangedEvent } from "./contract.ts";
import { consoleRequests } from "./host_requests.ts";
import {
  commonEvent,
  type ReadyPlugins,
  readyPlugins,
  runHook,
  toPluginProfile,
} from "./run_hook.ts";
import type { PluginResult } from "./run_plugin.ts";

/** Starts the plugins while the refresh still runs. */
export function readyForRefresh(context: AppContext): Promise<ReadyPlugins> {
  return readyPlugins(context, "postRefresh");
}

export interface DoneRefresh {
  result: RefreshResult;
  /** With `--watch`: the profiles after the refresh before. */
  before: readonly LivingProfile[] | undefined;
}

/** Includes profiles that are in no file of ours, since `credential_process` serves their keys. */
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
 * Runs `postRefresh`, and `profilesChanged` if profiles were added, removed or, with `--watch`,
 * renewed.
 *
 * @returns One result for each plugin: a failure if it had one.
 */
export async function runAfterRefresh(
  context: AppContext,
  done: DoneRefresh,
  ready: ReadyPlugins,
): Promise<PluginResult[]> {
  const common = commonEvent(context, accountName(context));
  const { profiles } = done.result;
  const changes = changesOf(done);
  const requests = consoleRequests(context);
  const [refreshed, changed] = await Promise.all([
    runHook(context, {
      hook: "postRefresh",
      eventFor: (grant) => ({
        ...common,
        profiles: profiles.map((role) => toPluginProfile(grant, role)),
      }),
      requests,
      ready,
    }),
    Object.values(changes).some(({ length }) => length > 0)
      ? runHook(context, {
        hook: "profilesChanged",
        eventFor: () => ({ ...common, ...changes }),
        requests,
      })
      : [],
  ]);
  const byName = new Map<string, PluginResult>();
  for (const one of [...refreshed, ...changed]) {
    if (byName.get(one.plugin)?.ok !== false) byName.set(one.plugin, one);
  }
  return [...byName.values()];
}
