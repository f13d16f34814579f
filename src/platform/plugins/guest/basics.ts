/**
 * Runs inside QuickJS: the requests to our side, and `console`, timers, text, base64 and `crypto`.
 * QuickJS itself has the language and nothing else.
 *
 * The functions of this folder are sent to QuickJS as text, so they use only their arguments.
 *
 * @module
 */

/** What the worker offers to QuickJS: nothing that reaches the machine. */
export interface GuestNative {
  send(message: string): void;
  startTimer(id: number, milliseconds: number): void;
  stopTimer(id: number): void;
  encodeText(text: string): ArrayBuffer;
  decodeText(bytes: ArrayBuffer, label: string, fatal: boolean, ignoreBom: boolean): string;
  toBase64(bytes: ArrayBuffer): string;
  fromBase64(text: string): ArrayBuffer;
  randomBytes(count: number): ArrayBuffer;
  digest(id: number, algorithm: string, bytes: ArrayBuffer): void;
  now(): number;
  /** JSON of the parts; empty if it is not a URL. */
  parseUrl(url: string, base: string): string;
  setUrl(url: string, part: string, value: string): string;
  /** JSON of the pairs. */
  parseQuery(text: string): string;
  formatQuery(pairs: string): string;
}

type Bytes = ArrayBuffer | ArrayBufferView;

/** What the other functions of this folder need. */
export interface GuestBasics {
  native: GuestNative;
  parse(text: string): unknown;
  stringify(value: unknown): string;
  ask(method: string, argument: unknown): Promise<unknown>;
  send(message: unknown): void;
  log(line: unknown): void;
  /** Makes a global. */
  define(name: string, value: unknown): void;
  /** Makes a global that `install` defines when it is first read. */
  defineLater(name: string, install: () => void): void;
  /** Makes a function that fails and says so. */
  missing(name: string, instead?: string): () => never;
  /** The buffer with these bytes and no others. */
  bufferOf(bytes: Bytes): ArrayBuffer;
  errors: Readonly<Record<string, new (message?: string) => Error>>;
  /** Takes our answer to a request. */
  receive(reply: string): void;
  fireTimer(id: number): void;
}

