/** `refresh [ROLE…]`: signs in, assumes the roles, writes the profiles. @module */

import { EXIT_AWS, exitCodeFor, InteractionError, type OktaAwsError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import { filterRoles } from "../../plugins/hooks.ts";
import { readyForRefresh, runAfterRefresh } from "../../plugins/after_refresh.ts";
import { type ReadyPlugins, reportFailures, stopUnused } from "../../plugins/run_hook.ts";
import type { PluginResult } from "../../plugins/run_plugin.ts";
import { noPortalPolicy } from "../../credentials/session_policies.ts";
import { isIdentityCenter } from "../../identity_center/sso_account.ts";
import { accountNames } from "../../roles/known_roles.ts";
import type { LivingProfile } from "../../profiles/profile_changes.ts";
import type { RefreshResult } from "../../profiles/refresh.ts";
import { refresh } from "../../profiles/refresh_accounts.ts";
import { fullMessage } from "../output.ts";
import { type Invocation, openForeground } from "../invocation.ts";
import type { Flags } from "../flags.ts";
import { withSessionPolicy } from "../session_policy_flags.ts";
import { formatProgress } from "../../app/activity.ts";
import { reportRefresh } from "./refresh_report.ts";

/**
 * Returns 0, 6 if some roles failed, or the first failure's exit code if all did.
 *
 * @throws {UsageError} `watch_dry_run`, `watch_pick`
 */
export async function runRefresh(invocation: Invocation): Promise<number> {
  const { flags } = invocation;
  if (!flags.watch) return exitCode(await refreshOnce(invocation, flags));
  const { watchRefresh } = await import("./refresh_watch.ts");
  const last = await watchRefresh(
    invocation,
    (again, before) => refreshOnce(invocation, again, before),
  );
  return last === undefined ? 0 : exitCode(last);
}

async function refreshOnce(
  { ports, args }: Invocation,
  flags: Flags,
  before?: readonly LivingProfile[],
): Promise<RefreshResult> {
  const context = await openForeground(ports, flags);
  if (flags.pick && !await context.interaction.canAsk()) {
    throw new InteractionError("--pick needs a terminal", {
      code: flags.noInput ? "no_input" : "no_terminal",
      hint: "name the roles instead: okta-aws refresh ROLE…",
    });
  }
  const wanted = await withSessionPolicy(context, flags);
  if (
    wanted.sessionPolicy && accountNames(context).every((one) => isIdentityCenter(context, one))
  ) {
    throw noPortalPolicy();
  }
  const ready: ReadyPlugins = flags.dryRun ? new Map() : await readyForRefresh(context);
  try {
    const result = await refreshWithProgress(context, args, wanted);
    const { output } = ports;
    if (!flags.json) reportRefresh(context, flags, result);
    const plugins = flags.dryRun ? [] : await runAfterRefresh(context, { result, before }, ready);
    if (flags.json) output.answer(`${JSON.stringify(toJson(result, plugins))}\n`);
    await reportFailures(context.interaction, plugins);
    return result;
  } finally {
    await stopUnused(ready);
  }
}

async function refreshWithProgress(
  context: AppContext,
  args: readonly string[],
  flags: Awaited<ReturnType<typeof withSessionPolicy>>,
): Promise<RefreshResult> {
  const { activity } = context.interaction;
  const progress = (what: string) => (done: number, total: number) =>
    activity?.progress(done === total ? "" : formatProgress(what, done, total));
  return await refresh(context, {
    names: args,
    flags,
    dryRun: flags.dryRun ?? false,
    pick: flags.pick ?? false,
    as: flags.as,
    filterRoles: (account, roles) => filterRoles(context, account, roles),
    onAccount: progress("Listing accounts"),
    onProgress: progress("Refreshing"),
  }).finally(() => activity?.progress(""));
}

function exitCode({ profiles, failed, failedAccounts, lostApp }: RefreshResult): number {
  if (failedAccounts.length > 0) return EXIT_AWS;
  const first = failed[0]?.error;
  if (first === undefined && !lostApp) return 0;
  const isAll = first !== undefined && profiles.length === 0;
  return isAll ? exitCodeFor(first) : EXIT_AWS;
}

function toJson(
  { profiles, failed, failedAccounts }: RefreshResult,
  plugins: readonly PluginResult[],
): Record<string, unknown> {
  return {
    profiles: profiles.map(({ profile, accountId, alias, roleName, roleArn, expiration }) => ({
      profile,
      accountId,
      accountAlias: alias ?? null,
      roleName,
      roleArn,
      expiration: expiration.toISOString(),
    })),
    failed: [
      ...failed.map(({ roleArn, error }) => ({ roleArn, ...describe(error) })),
      ...failedAccounts.map(({ account, error }) => ({ account, ...describe(error) })),
    ],
    plugins: plugins.map(({ plugin, ok, message = null }) => ({ plugin, ok, message })),
  };
}

function describe(error: OktaAwsError): { code: string; message: string } {
  return { code: error.code, message: fullMessage(error) };
}
