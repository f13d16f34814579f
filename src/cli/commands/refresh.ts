/**
 * `refresh [ROLE…]`: signs in, assumes the roles, writes the profiles.
 *
 * @module
 */

import { AwsError, exitCodeFor } from "../../errors.ts";
import { openConversation } from "../../flows/conversation.ts";
import { openProgram } from "../../flows/program.ts";
import { refresh, type RefreshResult } from "../../flows/refresh.ts";
import type { Output } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import type { Flags } from "../flags.ts";
import { formatMoment, formatTable } from "../report.ts";
import { progressLine } from "../progress.ts";

/**
 * Refreshes and shows what came of it.
 *
 * @param invocation The command line.
 * @returns 0, 6 where some roles failed, or the first failure's code where all did.
 */
export async function runRefresh({ ports, flags, args }: Invocation): Promise<number> {
  const program = await openProgram(ports, flags);
  const conversation = openConversation(program, "foreground");
  const progress = progressLine(ports.output, flags.quiet || flags.json || false);
  const result = await refresh(program, conversation, {
    words: args,
    flags,
    dryRun: flags.dryRun ?? false,
    onProgress: (done, total, role) =>
      progress.show(
        `${done}/${total} ${showUntrusted(`${role.alias ?? role.accountId}/${role.roleName}`)}`,
      ),
  }).finally(() => progress.clear());
  if (flags.json) ports.output.answer(`${JSON.stringify(toJson(result))}\n`);
  else showResult(ports.output, result, flags, ports.clock.now());
  return exitCode(result);
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
