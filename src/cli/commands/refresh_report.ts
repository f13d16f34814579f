/** What `refresh` prints: a table of all roles, a closing line, and why some failed. @module */

import type { AppContext } from "../../app/context.ts";
import type { FailedRole, RefreshedRole, RefreshResult } from "../../profiles/refresh.ts";
import { byLabel, roleLabel } from "../../roles/role_search.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Flags } from "../flags.ts";
import { formatExpiration, wrapNotice } from "../output.ts";
import { type Style, styleOf } from "../style.ts";
import { formatTable } from "../table.ts";

/** Reports on the terminal; with `--dry-run` the changes instead of the table. */
export function reportRefresh(context: AppContext, flags: Flags, result: RefreshResult): void {
  const { ports } = context;
  const { output, clock } = ports;
  const { profiles, failed, failedAccounts, removed, diff, foreignEndpoint } = result;
  const notice = (line: string) => flags.quiet || output.notice(wrapNotice(output, line));
  if (flags.dryRun) {
    output.answer(diff);
    if (diff === "") notice("Nothing would change");
  } else if (profiles.length + failed.length > 0) {
    const style = styleOf({ ports, flags }, "answer");
    output.answer(roleTable(style, result, clock.now()));
  }
  for (const profile of removed) notice(`removed ${showUntrusted(profile)} (no longer granted)`);
  if (!flags.dryRun && !flags.quiet) {
    output.notice(closingLines(context, styleOf({ ports, flags }, "notice"), result));
  }
  if (foreignEndpoint !== undefined) {
    notice(`these credentials are from ${showUntrusted(foreignEndpoint)}, not from AWS`);
  }
  for (const { account, error: { message, hint } } of failedAccounts) {
    const what = `okta-aws: account ${showUntrusted(account)}: ${message}`;
    output.notice(wrapNotice(output, what, hint));
  }
  for (const { message, hint } of groupFailures(failed, output.noticeIsTerminal)) {
    output.notice(wrapNotice(output, `okta-aws: ${message}`, hint));
  }
}

function roleTable(style: Style, { profiles, failed }: RefreshResult, now: number): string {
  const rows = [
    ...profiles.map((role) => ({ role, cells: profileCells(style, role, now) })),
    ...failed.map(({ role, error }) => ({
      role,
      cells: ["", style.bad(`✗ ${showUntrusted(error.code)}`)],
    })),
  ].toSorted((a, b) => byLabel(a.role, b.role));
  return formatTable(style, {
    heads: ["ACCOUNT", "ROLE", "PROFILE", "EXPIRES"],
    rows: rows.map(({ role: { alias, accountId, roleName }, cells }) => [
      showUntrusted(alias ?? accountId),
      showUntrusted(roleName),
      ...cells,
    ]),
    optional: [0, 1],
  });
}

function profileCells(
  { good }: Style,
  { profile, expiration, byProcess }: RefreshedRole,
  now: number,
): [string, string] {
  const expires = formatExpiration(expiration.getTime(), now);
  return [showUntrusted(profile), `${good("✓")} ${expires}${byProcess ? " *" : ""}`];
}

/** `✓ 59 written to ~/.aws/credentials · ✗ 1 refused` */
function closingLines(
  { paths, ports: { environment: { home } } }: AppContext,
  { good, bad }: Style,
  { profiles, failed }: RefreshResult,
): string {
  const served = profiles.filter(({ byProcess }) => byProcess).length;
  const written = profiles.length - served;
  const path = paths.awsCredentials;
  const file = path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
  const parts = [
    written > 0 && good(`✓ ${written} written to ${showUntrusted(file)}`),
    served > 0 && good(`✓ ${served} renewed in the cache (*)`),
    failed.length > 0 && bad(`✗ ${failed.length} refused`),
  ].filter((part) => part !== false);
  const lines = parts.length === 0 ? [] : [parts.join(" · ")];
  if (served > 0) {
    lines.push(
      "*: AWS tools call okta-aws for these (credential_process), so no keys are written. " +
        "For keys, remove their credential_process from the AWS config file.",
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** One entry for the roles that failed for the same reason. */
function groupFailures(
  failed: readonly FailedRole[],
  isTerminal: boolean,
): { message: string; hint?: string }[] {
  const groups = Map.groupBy(failed, ({ error: { code, hint } }) => `${code}\n${hint}`);
  return [...groups.values()].map((group) => {
    const [{ role, roleArn, error }] = group as [FailedRole];
    // A person sees the role in the table; a log has to name it whole.
    const what = group.length === 1
      ? isTerminal ? roleLabel(role) : showUntrusted(roleArn)
      : `${group.length} roles, such as ${roleLabel(role)}`;
    const message = `${what}: ${showUntrusted(error.message)}`;
    return error.hint === undefined ? { message } : { message, hint: error.hint };
  });
}
