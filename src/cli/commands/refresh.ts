/** `refresh [ROLE…]`: signs in, assumes the roles, writes the profiles. @module */

import { EXIT_AWS, exitCodeFor, InteractionError, type OktaAwsError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import { hasPlugins } from "../../plugins/grants.ts";
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

/** Loaded if there are plugins. */
const loadPlugins = async () => ({
  ...await import("../../plugins/hooks.ts" as string) as typeof import("../../plugins/hooks.ts"),
  ...await import(
    "../../plugins/after_refresh.ts" as string
  ) as typeof import("../../plugins/after_refresh.ts"),
  ...await import(
    "../../plugins/run_hook.ts" as string
  ) as typeof import("../../plugins/run_hook.ts"),
});

type Plugins = Awaited<ReturnType<typeof loadPlugins>>;

const loadReport = async () =>
  await import("./refresh_report.ts" as string) as typeof import("./refresh_report.ts");

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
  const plugins = await hasPlugins(context) ? await loadPlugins() : undefined;
  const ready = flags.dryRun ? undefined : await plugins?.readyForRefresh(context);
  try {
    const result = await refreshWithProgress(context, { args, flags: wanted, plugins });
    const { output } = ports;
    if (!flags.json) (await loadReport()).reportRefresh(context, flags, result);
    const results = plugins && ready
      ? await plugins.runAfterRefresh(context, { result, before }, ready)
      : [];
    if (flags.json) output.answer(`${JSON.stringify(toJson(result, results))}\n`);
    await plugins?.reportFailures(context.interaction, results);
    return result;
  } finally {
    if (plugins && ready) await plugins.stopUnused(ready);
  }
}

interface RefreshRun {
  args: readonly string[];
  flags: Awaited<ReturnType<typeof withSessionPolicy>>;
  plugins: Plugins | undefined;
}

async function refreshWithProgress(
  context: AppContext,
  { args, flags, plugins }: RefreshRun,
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
    filterRoles: async (account, roles) =>
      await plugins?.filterRoles(context, account, roles) ?? [...roles],
    // What fails shows when it is needed.
    onBegun: () => void loadReport().catch(() => {}),
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
