/**
 * `doctor`: finds what is wrong and says how to mend it.
 *
 * @module
 */

import { CHECKS } from "../../doctor/checks.ts";
import { openDoctor } from "../../doctor/context.ts";
import type { Level } from "../../doctor/finding.ts";
import { type CheckFinding, runChecks } from "../../doctor/run_checks.ts";
import { VERSION } from "../../version.ts";
import type { Invocation } from "../invocation.ts";
import { wrapText } from "../wrap_text.ts";

const SIGNS: Record<Level, string> = { ok: "ok", note: "--", warning: "!!", error: "XX" };

/** How far text stands in behind the signs. */
const INDENT = 4;

function formatFinding({ check, level, message, mend }: CheckFinding, columns: number): string {
  const text = wrapText(`${check}: ${message}`, columns - INDENT);
  const mends = mend === undefined ? [] : wrapText(`→ ${mend}`, columns - INDENT);
  return [...text, ...mends].map((line, index) =>
    `${(index === 0 ? SIGNS[level] : "").padEnd(INDENT)}${line}\n`
  ).join("");
}

function count(findings: readonly CheckFinding[], level: Level): string | undefined {
  const { length } = findings.filter((finding) => finding.level === level);
  return length === 0 ? undefined : `${length} ${level}${length === 1 ? "" : "s"}`;
}

/**
 * Shows what the checks find. Nothing of it is secret: it may be pasted into an issue.
 *
 * @param invocation The command line.
 */
export async function runDoctor({ ports, flags }: Invocation): Promise<void> {
  const context = await openDoctor(ports, flags);
  const findings = await runChecks(CHECKS, context);
  const { runtime } = ports.environment;
  const { output } = ports;
  if (flags.json) {
    return output.answer(`${JSON.stringify({ version: VERSION, runtime, findings })}\n`);
  }
  const columns = Math.min(output.columns, 80);
  output.answer(`okta-aws ${VERSION}, ${runtime}\n\n`);
  for (const finding of findings) {
    if (finding.level === "ok" && flags.quiet) continue;
    output.answer(formatFinding(finding, columns));
  }
  const wrong = [count(findings, "error"), count(findings, "warning")]
    .filter((word) => word !== undefined);
  output.answer(wrong.length === 0 ? "\nnothing is wrong\n" : `\n${wrong.join(", ")}\n`);
}
