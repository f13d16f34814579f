/**
 * The controlling terminal as a port: who may ask, one at a time, and which prompt is used.
 *
 * @module
 */

import { InteractionError } from "../errors.ts";
import type {
  AskOptions,
  Choice,
  ChoiceToggle,
  Environment,
  Files,
  HeldLock,
  Terminal,
} from "../ports.ts";
import { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { PromptStreams, TypedAhead } from "./conversation.ts";
import { pathIn } from "./paths.ts";
import type { ChoiceAnswer, ChoiceConfig, PromptConfig } from "./prompts.ts";
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

interface Question<C> {
  options: AskOptions;
  takesTypedAhead: boolean;
  /** What the prompt is given besides the common settings. */
  extra: Omit<C, keyof PromptConfig>;
  load: (prompts: Prompts) => Ask<C>;
}

type Ask<C> = (config: C, streams: PromptStreams) => Promise<unknown>;
type Prompts = Record<"textPrompt" | "secretPrompt" | "confirmPrompt" | "choicePrompt", unknown>;

function cannotAsk(): InteractionError {
  return new InteractionError("somebody has to answer a question, and no terminal is at hand", {
    code: "no_terminal",
    hint: "run the command in the foreground of a terminal",
  });
}

async function takeTurn(
  place: string,
  settings: TerminalSettings,
  options: AskOptions,
): Promise<HeldLock> {
  const lock = await settings.files.lock(pathIn(settings.lockFolder, `${place}.lock`), {
    timeoutMilliseconds: options.timeoutMilliseconds ?? TURN_MILLISECONDS,
  });
  if (lock !== undefined) return lock;
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

async function ask<C extends PromptConfig>(
  question: Question<C>,
  settings: TerminalSettings,
  ahead: TypedAhead,
): Promise<unknown> {
  const { options, extra, load, takesTypedAhead } = question;
  options.signal?.throwIfAborted();
  const place = await findTtyPlace();
  if (place?.foreground !== true) throw cannotAsk();
  const [prompts, { converse }] = await Promise.all([
    loadPrompts(settings),
    import("./conversation.ts"),
  ]);
  const lock = await takeTurn(place.name, settings, options);
  try {
    const device = await openTtyDevice();
    try {
      const color = mayColor(settings);
      const common = { question: options.question, color, columns: device.columns() };
      return await converse(device, ahead, {
        prompt: (streams) =>
          load(prompts)({ ...common, typed: streams.typed, ...extra } as unknown as C, streams),
        takesTypedAhead,
        escapes: !isDumb(settings.environment),
        signal: options.signal,
        timeoutMilliseconds: options.timeoutMilliseconds,
      });
    } finally {
      device.close();
    }
  } finally {
    lock.release();
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
  const put = <C extends PromptConfig>(question: Question<C>): Promise<unknown> =>
    ask(question, settings, ahead);
  return {
    canAsk: async () => (await findTtyPlace())?.foreground === true,
    write: (text) => {
      if (!writeToTty(text)) Deno.stderr.writeSync(new TextEncoder().encode(text));
    },
    askText: async (options) => {
      const { initial } = options;
      const extra = initial === undefined ? {} : { initial };
      const load = (prompts: Prompts) => prompts.textPrompt as Ask<PromptConfig>;
      return await put({ options, takesTypedAhead: true, extra, load }) as string;
    },
    askSecret: async (options) => {
      const load = (prompts: Prompts) => prompts.secretPrompt as Ask<PromptConfig>;
      return new Secret(await put({ options, takesTypedAhead: true, extra: {}, load }) as string);
    },
    askConfirm: async (options) => {
      const load = (prompts: Prompts) =>
        prompts.confirmPrompt as Ask<PromptConfig & { initial: boolean }>;
      const extra = { initial: options.initial };
      return await put({ options, takesTypedAhead: false, extra, load }) as boolean;
    },
    askChoice: async <T>(
      options: AskOptions & { choices: Choice<T>[]; toggle?: ChoiceToggle },
    ): Promise<T> => {
      const { choices, toggle } = options;
      const names = choices.map(({ name }) => showUntrusted(name));
      const load = (prompts: Prompts) => prompts.choicePrompt as Ask<ChoiceConfig>;
      const extra = { names, toggle };
      const { at, on } = await put({
        options,
        takesTypedAhead: false,
        extra,
        load,
      }) as ChoiceAnswer;
      toggle?.onAnswer(on);
      return choices[at]!.value;
    },
  };
}
