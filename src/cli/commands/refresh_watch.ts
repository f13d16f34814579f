/** `refresh --watch`: renews before expiry and reports what has changed. @module */

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
import { formatMoment, reportError } from "../output.ts";

/** When to retry roles that failed because of a server or the network. */
const RETRY_MILLISECONDS = 60_000;

/**
 * Refreshes once and reports the result.
 *
 * @param before The profiles after the last refresh; `undefined` the first time.
 */
export type RefreshOnce = (
  flags: Flags,
  before: readonly LivingProfile[] | undefined,
) => Promise<RefreshResult>;

/**
 * Refreshes before the first credentials expire, as long as there are any; returns the last result.
 *
 * @throws {UsageError} `watch_dry_run`, `watch_pick`
 */
export async function watchRefresh(
  invocation: Invocation,
  refreshOnce: RefreshOnce,
): Promise<RefreshResult | undefined> {
  const { ports: { clock, output }, flags } = invocation;
  rejectConflictingFlags(flags);
  let last: RefreshResult | undefined;
  let before: LivingProfile[] | undefined;
  await watch({
    clock,
    async renew() {
      const first = before === undefined;
      const again = { ...flags, force: first && (flags.force ?? false) };
      last = await refreshOnce(again, before).catch(async (error) => {
        // Nobody watches the terminal of a program that has run for hours.
        if (!first && needsPerson(error)) await notify(invocation, error.message);
        throw error;
      });
      const now = livingProfiles(last, before);
      if (before !== undefined) {
        await notify(invocation, describeChanges(profileChanges(before, now)));
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

function rejectConflictingFlags({ dryRun, pick }: Flags): void {
  if (dryRun) {
    throw new UsageError("--watch and --dry-run can't be used together", { code: "watch_dry_run" });
  }
  if (pick) {
    throw new UsageError("--watch and --pick can't be used together", { code: "watch_pick" });
  }
}

async function notify({ ports, flags }: Invocation, message: string): Promise<void> {
  if (message === "" || flags.quiet) return;
  const text = showUntrusted(message);
  ports.output.notice(`${text}\n`);
  await (await ports.processes()).notify("okta-aws", text);
}

function needsPerson(error: unknown): error is OktaAwsError {
  return error instanceof SignInError || error instanceof InteractionError;
}

/** Soon if the network made roles fail, but not for roles that AWS refuses. */
function nextRenewal(
  { profiles, failed, failedAccounts }: RefreshResult,
  now: number,
): number | undefined {
  const ends = profiles.map(({ freshUntil }) => freshUntil);
  if ([...failed, ...failedAccounts].some(({ error }) => error instanceof NetworkError)) {
    ends.push(now + RETRY_MILLISECONDS);
  }
  return ends.length === 0 ? undefined : Math.min(...ends);
}
