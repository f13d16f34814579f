/** Runs a hook in all plugins that have it, and builds their events. */

import { OktaAwsError } from "../errors.ts";
import type { HookName } from "./declaration.ts";
import { type Grant, readGrants } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import { sessionPolicyToJson } from "../aws/session_policy.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";
import type { RefreshedRole } from "../profiles/refresh.ts";
import type { KnownRole } from "../roles/role_match.ts";
import type { PluginCredentials, PluginEvent, PluginProfile, PluginRole } from "./contract.ts";
import type { PluginRequests } from "./host_requests.ts";
import type { StartedPlugin } from "../ports.ts";
import { type PluginResult, runPlugin, startPlugins } from "./run_plugin.ts";

/** Plugins that were started early, by name. */
export type ReadyPlugins = ReadonlyMap<string, Promise<StartedPlugin>>;

/** Starts a hook's plugins early; most of a plugin's time is this start. */
export async function readyPlugins(context: AppContext, hook: HookName): Promise<ReadyPlugins> {
  const grants = await readGrants(context).catch(() => []);
  const wanted = grants.filter(({ hooks }) => hooks.includes(hook));
  const started = startPlugins(context, wanted);
  // runPlugin() reports the reason.
  for (const one of started) one.catch(() => {});
  return new Map(wanted.map(({ name }, index) => [name, started[index]!]));
}

/** Ends the workers that were not used. */
export async function stopUnused(ready: ReadyPlugins): Promise<void> {
  const settled = await Promise.allSettled(ready.values());
  for (const one of settled) if (one.status === "fulfilled") one.value.stop();
}

export interface HookRun {
  hook: HookName;
  /** Builds the event for a plugin: it depends on what was granted. */
  eventFor: (grant: Grant) => unknown;
  /** Handlers besides those that are available at any time. */
  requests?: PluginRequests;
  ready?: ReadyPlugins;
}

/** Runs a hook in all its plugins at once. An unreadable `grants.json` counts as one failure. */
export async function runHook(
  context: AppContext,
  { hook, eventFor, requests = {}, ready = new Map() }: HookRun,
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

/** Tells the user which plugins failed. */
export async function reportFailures(
  interaction: Interaction,
  results: readonly PluginResult[],
): Promise<void> {
  for (const { plugin, ok, message, hint } of results) {
    if (ok) continue;
    await interaction.say(`plugin ${showUntrusted(plugin)} failed: ${message}`);
    if (hint !== undefined) await interaction.say(`  ${hint}`);
  }
}

/** The members of every event. */
export function commonEvent({ ports }: AppContext, account: string): PluginEvent {
  return { account, home: ports.environment.home };
}

export function toPluginRole({ accountId, alias, roleName, roleArn }: KnownRole): PluginRole {
  return { accountId, accountAlias: alias ?? null, roleName, roleArn };
}

/** The member `credentials` of an event, if the plugin has the permission for it. */
export function credentialsFor(
  { permissions }: Grant,
  { accessKeyId, secretAccessKey, sessionToken }: SessionCredentials,
): { credentials?: PluginCredentials } {
  if (!permissions.credentials) return {};
  const [secret, token] = [secretAccessKey.reveal(), sessionToken.reveal()];
  return { credentials: { accessKeyId, secretAccessKey: secret, sessionToken: token } };
}

export function toPluginProfile(grant: Grant, role: RefreshedRole): PluginProfile {
  return {
    profile: role.profile,
    ...toPluginRole(role),
    region: role.region ?? null,
    expiration: role.expiration.toISOString(),
    sessionPolicy: sessionPolicyToJson(role.sessionPolicy),
    ...credentialsFor(grant, role.credentials),
  };
}
