/**
 * `refresh --watch`: again and again, and who is told what has changed.
 *
 * @module
 */

import {
  InteractionError,
  NetworkError,
  type OktaAwsError,
  SignInError,
  UsageError,
} from "../../errors.ts";
import {
  describeChanges,
  type LivingProfile,
  livingProfiles,
  profileChanges,
} from "../../profiles/profile_changes.ts";
import type { RefreshResult } from "../../profiles/refresh.ts";
import { watch } from "../../profiles/watch.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import type { Flags } from "../flags.ts";
import { formatMoment, reportError } from "../report.ts";

/** When roles are asked for again that a server's trouble has cost. */
const RETRY_MILLISECONDS = 60_000;

/**
 * Refreshes once and shows what came of it.
 *
 * @param flags The command line's.
 * @param before What there was after the last time; `undefined` the first time.
 * @returns What came of it.
 */
export type RefreshOnce = (
  flags: Flags,
  before: readonly LivingProfile[] | undefined,
) => Promise<RefreshResult>;

/**
 * Refreshes before the first credentials end, for as long as there are any.
 *
 * @param invocation The command line.
 * @param refreshOnce Does it once.
 * @returns What came of the last time.
 * @throws {UsageError} `watch_dry_run`, `watch_pick`
 */
export async function watchRefresh(
  invocation: Invocation,
  refreshOnce: RefreshOnce,
): Promise<RefreshResult | undefined> {
  const { ports: { clock, output }, flags } = invocation;
  refuseOnceOnly(flags);
  let last: RefreshResult | undefined;
  let before: LivingProfile[] | undefined;
  await watch({
    clock,
    async renew() {
      const first = before === undefined;
      const again = { ...flags, force: first && (flags.force ?? false) };
      last = await refreshOnce(again, before).catch(async (error) => {
        // Nobody looks at the terminal of a program that has run since the morning.
        if (!first && needsPerson(error)) await tell(invocation, error.message);
        throw error;
      });
      const now = livingProfiles(last, before);
      if (before !== undefined) {
        await tell(invocation, describeChanges(profileChanges(before, now)));
      }
      before = now;
      return nextRenewal(last, clock.now());
    },
    onNext(at, failure) {
      const { json = false, debug = false } = flags;
      if (failure !== undefined) reportError(output, failure, { json, debug });
      const word = failure === undefined ? "renewing" : "trying again";
      if (!flags.quiet) output.notice(`${word} at ${formatMoment(at, clock.now())}\n`);
    },
  });
  return last;
}

function refuseOnceOnly({ dryRun, pick }: Flags): void {
  if (dryRun) {
    throw new UsageError("--watch and --dry-run don't go together", { code: "watch_dry_run" });
  }
  if (pick) throw new UsageError("--watch and --pick don't go together", { code: "watch_pick" });
}

async function tell({ ports, flags }: Invocation, words: string): Promise<void> {
  if (words === "" || flags.quiet) return;
  const text = showUntrusted(words);
  ports.output.notice(`${text}\n`);
  await (await ports.processes()).notify("okta-aws", text);
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
