/**
 * One connection that speaks HTTP/1.1: one request at a time, each written once.
 *
 * @module
 */

import {
  addHeaderLine,
  BadResponseError,
  formatRequest,
  type Framing,
  framingOf,
  isKept,
  keepAliveMilliseconds,
  parseChunkSize,
  parseStatusLine,
  type ResponseHead,
} from "./http1_message.ts";

/** Limit of a response's head, bytes: browsers and servers stop far below. */
const MOST_HEAD_BYTES = 400 * 1024;

const READ_BYTES = 65_536;
const LINE_FEED = 10;

/**
 * How long a connection waits for another request, milliseconds: less than servers do (Apache: 5 s), so
 * that a request rarely meets a server that is just closing it.
 */
const IDLE_MILLISECONDS = 4_000;

/** The same before the first request: servers wait longer then (HAProxy: 10 s). */
const UNUSED_MILLISECONDS = 8_000;

/** After this time without a request we look whether the server has closed it, milliseconds. */
const SETTLED_MILLISECONDS = 50;

/** A server that closes without saying so does it right behind its response, milliseconds. */
const CAREFUL_MILLISECONDS = 4;

/** What one request gets. `body` has to be read to the end, or the connection closed. */
export interface RawResponse extends ResponseHead {
  body: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** A request that is ready to be written. */
export interface RawRequest {
  method: string;
  headers: Headers;
  body?: string | undefined;
}

function closedEarly(): Error {
  return new Error("connection closed before the response was complete");
}

/** TLS without a goodbye (close_notify): cut off, perhaps by an attacker. */
function asClosed(error: unknown): never {
  throw error instanceof Deno.errors.UnexpectedEof ? closedEarly() : error;
}

/** Exclusive to one request until its body is read or it is closed. */
export class Http1Connection {
  readonly #socket: Deno.TcpConn | Deno.TlsConn;
  #isClosed = false;
  /** When it began to wait for a request, of `performance.now()`. */
  #idleSince = 0;
  /** Until when it may wait for one, likewise. */
  #idleUntil = Infinity;
  /** Bytes that were read and not used yet. */
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array();
  /** A read that began while the connection was idle: how we see that the server closes it. */
  #waiting: Promise<Uint8Array<ArrayBuffer> | undefined> | undefined;

  constructor(socket: Deno.TcpConn | Deno.TlsConn) {
    this.#socket = socket;
    this.#wait(UNUSED_MILLISECONDS);
  }

