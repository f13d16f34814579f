/**
 * A note on the person's desktop, by the system's own program.
 *
 * @module
 */

import type { Environment } from "../../ports.ts";
import { childEnvironment } from "./child_environment.ts";

/** A program that shows a note, and what it reads. */
export interface Notifier {
  /** The program and its arguments. */
  command: [string, ...string[]];
  /** What it reads on standard input. */
  input?: string;
}

/** A desktop that does not answer is not waited for. */
const PATIENCE_MILLISECONDS = 3_000;

/**
 * Which program shows a note.
 *
 * @param title What it is about.
 * @param text What it says.
 * @param os The system.
 * @returns The program; `undefined` where the system has none that is made for it.
 */
export function notifier(
  title: string,
  text: string,
  os: Environment["os"],
): Notifier | undefined {
  if (os === "linux") {
    // Desktops read the text as markup.
    const plain = text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
    return { command: ["notify-send", "--app-name=okta-aws", "--", title, plain] };
  }
  if (os !== "darwin") return undefined;
  const quoted = (words: string) => `"${words.replace(/["\\]/g, "\\$&")}"`;
  const input = `display notification ${quoted(text)} with title ${quoted(title)}\n`;
  return { command: ["/usr/bin/osascript", "-"], input };
}

/**
 * Shows a note where that can be done; that it can't is no failure.
 *
 * @param title What it is about.
 * @param text What it says.
 * @param environment The system.
 */
export async function showNotification(
  title: string,
  text: string,
  environment: Pick<Environment, "all" | "os">,
): Promise<void> {
  const found = notifier(title, text, environment.os);
  if (found === undefined) return;
  const { command: [program, ...args], input } = found;
  try {
    const child = new Deno.Command(program, {
      args,
      env: childEnvironment(environment.all()),
      clearEnv: true,
      stdin: input === undefined ? "null" : "piped",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
    }).spawn();
    if (input !== undefined) await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
    await child.status;
  } catch {
    // There is no such program.
  }
}
