/**
 * One question on the terminal: raw mode on, keys in, output, raw mode off, and every way in which it
 * can end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import process from "node:process";
import { Stream, Writable } from "node:stream";
import { InteractionError, InterruptedError } from "../../errors.ts";
import { ENDING_SIGNALS } from "../processes/interruptible.ts";
import type { TtyDevice } from "./tty_device.ts";
import { PASTE_OFF, PASTE_ON, takePiece } from "./typed_keys.ts";

/** A prompt, called the way of `@inquirer/core`. */
export type Prompt<T, C> = (config: C, streams: PromptStreams) => Promise<T>;

/** What a prompt works with. */
export interface PromptStreams {
  /** Keys. An old-style stream, which emits them at once. */
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Ends the prompt. */
  signal: AbortSignal;
  /** The text typed so far. */
  typed: { text: string };
  /** `@inquirer/core` reads it at the end: whether the question disappears. */
  clearPromptOnDone?: boolean;
}

export interface TtyPromptOptions<T> {
  prompt: (streams: PromptStreams) => Promise<T>;
  /** Whether keys typed before the question are its answer; otherwise they are dropped. */
  takesTypedAhead: boolean;
  /** Whether the terminal understands escape sequences. */
  escapes: boolean;
  /** Ends the question; the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
  /** Default: no limit. */
  timeoutMilliseconds?: number | undefined;
}

/** How often the terminal is polled for keys. */
const POLL_MILLISECONDS = 15;

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function unanswered(): InteractionError {
  return new InteractionError("timed out waiting for input", {
    code: "unanswered",
    hint: "try again when you can answer",
  });
}

/** Calls `end` at the time limit, an abort or a signal. Returns how to stop watching. */
function watchEnds(
  end: (reason: unknown) => void,
  options: Pick<TtyPromptOptions<unknown>, "signal" | "timeoutMilliseconds">,
): () => void {
  const { signal, timeoutMilliseconds } = options;
  const onAbort = (): void => end(signal!.reason);
  const onSignal = (): void => end(new InterruptedError());
  const timer = timeoutMilliseconds === undefined
    ? undefined
    : setTimeout(() => end(unanswered()), timeoutMilliseconds);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  // Not Deno.addSignalListener: @inquirer/core's signal-exit doesn't know of its listeners, so it would
  // take itself for the only one and send the signal to this process again.
  for (const name of ENDING_SIGNALS) process.on(name, onSignal);
  return () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    for (const name of ENDING_SIGNALS) process.off(name, onSignal);
  };
}

/** Turns raw mode and paste marks on, until the returned function is called or the program exits. */
function enterRawMode(device: TtyDevice, escapes: boolean): () => void {
  let taken = true;
  const leaveRawMode = (): void => {
    if (!taken) return;
    taken = false;
    globalThis.removeEventListener("unload", leaveRawMode);
    try {
      if (escapes) device.write(PASTE_OFF);
      device.setRaw(false);
    } catch { /* the terminal is gone */ }
  };
  globalThis.addEventListener("unload", leaveRawMode);
  device.setRaw(true);
  if (escapes) device.write(PASTE_ON);
  return leaveRawMode;
}

function outputStream(device: TtyDevice): Writable {
  const output = new Writable({
    write(chunk: Uint8Array, _encoding, callback): void {
      device.write(new TextDecoder().decode(chunk));
      callback();
    },
  });
  // readline and cli-width look for this property.
  return Object.assign(output, { columns: device.columns() });
}

/** An old-style stream: listeners run before `emit` returns. */
function keyStream(): Stream & NodeJS.ReadableStream {
  const stream = new Stream();
  const idle = (): Stream => stream;
  return Object.assign(stream, { pause: idle, resume: idle, setRawMode: idle }) as unknown as
    & Stream
    & NodeJS.ReadableStream;
}

/** Keys typed after the answer of the previous question. */
export interface TypedAhead {
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

/** Feeds one piece to the prompt. Returns whether there was a complete one. */
async function feedPiece(feed: Feed): Promise<boolean> {
  const { kind, text, rest } = takePiece(feed.ahead.text);
  feed.ahead.text = rest;
  if (kind === "more") return false;
  if (kind === "end_of_file" && feed.typed.text === "") feed.end(new InterruptedError());
  if (kind === "keys" || kind === "enter") feed.input.emit("data", Buffer.from(text));
  // The prompt settles in a later turn; the keys after that belong to the next one.
  if (kind !== "keys") await later(0);
  return true;
}

async function feedKeys(feed: Feed): Promise<void> {
  const decoder = new TextDecoder();
  try {
    while (!feed.settled()) {
      feed.ahead.text += decoder.decode(feed.device.read(), { stream: true });
      if (feed.ahead.text === "" || !await feedPiece(feed)) await later(POLL_MILLISECONDS);
    }
  } catch {
    feed.end(new InterruptedError("the terminal is gone"));
  }
}

function dropTyped(device: TtyDevice, ahead: TypedAhead): void {
  ahead.text = "";
  while (device.read().length > 0) { /* dropped */ }
}

/**
 * Asks one question, and leaves the terminal as it was. `ahead` passes keys from one question to the
 * next.
 *
 * @throws {InterruptedError} On Ctrl-C, Ctrl-D on an empty line, SIGINT, SIGTERM and SIGHUP, and if
 * the terminal is gone.
 * @throws {InteractionError} `unanswered` at the time limit.
 */
export async function askOnTty<T>(
  device: TtyDevice,
  ahead: TypedAhead,
  options: TtyPromptOptions<T>,
): Promise<T> {
  const controller = new AbortController();
  let streams: PromptStreams | undefined;
  const end = (reason: unknown): void => {
    // The caller has the answer from elsewhere.
    if (streams !== undefined) streams.clearPromptOnDone = options.signal?.aborted ?? false;
    controller.abort(reason);
  };
  const leaveRawMode = enterRawMode(device, options.escapes);
  const stopWatching = watchEnds(end, options);
  const [input, typed] = [keyStream(), { text: "" }];
  let settled = false;
  try {
    if (!options.takesTypedAhead) dropTyped(device, ahead);
    streams = { input, output: outputStream(device), signal: controller.signal, typed };
    const answer = options.prompt(streams).finally(() => settled = true);
    const feed = { device, ahead, input, typed, end, settled: () => settled };
    return (await Promise.all([answer, feedKeys(feed)]))[0];
  } catch (error) {
    if (controller.signal.aborted) throw controller.signal.reason;
    // Ctrl-C in @inquirer/core.
    if ((error as Error).name === "ExitPromptError") throw new InterruptedError();
    throw error;
  } finally {
    leaveRawMode();
    stopWatching();
  }
}
