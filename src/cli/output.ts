/** How errors, times and progress look. @module */

import { Fault, OktaAwsError } from "../errors.ts";
import { formatSpan } from "../app/time_left.ts";
import type { Output } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { wrapText } from "../wrap_text.ts";

function details(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    const stack = (at.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    lines.push(`${at.name}: ${showUntrusted(at.message)}`, ...stack.map(showUntrusted));
  }
  return lines;
}

/** With the codes and ids of Okta and AWS, for their support and for programs. */
export function fullMessage({ message, code, reference }: OktaAwsError): string {
  const plain = showUntrusted(message);
  return reference === undefined ? plain : `${plain.replace(` (${code})`, "")} (${reference})`;
}

/**
 * Prints an error to standard error.
 *
 * @param style `json`: as one JSON object; `debug`: with stacks and causes.
 */
export function reportError(
  output: Output,
  thrown: unknown,
  style: { json: boolean; debug: boolean },
): void {
  const error = thrown instanceof OktaAwsError
    ? thrown
    : new Fault(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  const { code, hint } = error;
  const message = style.json || style.debug ? fullMessage(error) : showUntrusted(error.message);
  if (style.json) output.notice(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else output.notice(wrapNotice(output, `okta-aws: ${message}`, hint));
  if (style.debug) output.notice(details(thrown).map((line) => `  ${line}\n`).join(""));
}

/** A message and its hint, indented and wrapped at words on a terminal. */
export function wrapNotice(
  output: Pick<Output, "noticeIsTerminal" | "columns">,
  message: string,
  hint?: string,
): string {
  const columns = output.noticeIsTerminal ? output.columns : Infinity;
  const hints = hint === undefined
    ? []
    : hint.split("\n").flatMap((line) => wrapText(line, columns - 2));
  const lines = [...wrapText(message, columns), ...hints.map((line) => `  ${line}`)];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * A time in the local time zone: `14:05`, or `2026-01-31 14:05` if it is not today.
 *
 * @param moment Milliseconds since the Unix epoch, as is `now`.
 */
export function formatMoment(moment: number, now: number): string {
  const local = (time: number) => {
    const date = new Date(time);
    const shifted = new Date(time - date.getTimezoneOffset() * 60_000).toISOString();
    return [shifted.slice(0, 10), shifted.slice(11, 16)] as const;
  };
  const [day, time] = local(moment);
  return day === local(now)[0] ? time : `${day} ${time}`;
}

/** A path as a person writes it: `~/.aws/config`. */
export function showPath(path: string, home: string): string {
  const shown = showUntrusted(path);
  const start = `${showUntrusted(home)}/`;
  return home !== "" && shown.startsWith(start) ? `~/${shown.slice(start.length)}` : shown;
}

/** When something expires: `41m (17:25)`. */
export function formatExpiration(moment: number, now: number): string {
  return `${formatSpan(moment - now)} (${formatMoment(moment, now)})`;
}
