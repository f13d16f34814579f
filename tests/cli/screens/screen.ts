/**
 * What a person sees: the program's bytes, drawn by a terminal emulator, compared with the screens
 * in this folder. `OKTA_AWS_UPDATE_SCREENS=1` writes them again.
 *
 * @module
 */

import assert from "node:assert/strict";
import xterm from "@xterm/headless";
import { startOnTerminal } from "../../real/pseudo_terminal.ts";
import { type Home, programCommand, programEnvironment } from "../program.ts";

/** A longer wait counts as hung. */
const PATIENCE_MILLISECONDS = 45_000;

/** A screen that stays for this time is complete; for writing expected screens alone. */
const QUIET_MILLISECONDS = 3_000;

const ROWS = 200;

const folder = decodeURIComponent(new URL(".", import.meta.url).pathname);
const isUpdating = Deno.env.get("OKTA_AWS_UPDATE_SCREENS") === "1";

/** A program on a terminal of a given size. */
export interface Screen {
  /** The lines as they are now, without what differs between runs. */
  text(): string;
  /** Waits until the screen shows this. */
  until(text: string): Promise<void>;
  type(keys: string): Promise<void>;
  /** Waits for a question, then types the answer and Enter. */
  answer(question: string, answer: string): Promise<void>;
  /** Waits until the screen is the one in the file of this name. */
  shows(name: string): Promise<void>;
  /** Waits for the exit; returns the code and all bytes. */
  end(): Promise<{ code: number; bytes: string }>;
}

export interface ScreenOptions {
  columns: number;
  env?: Record<string, string>;
  /** What else differs between runs, as text of the same width. */
  replace?: readonly (readonly [RegExp | string, string])[];
}

/** A zone in which it is about noon: no expiry falls on another day. */
function noonZone(): string {
  const shift = 12 - new Date().getUTCHours();
  // POSIX signs: Etc/GMT-3 is east.
  return shift === 0 ? "UTC" : `Etc/GMT${shift > 0 ? "-" : "+"}${Math.abs(shift)}`;
}

/** Times and ports keep their width. */
const VARYING: NonNullable<ScreenOptions["replace"]> = [
  [/\b\d\d:\d\d\b/g, "HH:MM"],
  [/127\.0\.0\.1:\d{5}/g, "127.0.0.1:PORT_"],
  [/\b5\dm\b/g, "59m"],
];

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Starts the program on a terminal of its own. */
export async function openScreen(
  home: Home,
  args: readonly string[],
  { columns, env = {}, replace = [] }: ScreenOptions,
): Promise<Screen> {
  const command = ["timeout", "--foreground", "60", ...programCommand(), ...args].map(quote);
  const terminal = startOnTerminal(
    `stty cols ${columns} rows 40; exec ${command.join(" ")}`,
    await programEnvironment(home.folder, {
      TERM: "xterm-256color",
      ...home.env,
      TZ: noonZone(),
      ...env,
    }),
  );
  const emulator = new xterm.Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
  let bytes = "";
  let drawing: Promise<string | undefined> | undefined;
  const drawNext = async (): Promise<string | undefined> => {
    const chunk = await terminal.read();
    bytes += chunk ?? "";
    if (chunk !== undefined) {
      await new Promise<void>((resolve) => emulator.write(chunk, resolve));
    }
    drawing = undefined;
    return chunk;
  };
  /** Draws what comes next, once, whoever waits for it; `undefined` at the end. */
  const draw = (): Promise<string | undefined> => drawing ??= drawNext();
  const text = (): string => {
    const { active } = emulator.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, at) => active.getLine(at)!.translateToString(true),
    );
    const whole = `${lines.join("\n").trimEnd()}\n`.replaceAll(home.folder, "~");
    return [...VARYING, ...replace].reduce((all, [what, by]) => all.replaceAll(what, by), whole);
  };
  const waitFor = async (is: () => boolean, otherwise: () => void): Promise<void> => {
    const deadline = AbortSignal.timeout(PATIENCE_MILLISECONDS);
    const isLate = new Promise<"late">((resolve) =>
      deadline.addEventListener("abort", () => resolve("late"), { once: true })
    );
    while (!is()) {
      const came = await Promise.race([draw(), isLate]);
      if (came === "late" || came === undefined) {
        otherwise();
        throw new Error(`${came === "late" ? "it waits" : "it ended"} with:\n${text()}`);
      }
    }
  };
  const until = (part: string) =>
    waitFor(
      () => text().includes(part),
      () => assert.ok(text().includes(part), `${part}: ${text()}`),
    );
  return {
    text,
    until,
    type: (keys) => terminal.type(keys),
    async answer(question, answer) {
      await until(question);
      await terminal.type(`${answer}\r`);
    },
    async shows(name) {
      const path = `${folder}${name}.${columns}.txt`;
      if (isUpdating) return await keepScreen(path, draw, text);
      const expected = await Deno.readTextFile(path);
      await waitFor(() => text() === expected, () => assert.equal(text(), expected));
    },
    async end() {
      while (await draw() !== undefined) { /* until it ends */ }
      const { code } = await terminal.end();
      return { code, bytes };
    },
  };
}

/** Waits until nothing changes any more: a countdown is drawn again each second. */
async function keepScreen(
  path: string,
  draw: () => Promise<string | undefined>,
  text: () => string,
): Promise<void> {
  let last = text();
  for (let since = Date.now(); Date.now() - since < QUIET_MILLISECONDS;) {
    const { promise, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(() => resolve(""), QUIET_MILLISECONDS);
    const came = await Promise.race([draw(), promise]);
    clearTimeout(timer);
    if (came === undefined) break;
    if (text() !== last) since = Date.now();
    last = text();
  }
  await Deno.writeTextFile(path, text());
}
