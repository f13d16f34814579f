/**
 * The controlling terminal as a port: who may ask, one at a time, and which prompt is used.
 *
 * @module
 */

import { InteractionError } from "../../errors.ts";
import type {
  AskOptions,
  Choice,
  ChoiceToggle,
  Environment,
  Files,
  HeldLock,
  Terminal,
} from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { PromptStreams, TypedAhead } from "./tty_prompt.ts";
import { pathIn } from "../files/paths.ts";
import type { PromptConfig } from "./prompts.ts";
import { openTtyDevice, writeToTty } from "./tty_device.ts";
import { findTtyPlace } from "./tty_place.ts";

/** What the terminal needs. */
export interface TerminalSettings {
  /** Where `NO_COLOR` and `TERM` are looked up. */
  environment: Pick<Environment, "get">;
  /** Locks. */
  files: Pick<Files, "lock">;
  /** The folder of the lock files that keep askers apart, absolute: the cache's. */
  lockFolder: string;
  /** Whether colours may be used besides what `NO_COLOR` and `TERM` say; they may if left out. */
  color?: boolean;
}

/** How long to wait until another process's question is answered, where the caller sets no limit. */
const TURN_MILLISECONDS = 60_000;

/** The prompts, drawn or plain. */
type Prompts = Pick<
  typeof import("./prompts.ts"),
  "textPrompt" | "secretPrompt" | "confirmPrompt" | "choicePrompt"
>;

interface Question<T> {
  options: AskOptions;
  takesTypedAhead: boolean;
  put: (prompts: Prompts, config: PromptConfig, streams: PromptStreams) => Promise<T>;
}

function cannotAsk(): InteractionError {
  return new InteractionError("somebody has to answer a question, and no terminal is at hand", {
    code: "no_terminal",
    hint: "run the command in the foreground of a terminal",
  });
}

async function requireForeground(): Promise<string> {
  const place = await findTtyPlace();
  if (place?.foreground !== true) throw cannotAsk();
  return place.name;
}

function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function takeTurn(settings: TerminalSettings, options: AskOptions): Promise<HeldLock> {
  const path = pathIn(settings.lockFolder, `${await requireForeground()}.lock`);
  const turn = settings.files.lock(path, {
    timeoutMilliseconds: options.timeoutMilliseconds ?? TURN_MILLISECONDS,
  });
  let given = false;
  try {
    const lock = await Promise.race([turn, aborted(options.signal)]);
    given = true;
    if (lock !== undefined) return lock;
  } finally {
    // Whoever gave up waiting must not keep a turn that comes later.
    if (!given) turn.then((lock) => lock?.release(), () => {});
  }
  throw new InteractionError("another okta-aws is asking on this terminal", {
    code: "terminal_busy",
    hint: "answer that one first, then run the command again",
  });
}

function isDumb(environment: TerminalSettings["environment"]): boolean {
  return environment.get("TERM") === "dumb";
}

function mayColor(settings: TerminalSettings): boolean {
  const { environment, color = true } = settings;
  return color && environment.get("NO_COLOR") === undefined && !isDumb(environment);
}

async function loadPrompts(settings: TerminalSettings): Promise<Prompts> {
  return isDumb(settings.environment)
    ? await import("./plain_prompts.ts")
    : await import("./prompts.ts");
}

async function askOnDevice<T>(
  question: Question<T>,
  settings: TerminalSettings,
  ahead: TypedAhead,
): Promise<T> {
  const { options, takesTypedAhead, put } = question;
  const [prompts, { converse }] = await Promise.all([
    loadPrompts(settings),
    import("./tty_prompt.ts"),
  ]);
  // Reading from the background would stop the process; it may have got there while it waited.
  await requireForeground();
  const device = await openTtyDevice();
  const [color, columns] = [mayColor(settings), device.columns()];
  try {
    return await converse(device, ahead, {
      prompt: (streams) =>
        put(prompts, { question: options.question, color, columns, typed: streams.typed }, streams),
      takesTypedAhead,
      escapes: !isDumb(settings.environment),
      signal: options.signal,
      timeoutMilliseconds: options.timeoutMilliseconds,
    });
  } finally {
    device.close();
  }
}

async function ask<T>(
  question: Question<T>,
  settings: TerminalSettings,
  ahead: TypedAhead,
): Promise<T> {
  question.options.signal?.throwIfAborted();
  const turn = await takeTurn(settings, question.options);
  try {
    return await askOnDevice(question, settings, ahead);
  } finally {
    turn.release();
  }
}

/**
 * The controlling terminal. Questions are drawn by `@inquirer/core`, loaded at the first of them;
 * where `TERM` is `dumb`, as plain lines.
 *
 * Keys typed before a question are its answer if it asks for text or a secret; a menu and a yes or
 * no begin with none. One process asks at a time on each terminal; the next waits for its turn.
 *
 * @param settings The other ports.
 * @returns The port. The `ask…` methods reject with `InterruptedError`, and with an
 * `InteractionError`: `no_terminal`, `terminal_busy`, `unanswered`. `write` goes to standard error
 * where there is no terminal.
 */
export function createTerminal(settings: TerminalSettings): Terminal {
  const ahead: TypedAhead = { text: "" };
  const askOne = <T>(
    options: AskOptions,
    takesTypedAhead: boolean,
    put: Question<T>["put"],
  ): Promise<T> => ask({ options, takesTypedAhead, put }, settings, ahead);
  return {
    canAsk: async () => (await findTtyPlace())?.foreground === true,
    write: (text) => {
      if (!writeToTty(text)) Deno.stderr.writeSync(new TextEncoder().encode(text));
    },
    askText: (options) =>
      askOne(options, true, (prompts, config, streams) => {
        const { initial } = options;
        return prompts.textPrompt(initial === undefined ? config : { ...config, initial }, streams);
      }),
    askSecret: async (options) =>
      new Secret(
        await askOne(options, true, (prompts, config, streams) =>
          prompts.secretPrompt(config, streams)),
      ),
    askConfirm: (options) =>
      askOne(
        options,
        false,
        (prompts, config, streams) =>
          prompts.confirmPrompt({ ...config, initial: options.initial }, streams),
      ),
    askChoice: async <T>(
      options: AskOptions & { choices: Choice<T>[]; toggle?: ChoiceToggle },
    ): Promise<T> => {
      const { choices, toggle } = options;
      const names = choices.map(({ name }) => showUntrusted(name));
      const { at, on } = await askOne(
        options,
        false,
        (prompts, config, streams) => prompts.choicePrompt({ ...config, names, toggle }, streams),
      );
      toggle?.onAnswer(on);
      return choices[at]!.value;
    },
  };
}
