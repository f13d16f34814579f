/**
 * One question on the terminal, from raw mode to the terminal as it was: keys in, picture out, and
 * every way in which it can end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Stream, Writable } from "node:stream";
import { InteractionError, InterruptedError } from "../../errors.ts";
import type { TtyDevice } from "./tty_device.ts";
import { PASTE_OFF, PASTE_ON, takePiece } from "./typed_keys.ts";

/** A prompt, drawn or plain; this is how `@inquirer/core` calls them. */
export type Prompt<T, C> = (config: C, streams: PromptStreams) => Promise<T>;

/** What a prompt works with. */
export interface PromptStreams {
  /** Keys: an old-style stream, which hands them on at once. */
  input: NodeJS.ReadableStream;
  /** The picture. */
  output: NodeJS.WritableStream;
  /** Ends the prompt. */
  signal: AbortSignal;
  /** What the prompt has got so far. */
  typed: { text: string };
}

/** How a question is put. */
export interface ConversationOptions<T> {
  /** Draws and reads: `@inquirer/core`'s way of calling a prompt. */
  prompt: (streams: PromptStreams) => Promise<T>;
  /** Whether keys typed before the question may be its answer; else they are thrown away. */
  takesTypedAhead: boolean;
  /** Whether the terminal understands escape sequences. */
  escapes: boolean;
  /** Ends the question: the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
  /** Give up after this long; never where it is left out. */
  timeoutMilliseconds?: number | undefined;
}

/** How often the terminal is looked at for keys. */
const LOOK_MILLISECONDS = 15;
const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * The error for a question that nobody answered.
 *
 * @returns An `InteractionError` `unanswered`.
 */
export function unanswered(): InteractionError {
  return new InteractionError("the question was not answered in time", {
    code: "unanswered",
    hint: "run the command again when you can answer it",
  });
}

/** Aborts on whatever ends a question from outside; gives back how to stop that. */
function watchEnds(
  end: (reason: unknown) => void,
  options: Pick<ConversationOptions<unknown>, "signal" | "timeoutMilliseconds">,
): () => void {
  const { signal, timeoutMilliseconds } = options;
  const onAbort = (): void => end(signal!.reason);
  const onSignal = (): void => end(new InterruptedError());
  const timer = timeoutMilliseconds === undefined
    ? undefined
    : setTimeout(() => end(unanswered()), timeoutMilliseconds);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  for (const name of ENDING_SIGNALS) Deno.addSignalListener(name, onSignal);
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    for (const name of ENDING_SIGNALS) Deno.removeSignalListener(name, onSignal);
  };
}

/** Raw mode and paste marks, until the function given back is called, or the program exits. */
function takeOver(device: TtyDevice, escapes: boolean): () => void {
  let taken = true;
  const giveBack = (): void => {
    if (!taken) return;
    taken = false;
    globalThis.removeEventListener("unload", giveBack);
    try {
      if (escapes) device.write(PASTE_OFF);
      device.setRaw(false);
    } catch { /* the terminal has gone */ }
  };
  globalThis.addEventListener("unload", giveBack);
  device.setRaw(true);
  if (escapes) device.write(PASTE_ON);
  return giveBack;
}

function pictureStream(device: TtyDevice): Writable {
  const output = new Writable({
    write(chunk: Uint8Array, _encoding, callback): void {
      device.write(new TextDecoder().decode(chunk));
      callback();
    },
  });
  // readline and cli-width look for this property.
  return Object.assign(output, { columns: device.columns() });
}

/** An old-style stream: what is emitted is handled before `emit` returns. */
function keyStream(): Stream & NodeJS.ReadableStream {
  const stream = new Stream();
  const idle = (): Stream => stream;
  return Object.assign(stream, { pause: idle, resume: idle, setRawMode: idle }) as unknown as
    & Stream
    & NodeJS.ReadableStream;
}

/** Keys that came after the answer of the question before. */
export interface TypedAhead {
  /** Them. */
  text: string;
}

interface Feed {
  device: TtyDevice;
  ahead: TypedAhead;
  input: Stream;
  typed: { text: string };
  end: (reason: unknown) => void;
  settled: () => boolean;
}

/** Hands on one piece. @returns Whether there was a whole one. */
async function feedPiece(feed: Feed): Promise<boolean> {
  const { kind, text, rest } = takePiece(feed.ahead.text);
  feed.ahead.text = rest;
  if (kind === "more") return false;
  if (kind === "end_of_file" && feed.typed.text === "") feed.end(new InterruptedError());
  if (kind === "keys" || kind === "enter") feed.input.emit("data", Buffer.from(text));
  // The prompt settles in a later turn; keys after that are not its own.
  if (kind !== "keys") await later(0);
  return true;
}

async function feedKeys(feed: Feed): Promise<void> {
  const decoder = new TextDecoder();
  try {
    while (!feed.settled()) {
      feed.ahead.text += decoder.decode(feed.device.read(), { stream: true });
      if (feed.ahead.text === "" || !await feedPiece(feed)) await later(LOOK_MILLISECONDS);
    }
  } catch {
    feed.end(new InterruptedError("the terminal has gone"));
  }
}

function forget(device: TtyDevice, ahead: TypedAhead): void {
  ahead.text = "";
  while (device.read().length > 0) { /* thrown away */ }
}

/**
 * Puts one question.
 *
 * @param device The terminal; it is in its former state afterwards, whatever happens.
 * @param ahead Keys typed ahead, kept from one question to the next.
 * @param options The prompt and its limits.
 * @returns What the prompt gave.
 * @throws {InterruptedError} On Ctrl-C, on Ctrl-D while nothing is typed, on SIGINT, SIGTERM and
 * SIGHUP, and where the terminal goes away.
 * @throws {InteractionError} `unanswered` when the time is up.
 */
export async function converse<T>(
  device: TtyDevice,
  ahead: TypedAhead,
  options: ConversationOptions<T>,
): Promise<T> {
  const controller = new AbortController();
  const end = (reason: unknown): void => controller.abort(reason);
  const giveBack = takeOver(device, options.escapes);
  const stopWatching = watchEnds(end, options);
  const [input, typed] = [keyStream(), { text: "" }];
  let settled = false;
  try {
    if (!options.takesTypedAhead) forget(device, ahead);
    const streams = { input, output: pictureStream(device), signal: controller.signal, typed };
    const answer = options.prompt(streams).finally(() => settled = true);
    const feed = { device, ahead, input, typed, end, settled: () => settled };
    return (await Promise.all([answer, feedKeys(feed)]))[0];
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    // @inquirer/core's word for Ctrl-C.
    if ((error as Error).name === "ExitPromptError") throw new InterruptedError();
    throw error;
  } finally {
    giveBack();
    stopWatching();
  }
}
