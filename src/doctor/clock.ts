/**
 * `doctor`: this machine's clock against the servers' `Date`.
 *
 * @module
 */

import { type Check, type DoctorContext, type Finding, type Server } from "./finding.ts";

/** A one-time code is good for half a minute. */
const CODES_MILLISECONDS = 25_000;

/** AWS takes signatures and assertions that are five minutes off. */
const AWS_MILLISECONDS = 5 * 60_000;

function inWords(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}

async function findingOf(context: DoctorContext, { name, url }: Server): Promise<Finding[]> {
  const { response, at } = await context.reach(url);
  const theirs = Date.parse(response?.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return [];
  // The header has whole seconds.
  const ahead = at - theirs - 500;
  const off = Math.abs(ahead);
  const side = ahead > 0 ? "ahead of" : "behind";
  if (off < CODES_MILLISECONDS) {
    return [{ level: "ok", code: "clock", message: `this machine's clock is ${name}'s` }];
  }
  const isFar = off >= AWS_MILLISECONDS;
  return [{
    level: isFar ? "error" : "warning",
    code: "clock_skew",
    message: `this machine's clock is ${inWords(off)} ${side} ${name}'s: ` +
      (isFar ? "AWS refuses what is signed by it" : "one-time codes may be refused"),
    mend: "set the clock: timedatectl set-ntp true (macOS: sntp -sS time.apple.com, " +
      "Windows: w32tm /resync)",
  }];
}

/** The check. */
export const clock: Check = {
  name: "clock",
  run: async (context) =>
    (await Promise.all(context.servers.map((server) => findingOf(context, server)))).flat(),
};