export function installBasics(native: GuestNative): GuestBasics {
  const { parse, stringify } = JSON;
  const MOST_TIMERS = 1000;
  const ERRORS = [
    ...["NotFound", "PermissionDenied", "NotCapable", "AlreadyExists", "IsADirectory"],
    ...["NotADirectory", "InvalidData", "TimedOut", "Interrupted", "NotSupported"],
  ];
  const errors = Object.fromEntries(ERRORS.map((name) => {
    const type = class extends Error {
      override name = name;
    };
    Object.defineProperty(type, "name", { value: name });
    return [name, type];
  }));
  const waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  const timers = new Map<number, { again: boolean; run: () => void; milliseconds: number }>();
  let last = 0;

  const send = (message: unknown): void => native.send(stringify(message));
  const request = (start: (id: number) => void): Promise<unknown> =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      start(last);
    });
  const ask = (method: string, argument: unknown): Promise<unknown> =>
    request((id) => send({ kind: "ask", id, method, argument }));
  const log = (line: unknown): void => send({ kind: "log", line: String(line) });
  const define = (name: string, value: unknown): void => {
    if (typeof value === "function") Object.defineProperty(value, "name", { value: name });
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  };
  const defineLater = (name: string, install: () => void): void => {
    Object.defineProperty(globalThis, name, {
      get() {
        install();
        return (globalThis as unknown as Record<string, unknown>)[name];
      },
      set: (value) => define(name, value),
      configurable: true,
    });
  };
  const missing = (name: string, instead?: string) => (): never => {
    const hint = instead === undefined ? "" : `: use ${instead}`;
    throw new TypeError(`${name} is not available in a plugin${hint}`);
  };
  const bufferOf = (bytes: Bytes): ArrayBuffer => {
    if (bytes instanceof ArrayBuffer) return bytes;
    if (!ArrayBuffer.isView(bytes)) throw new TypeError("expected an ArrayBuffer or a view of one");
    const { buffer, byteOffset, byteLength } = bytes;
    return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength);
  };

  const show = (value: unknown): string => {
    if (typeof value === "string") return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    try {
      return (typeof value === "object" ? stringify(value) : undefined) ?? String(value);
    } catch {
      return String(value);
    }
  };
  const print = (...values: unknown[]): void => log(values.map(show).join(" "));
  const prints = ["log", "info", "warn", "error", "debug", "trace", "dir", "table", "group"];
  define("console", Object.freeze(Object.fromEntries(prints.map((name) => [name, print]))));

  const startTimer = (again: boolean) => (run: unknown, delay = 0, ...args: unknown[]): number => {
    if (typeof run !== "function") throw new TypeError("a timer needs a function");
    if (timers.size >= MOST_TIMERS) throw new RangeError("too many timers");
    last += 1;
    const milliseconds = Math.max(again ? 1 : 0, Number(delay) || 0);
    timers.set(last, { again, milliseconds, run: () => run(...args) });
    native.startTimer(last, milliseconds);
    return last;
  };
  const stopTimer = (id: unknown): void => {
    if (timers.delete(Number(id))) native.stopTimer(Number(id));
  };
  define("setTimeout", startTimer(false));
  define("setInterval", startTimer(true));
  define("clearTimeout", stopTimer);
  define("clearInterval", stopTimer);
  const fail = (error: unknown): void =>
    send({ kind: "threw", message: String((error as Error)?.message ?? error) });
  define("queueMicrotask", (run: () => void): void => {
    void Promise.resolve().then(run).catch(fail);
  });
  define("performance", Object.freeze({ now: () => native.now() }));

  define(
    "TextEncoder",
    class {
      readonly encoding = "utf-8";
      encode(text = ""): Uint8Array {
        return new Uint8Array(native.encodeText(String(text)));
      }
    },
  );
  define(
    "TextDecoder",
    class {
      readonly #options: { fatal?: boolean; ignoreBOM?: boolean };
      constructor(
        readonly encoding = "utf-8",
        options: { fatal?: boolean; ignoreBOM?: boolean } = {},
      ) {
        this.#options = options;
      }
      decode(bytes?: Bytes, { stream = false } = {}): string {
        if (stream) throw new TypeError("TextDecoder has no streams in a plugin");
        const { fatal = false, ignoreBOM = false } = this.#options;
        const buffer = bytes === undefined ? new ArrayBuffer(0) : bufferOf(bytes);
        return native.decodeText(buffer, String(this.encoding), fatal, ignoreBOM);
      }
    },
  );
  define("btoa", (text: unknown): string => {
    const bytes = Uint8Array.from(String(text), (character) => {
      const code = character.codePointAt(0)!;
      if (code > 255) throw new TypeError("btoa takes characters up to U+00FF");
      return code;
    });
    return native.toBase64(bytes.buffer);
  });
  define("atob", (text: unknown): string => {
    const bytes = new Uint8Array(native.fromBase64(String(text)));
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  });
  const randomBytes = (count: number) => new Uint8Array(native.randomBytes(count));
  const subtle = Object.freeze({
    async digest(algorithm: string | { name: string }, data: Bytes): Promise<ArrayBuffer> {
      const name = typeof algorithm === "string" ? algorithm : algorithm.name;
      const digest = await request((id) => native.digest(id, String(name), bufferOf(data)));
      return native.fromBase64(String(digest));
    },
  });
  define(
    "crypto",
    Object.freeze({
      subtle,
      getRandomValues<T extends ArrayBufferView>(view: T): T {
        const { buffer, byteOffset, byteLength } = view;
        new Uint8Array(buffer, byteOffset, byteLength).set(randomBytes(byteLength));
        return view;
      },
      randomUUID(): string {
        const bytes = randomBytes(16);
        bytes[6] = (bytes[6]! & 0x0f) | 0x40;
        bytes[8] = (bytes[8]! & 0x3f) | 0x80;
        const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
        return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      },
    }),
  );

  return {
    native,
    parse,
    stringify,
    ask,
    send,
    log,
    define,
    defineLater,
    missing,
    bufferOf,
    errors,
    receive(reply) {
      const { id, value, error } = parse(reply) as {
        id: number;
        value?: unknown;
        error?: { name: string; message: string };
      };
      const one = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) return one?.resolve(value);
      const type = errors[error.name] ?? (error.name === "TypeError" ? TypeError : Error);
      one?.reject(new type(error.message));
    },
    fireTimer(id) {
      const timer = timers.get(id);
      if (timer === undefined) return;
      if (timer.again) native.startTimer(id, timer.milliseconds);
      else timers.delete(id);
      try {
        timer.run();
      } catch (error) {
        fail(error);
      }
    },
  };
}
