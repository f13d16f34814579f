/**
 * The DevTools protocol over two pipes, which only this process can reach: messages are JSON, each
 * ended by a NUL byte. https://chromedevtools.github.io/devtools-protocol/
 *
 * @module
 */

import type { Readable, Writable } from "node:stream";

/** Parameters and results differ with each method. */
// deno-lint-ignore no-explicit-any -- untyped protocol; each use picks what it checks
export type Json = any;

export interface ProtocolEvent {
  method: string;
  params: Json;
  /** The target that it is about; `undefined` for the browser itself. */
  sessionId?: string;
}

interface Message extends Partial<ProtocolEvent> {
  id?: number;
  result?: Json;
  error?: { message: string };
}

/** More than any assertion or cookie store; a program that prints without end is not a browser. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/** A method that the browser refused, or did not answer. */
export class ProtocolError extends Error {}

/** One connection. */
export class ProtocolPipe {
  /** Called with each event, in order. */
  onEvent: (event: ProtocolEvent) => void = () => {};
  readonly #waiting = new Map<number, PromiseWithResolvers<Json>>();
  readonly #input: Writable;
  readonly #decoder = new TextDecoder();
  #last = 0;
  #rest: string[] = [];
  #size = 0;
  #closed = false;

  /** `onBroken` is called once if the other side closes the pipe or sends something else. */
  constructor(input: Writable, output: Readable, onBroken: () => void) {
    this.#input = input;
    const broken = () => {
      if (this.#closed) return;
      this.close();
      onBroken();
    };
    input.on("error", broken);
    output.on("error", broken);
    output.on("close", broken);
    output.on("end", broken);
    output.on("data", (bytes: Uint8Array) => {
      try {
        this.#read(this.#decoder.decode(bytes, { stream: true }));
      } catch {
        broken();
      }
    });
  }

  #read(text: string): void {
    const parts = text.split("\0");
    const rest = parts.pop()!;
    for (const part of parts) {
      this.#rest.push(part);
      const message: Message = JSON.parse(this.#rest.join(""));
      this.#rest = [];
      this.#size = 0;
      this.#take(message);
    }
    if (rest !== "") this.#rest.push(rest);
    this.#size += rest.length;
    if (this.#size > MOST_CHARACTERS) throw new ProtocolError("too much output");
  }

  #take({ id, result, error, method, params, sessionId }: Message): void {
    if (id === undefined) {
      if (method !== undefined) this.onEvent({ method, params, ...(sessionId && { sessionId }) });
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new ProtocolError(error.message));
  }

  /** Calls a method. */
  send(method: string, params?: Json, sessionId?: string): Promise<Json> {
    if (this.#closed) return Promise.reject(new ProtocolError("the browser has ended"));
    const waiting = Promise.withResolvers<Json>();
    this.#waiting.set(++this.#last, waiting);
    const message = {
      id: this.#last,
      method,
      params: params ?? {},
      ...(sessionId && { sessionId }),
    };
    this.#input.write(`${JSON.stringify(message)}\0`);
    return waiting.promise;
  }

  /** Calls a method whose failure does not matter, such as on a page that is closing. */
  tell(method: string, params?: Json, sessionId?: string): void {
    this.send(method, params, sessionId).catch(() => {});
  }

  /** Fails everything that still waits. */
  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) {
      reject(new ProtocolError("the browser has ended"));
    }
    this.#waiting.clear();
  }
}
