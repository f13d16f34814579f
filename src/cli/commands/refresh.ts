/**
 * `refresh [ROLE…]`: signs in, assumes the roles, writes the profiles.
 *
 * @module
 */

import {
  AwsError,
  exitCodeFor,
  InteractionError,
  NetworkError,
  type OktaAwsError,
  SignInError,
  UsageError,
} from "../../errors.ts";
import { openConversation } from "../../flows/conversation.ts";
import { openProgram } from "../../flows/program.ts";
import { refresh, type RefreshResult } from "../../flows/refresh.ts";
import type { Output } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import type { Flags } from "../flags.ts";
import { formatMoment, formatTable, reportError } from "../report.ts";
import { progressLine } from "../progress.ts";

/** When `--watch` asks again for roles that a server's trouble has cost. */
const RETRY_MILLISECONDS = 60_000;

/**
 * Refreshes and shows what came of it; with `--watch` again and again.
 *
 * @param invocation The command line.
 * @returns 0, 6 where some roles failed, or the first failure's code where all did.
 * @throws {UsageError} `watch_dry_run`, `watch_pick`
 */
export async function runRefresh(invocation: Invocation): Promise<number> {
  const { flags, ports } = invocation;
  if (!flags.watch) return exitCode(await refreshOnce(invocation, flags));
  if (flags.dryRun) {
    throw new UsageError("--watch and --dry-run don't go together", { code: "watch_dry_run" });
  }
  if (flags.pick) {
    throw new UsageError("--watch and --pick don't go together", { code: "watch_pick" });
  }
  const { watch } = await import("../../flows/watch.ts");
  let code = 0;
  let force = flags.force ?? false;
  let before: RefreshResult["profiles"] | undefined;
  const { describeChanges, profileChanges } = await import("../../flows/profile_changes.ts");
  const tell = async (text: string) => {
    if (text === "" || flags.quiet) return;
    ports.output.notice(`${text}\n`);
    await (await ports.processes()).notify("okta-aws", text);
  };
  await watch({
    clock: ports.clock,
    async renew() {
      const result = await refreshOnce(invocation, { ...flags, force }).catch(async (error) => {
        // Nobody looks at the terminal of a program that has run since the morning.
        if (before !== undefined && needsPerson(error)) await tell(showUntrusted(error.message));
        throw error;
      });
      force = false;
      code = exitCode(result);
      if (before !== undefined) {
        await tell(showUntrusted(describeChanges(profileChanges(before, result.profiles))));
      }
      before = result.profiles;
      return nextRenewal(result, ports.clock.now());
    },
    onNext(at, failure) {
      const { json = false, debug = false } = flags;
      if (failure !== undefined) reportError(ports.output, failure, { json, debug });
      const word = failure === undefined ? "renewing" : "trying again";
      if (!flags.quiet) ports.output.notice(`${word} at ${formatMoment(at, ports.clock.now())}\n`);
    },
  });
  return code;
}

function needsPerson(error: unknown): error is OktaAwsError {
  return error instanceof SignInError || error instanceof InteractionError;
}

/** Roles that a server's trouble has cost are asked for again soon, those that AWS refuses are not. */
function nextRenewal({ profiles, failed }: RefreshResult, now: number): number | undefined {
  const ends = profiles.map(({ freshUntil }) => freshUntil);
  if (failed.some(({ error }) => error instanceof NetworkError)) {
    ends.push(now + RETRY_MILLISECONDS);
  }
  return ends.length === 0 ? undefined : Math.min(...ends);
}

async function refreshOnce({ ports, args }: Invocation, flags: Flags): Promise<RefreshResult> {
  const program = await openProgram(ports, flags);
  const conversation = openConversation(program, "foreground");
  if (flags.pick && !await conversation.canAsk()) {
    throw new InteractionError("--pick asks which roles, and nobody can answer", {
      code: flags.noInput ? "no_input" : "no_terminal",
      hint: "name the roles instead: okta-aws refresh ROLE…",
    });
  }
  const progress = progressLine(ports.output, flags.quiet || flags.json || false);
  const result = await refresh(program, conversation, {
    words: args,
    flags,
    dryRun: flags.dryRun ?? false,
    pick: flags.pick ?? false,
    as: flags.as,
    onAccount: (done, total) => progress.show(`${done}/${total} accounts`),
    onProgress: (done, total, role) =>
      progress.show(
        `${done}/${total} ${showUntrusted(`${role.alias ?? role.accountId}/${role.roleName}`)}`,
      ),
  }).finally(() => progress.clear());
  if (flags.json) ports.output.answer(`${JSON.stringify(toJson(result))}\n`);
  else showResult(ports.output, result, flags, ports.clock.now());
  return result;
}

function exitCode({ profiles, failed }: RefreshResult): number {
  const first = failed[0]?.error;
  if (first === undefined) return 0;
  return profiles.length === 0 ? exitCodeFor(first) : exitCodeFor(new AwsError("", { code: "" }));
}

function toJson({ profiles, failed }: RefreshResult): Record<string, unknown> {
  return {
    profiles: profiles.map(({ profile, accountId, alias, roleName, roleArn, expiration }) => ({
      profile,
      accountId,
      accountAlias: alias ?? null,
      roleName,
      roleArn,
      expiration: expiration.toISOString(),
    })),
    failed: failed.map(({ roleArn, error }) => ({
      roleArn,
      code: error.code,
      message: showUntrusted(error.message),
    })),
    plugins: [],
  };
}

function showResult(output: Output, result: RefreshResult, flags: Flags, now: number): void {
  const { profiles, failed, removed, diff, foreignEndpoint } = result;
  const notice = (line: string) => flags.quiet || output.notice(`${line}\n`);
  if (flags.dryRun) output.answer(diff);
  else if (profiles.length > 0 || failed.length === 0) output.answer(profileTable(result, now));
  for (const profile of removed) notice(`taken out, no longer granted: ${showUntrusted(profile)}`);
  if (profiles.some(({ byProcess }) => byProcess)) {
    notice("(process): handed out by credential_process, so not written to the credentials file");
  }
  if (foreignEndpoint !== undefined) {
    notice(`these credentials come from ${showUntrusted(foreignEndpoint)}, not from AWS itself`);
  }
  for (const { roleArn, error } of failed) {
    output.notice(`okta-aws: ${showUntrusted(roleArn)}: ${showUntrusted(error.message)}\n`);
    if (error.hint !== undefined) output.notice(`  ${error.hint}\n`);
  }
}

function profileTable({ profiles }: RefreshResult, now: number): string {
  const rows = profiles.map(({ profile, alias, accountId, roleName, expiration, byProcess }) => [
    showUntrusted(profile),
    showUntrusted(`${alias ?? accountId}/${roleName}`),
    `${formatMoment(expiration.getTime(), now)}${byProcess ? " (process)" : ""}`,
  ]);
  return formatTable(["PROFILE", "ROLE", "VALID UNTIL"], rows);
}
