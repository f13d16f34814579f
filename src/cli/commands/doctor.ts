/** `doctor`: diagnoses problems and suggests fixes. @module */

import { openDoctor } from "../../doctor/context.ts";
import type { Level } from "../../doctor/finding.ts";
import { type CheckFinding, CHECKS, runChecks } from "../../doctor/run_checks.ts";
import { VERSION } from "../../version.ts";
import type { Invocation } from "../invocation.ts";
import { wrapText } from "../output.ts";

const SIGNS: Record<Level, string> = { ok: "ok", note: "--", warning: "!!", error: "XX" };

/** The width of a sign and the space after it. */
const INDENT = 4;

function formatFinding({ check, level, message, fix }: CheckFinding, columns: number): string {
  const text = wrapText(`${check}: ${message}`, columns - INDENT);
  const fixLines = fix === undefined
    ? []
    : wrapText(`fix: ${fix.replace(/^run: /, "")}`, columns - INDENT);
  return [...text, ...fixLines].map((line, index) =>
    `${(index === 0 ? SIGNS[level] : "").padEnd(INDENT)}${line}\n`
  ).join("");
}

/** The JSON calls a fix `mend`, as scripts know it. */
function findingToJson({ fix, ...finding }: CheckFinding): Record<string, unknown> {
  return { ...finding, ...(fix !== undefined && { mend: fix }) };
}

function formatCount(findings: readonly CheckFinding[], level: Level): string | undefined {
  const { length } = findings.filter((finding) => finding.level === level);
  return length === 0 ? undefined : `${length} ${level}${length === 1 ? "" : "s"}`;
}

/** Prints no secret: the output may be pasted into an issue. */
export async function runDoctor({ ports, flags }: Invocation): Promise<void> {
  const findings = await runChecks(CHECKS, await openDoctor(ports, flags));
  const { runtime } = ports.environment;
  const { output } = ports;
  if (flags.json) {
    const answer = { version: VERSION, runtime, findings: findings.map(findingToJson) };
    return output.answer(`${JSON.stringify(answer)}\n`);
  }
  const columns = Math.min(output.columns, 80);
  output.answer(`okta-aws ${VERSION}, ${runtime}\n\n`);
  for (const finding of findings) {
    if (finding.level === "ok" && flags.quiet) continue;
    output.answer(formatFinding(finding, columns));
  }
  const counts = [formatCount(findings, "error"), formatCount(findings, "warning")]
    .filter((count) => count !== undefined);
  output.answer(counts.length === 0 ? "\nno problems found\n" : `\n${counts.join(", ")}\n`);
}