  /** Whether it has been closed, by us or the server. */
  get isClosed(): boolean {
    if (performance.now() >= this.#idleUntil) this.close();
    return this.#isClosed;
  }

  /**
   * Whether another request may be written: no end has arrived, as far as the system knows.
   *
   * @param isCareful Look even right after a response: some servers close without saying so.
   */
  async isUsable(isCareful = false): Promise<boolean> {
    const idle = performance.now() - this.#idleSince;
    if (isCareful || idle > SETTLED_MILLISECONDS) {
      // At least one turn of the event loop, in which an end that has arrived is read.
      const pause = isCareful ? Math.max(0, Math.ceil(CAREFUL_MILLISECONDS - idle)) : 0;
      await new Promise((resolve) => onTimeout(pause, () => resolve(undefined)));
    }
    return !this.isClosed;
  }

  /** A second call does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#socket.close();
    } catch {
      // The system has closed it already.
    }
  }

  /**
   * Writes a request and reads the head of its response. It is never written again, whatever happens.
   *
   * @throws Whatever the socket reports, or {@linkcode BadResponseError}.
   */
  async send(url: URL, request: RawRequest): Promise<RawResponse> {
    this.#idleUntil = Infinity;
    this.#socket.ref();
    const bytes = formatRequest(url, request);
    for (let at = 0; at < bytes.length;) at += await this.#socket.write(bytes.subarray(at));
    const head = await this.#finalHead();
    const framing = framingOf(head);
    return { ...head, body: this.#body(head, framing) };
  }

  async #finalHead(): Promise<ResponseHead> {
    const budget = { left: MOST_HEAD_BYTES };
    for (;;) {
      const head = await this.#head(budget);
      if (head.status >= 200) return head;
      // 103 Early Hints and the like; we never ask to switch protocols.
      if (head.status === 101) throw new BadResponseError("another protocol");
    }
  }

  async #head(budget: { left: number }): Promise<ResponseHead> {
    const first = parseStatusLine(await this.#line(budget));
    const headers = new Headers();
    for (;;) {
      const line = await this.#line(budget);
      if (line === "") return { ...first, headers };
      addHeaderLine(headers, line);
    }
  }

  async *#body(head: ResponseHead, framing: Framing): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    switch (framing.kind) {
      case "none":
        break;
      case "length":
        yield* this.#bytes(framing.bytes);
        break;
      case "chunked":
        yield* this.#chunks();
        break;
      case "until_close":
        for (let part; (part = await this.#read()) !== undefined;) yield part;
        break;
      default:
        framing satisfies never;
    }
    this.#rested(head, framing);
  }

  async *#chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const budget = () => ({ left: MOST_HEAD_BYTES });
    for (;;) {
      const size = parseChunkSize(await this.#line(budget()));
      if (size === 0) break;
      yield* this.#bytes(size);
      if (await this.#line(budget()) !== "") throw new BadResponseError("a broken chunk");
    }
    // Trailers, which we don't use.
    const trailers = budget();
    while (await this.#line(trailers) !== "");
  }

  async *#bytes(count: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let left = count; left > 0;) {
      const part = await this.#read();
      if (part === undefined) throw closedEarly();
      const own = part.subarray(0, left);
      this.#rest = part.subarray(own.length);
      left -= own.length;
      yield own;
    }
  }

  /** A line without its end. */
  async #line(budget: { left: number }): Promise<string> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (;;) {
      const part = await this.#read();
      if (part === undefined) throw closedEarly();
      const end = part.indexOf(LINE_FEED);
      const own = end < 0 ? part : part.subarray(0, end);
      budget.left -= own.length + 1;
      if (budget.left < 0) throw new BadResponseError("a head that is too large");
      parts.push(own);
      if (end < 0) continue;
      this.#rest = part.subarray(end + 1);
      return textOf(parts).replace(/\r$/, "");
    }
  }

  /** The next bytes, or `undefined` at the end of the stream. */
  async #read(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const rest = this.#rest;
    if (rest.length > 0) {
      this.#rest = new Uint8Array();
      return rest;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return await (waiting ?? this.#readSocket());
  }

  async #readSocket(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const length = await this.#socket.read(buffer).catch(asClosed);
      if (length === null) return undefined;
      if (length > 0) return buffer.subarray(0, length);
    }
  }

  #rested(head: ResponseHead, framing: Framing): void {
    if (!isKept(head, framing) || this.#rest.length > 0) return this.close();
    const promised = keepAliveMilliseconds(head.headers) ?? Infinity;
    this.#wait(Math.min(IDLE_MILLISECONDS, promised - 1_000));
  }

  /** Whatever arrives while nothing was asked is the end: EOF, an error, or a 408. */
  #wait(milliseconds: number): void {
    if (milliseconds <= 0) return this.close();
    this.#idleSince = performance.now();
    this.#idleUntil = this.#idleSince + milliseconds;
    // An idle connection keeps nobody from ending.
    this.#socket.unref();
    const waiting = this.#readSocket();
    this.#waiting = waiting;
    const end = () => {
      if (this.#waiting === waiting) this.close();
    };
    waiting.then(end, end);
  }
}

/** The first `setTimeout` of a process loads Deno's timers of Node, for 6 ms. */
function onTimeout(milliseconds: number, work: () => void): void {
  AbortSignal.timeout(milliseconds).addEventListener("abort", work, { once: true });
}

/** Each byte is a character. `TextDecoder` has no such encoding: its latin1 is windows-1252. */
function textOf(parts: Uint8Array<ArrayBuffer>[]): string {
  let text = "";
  for (const part of parts) for (const byte of part) text += String.fromCharCode(byte);
  return text;
}
