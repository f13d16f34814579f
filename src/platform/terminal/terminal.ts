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
import { wrapLines } from "../../wrap_text.ts";
import { pathIn } from "../files/paths.ts";
import { clearStatus, consoleColumns, withoutStatus } from "./output.ts";
import { type MenuEntry, type PromptConfig, STEP_BACK } from "./prompt_parts.ts";
import { findTtyPlace, openTtyDevice, writeToTty } from "./tty_device.ts";
import type { PromptStreams, TypedAhead } from "./tty_prompt.ts";

export interface TerminalSettings {
  /** Has `NO_COLOR` and `TERM`. */
  environment: Pick<Environment, "get">;
  files: Pick<Files, "lock">;
  /** Where the locks are that let one process ask at a time; absolute. */
  lockFolder: string;
  /** Whether colours are used, unless `NO_COLOR` or `TERM` forbid them (default: yes). */
  color?: boolean;
}

/** How long to wait for another process's question to be answered, unless the caller sets a limit. */
const TURN_MILLISECONDS = 60_000;

type AllPrompts = typeof import("./prompts.ts");
type PlainPrompts = typeof import("./plain_prompts.ts");
type TtyPrompt = typeof import("./tty_prompt.ts");

type Prompts = Pick<
  AllPrompts,
  "textPrompt" | "secretPrompt" | "confirmPrompt" | "choicePrompt" | "choicesPrompt"
>;

interface Question<T> {
  options: AskOptions;
  takesTypedAhead: boolean;
  put: (
    prompts: Prompts,
    config: PromptConfig,
    streams: PromptStreams,
  ) => Promise<T | typeof STEP_BACK>;
}

function cannotAsk(): InteractionError {
  return new InteractionError("can't ask a question: no terminal", {
    code: "no_terminal",
    hint: "run the command in the foreground of a terminal",
  });
}

function stepBack(): InteractionError {
  return new InteractionError("back to the question before", { code: "step_back" });
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
    // We stopped waiting, so a turn that comes later has to be given up.
    if (!given) turn.then((lock) => lock?.release(), () => {});
  }
  throw new InteractionError("another okta-aws is asking on this terminal", {
    code: "terminal_busy",
    hint: "answer that one first, then try again",
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
    ? await import("./plain_prompts.ts" as string) as PlainPrompts
    : await import("./prompts.ts" as string) as AllPrompts;
}

function toEntry({ name, short = name, keywords = name }: Choice<unknown>): MenuEntry {
  return {
    name: showUntrusted(name),
    short: showUntrusted(short),
    keywords: showUntrusted(keywords),
  };
}

async function askOnDevice<T>(
  question: Question<T>,
  settings: TerminalSettings,
  ahead: TypedAhead,
): Promise<T> {
  const { options, takesTypedAhead, put } = question;
  const [prompts, { askOnTty }] = await Promise.all([
    loadPrompts(settings),
    import("./tty_prompt.ts" as string) as Promise<TtyPrompt>,
  ]);
  // It may have been moved to the background while it waited; a read there would stop it.
  await requireForeground();
  const device = await openTtyDevice();
  const [color, columns] = [mayColor(settings), device.columns()];
  const { question: text, canGoBack, until } = options;
  try {
    const answer = await askOnTty(device, ahead, {
      prompt: (streams) =>
        put(
          prompts,
          { question: text, canGoBack, until, color, columns, typed: streams.typed },
          streams,
        ),
      takesTypedAhead,
      escapes: !isDumb(settings.environment),
      signal: options.signal,
      timeoutMilliseconds: options.timeoutMilliseconds,
    });
    if (answer === STEP_BACK) throw stepBack();
    return answer;
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
  const end = withoutStatus();
  try {
    return await askOnDevice(question, settings, ahead);
  } finally {
    end();
    turn.release();
  }
}

/**
 * The `Terminal` port. `@inquirer/core`, loaded at the first question, draws the questions; if `TERM`
 * is `dumb` they are plain lines.
 *
 * Keys typed before a question are its answer if it asks for text or a secret; menus and yes/no
 * questions drop them. On each terminal one process asks at a time, the others wait.
 *
 * The `ask…` methods reject with `InterruptedError`, and with an `InteractionError`: `no_terminal`,
 * `terminal_busy`, `unanswered`. `write` goes to standard error if there is no terminal.
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
      clearStatus();
      const shown = wrapLines(text, consoleColumns());
      if (!writeToTty(shown)) Deno.stderr.writeSync(new TextEncoder().encode(shown));
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
      options: AskOptions & { choices: Choice<T>[]; toggle?: ChoiceToggle; filter?: string },
    ): Promise<T> => {
      const { choices, toggle, filter } = options;
      const entries = choices.map(toEntry);
      const { at, on } = await askOne(
        options,
        false,
        (prompts, config, streams) =>
          prompts.choicePrompt({ ...config, entries, toggle, filter }, streams),
      );
      toggle?.onAnswer(on);
      return choices[at]!.value;
    },
    askChoices: async <T>(
      options: AskOptions & { choices: Choice<T>[]; ticked: readonly T[] },
    ): Promise<T[]> => {
      const { choices } = options;
      const entries = choices.map(toEntry);
      const ticked = [...choices.keys()].filter((at) =>
        options.ticked.includes(choices[at]!.value)
      );
      const chosen = await askOne(
        options,
        false,
        (prompts, config, streams) =>
          prompts.choicesPrompt({ ...config, entries, ticked }, streams),
      );
      return chosen.map((at) => choices[at]!.value);
    },
  };
}
