/** `doctor`: diagnoses problems and suggests fixes. @module */

import { openDoctor } from "../../doctor/context.ts";
import type { Level } from "../../doctor/finding.ts";
import { type CheckFinding, CHECKS, runChecks } from "../../doctor/run_checks.ts";
import { VERSION } from "../../version.ts";
import type { Invocation } from "../invocation.ts";
import { wrapText } from "../../wrap_text.ts";
import { type Style, styleOf } from "../style.ts";

const SIGNS: Record<Level, string> = { ok: "✓", note: "·", warning: "!", error: "✗" };

/** Problems first. */
const ORDER: readonly Level[] = ["error", "warning", "note", "ok"];

/** The width of a sign and the space after it. */
const INDENT = 2;

/** Longer lines are hard to read. */
const MOST_COLUMNS = 110;

/** For output that is pasted somewhere. */
const USUAL_COLUMNS = 80;

function mark({ good, bad, warn }: Style, level: Level, text: string): string {
  if (level === "error") return bad(text);
  if (level === "warning") return warn(text);
  return level === "ok" ? good(text) : text;
}

function formatFinding(style: Style, { check, level, message, fix }: CheckFinding): string {
  const columns =
    (Number.isFinite(style.columns) ? Math.min(style.columns, MOST_COLUMNS) : USUAL_COLUMNS) -
    INDENT;
  const [first, ...more] = wrapText(`${check}: ${message}`, columns);
  const fixLines = fix === undefined
    ? []
    : wrapText(`fix: ${fix.replace(/^run: /, "")}`, columns - INDENT).map((line) => `  ${line}`);
  const lines = [`${SIGNS[level]} ${first}`, ...[...more, ...fixLines].map((line) => `  ${line}`)];
  return lines.map((line, index) => `${index === 0 ? mark(style, level, line) : line}\n`).join("");
}

/** The JSON calls a fix `mend`, as scripts know it. */
function findingToJson({ fix, ...finding }: CheckFinding): Record<string, unknown> {
  return { ...finding, ...(fix !== undefined && { mend: fix }) };
}

function formatCounts(
  style: Style,
  findings: readonly CheckFinding[],
  isComplete: boolean,
): string {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const worst: Level = errors > 0 ? "error" : warnings > 0 ? "warning" : "ok";
  const parts = [
    errors + warnings === 0 && "no problems",
    errors > 0 && plural(errors, "problem"),
    warnings > 0 && plural(warnings, "warning"),
    `${count("ok") + count("note")} passed${isComplete ? "" : " (--all shows all)"}`,
  ].filter((part) => part !== false);
  return mark(style, worst, `${SIGNS[worst]} ${parts.join(", ")}`);
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
  const style = styleOf({ ports, flags }, "answer");
  const isComplete = flags.all ?? false;
  output.answer(`${formatCounts(style, findings, isComplete)}\n`);
  for (const level of isComplete ? ORDER : ORDER.slice(0, 2)) {
    for (const finding of findings.filter((one) => one.level === level)) {
      output.answer(formatFinding(style, finding));
    }
  }
  output.answer(style.faint(`okta-aws ${VERSION}, ${runtime}`) + "\n");
}
