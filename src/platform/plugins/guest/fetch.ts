/** Runs inside QuickJS: `Headers`, `AbortSignal` and `fetch`. @module */

import type { GuestBasics } from "./basics.ts";

type Pair = [name: string, value: string];

export function installFetch({ native, parse, ask, define, bufferOf }: GuestBasics): void {
  const { URL, URLSearchParams: Query } = globalThis;

  class HeaderList {
    readonly #values = new Map<string, string[]>();
    constructor(init?: unknown) {
      if (typeof init === "string") throw new TypeError("headers are an object or a list of pairs");
      const entries = init !== null && init !== undefined && Symbol.iterator in Object(init)
        ? [...init as Iterable<[unknown, unknown]>]
        : Object.entries(init ?? {});
      for (const [name, value] of entries) this.append(name, value);
    }
    append(name: unknown, value: unknown): void {
      const key = String(name).toLowerCase();
      this.#values.set(key, [...this.#values.get(key) ?? [], String(value).trim()]);
    }
    set(name: unknown, value: unknown): void {
      this.#values.set(String(name).toLowerCase(), [String(value).trim()]);
    }
    delete(name: unknown): void {
      this.#values.delete(String(name).toLowerCase());
    }
    has(name: unknown): boolean {
      return this.#values.has(String(name).toLowerCase());
    }
    get(name: unknown): string | null {
      return this.#values.get(String(name).toLowerCase())?.join(", ") ?? null;
    }
    getSetCookie(): string[] {
      return this.#values.get("set-cookie") ?? [];
    }
    forEach(run: (value: string, name: string) => void): void {
      for (const [name, value] of this) run(value, name);
    }
    *entries(): Generator<Pair> {
      for (const name of [...this.#values.keys()].sort()) yield [name, this.get(name)!];
    }
    keys(): string[] {
      return [...this.entries()].map(([name]) => name);
    }
    values(): string[] {
      return [...this.entries()].map(([, value]) => value);
    }
    [Symbol.iterator](): Generator<Pair> {
      return this.entries();
    }
  }
  define("Headers", HeaderList);

  class Abort {
    aborted = false;
    reason: unknown;
    onabort: (() => void) | null = null;
    readonly #listeners = new Set<() => void>();
    static abort(reason?: unknown): Abort {
      const signal = new Abort();
      signal.end(reason);
      return signal;
    }
    static timeout(milliseconds: number): Abort {
      const signal = new Abort();
      setTimeout(() => signal.end(new Error("signal timed out")), milliseconds);
      return signal;
    }
    end(reason: unknown = new Error("aborted")): void {
      if (this.aborted) return;
      this.aborted = true;
      this.reason = reason;
      this.onabort?.();
      for (const run of this.#listeners) run();
    }
    throwIfAborted(): void {
      if (this.aborted) throw this.reason;
    }
    addEventListener(type: string, run: () => void): void {
      if (type === "abort") this.#listeners.add(run);
    }
    removeEventListener(_: string, run: () => void): void {
      this.#listeners.delete(run);
    }
  }
  define("AbortSignal", Abort);
  define(
    "AbortController",
    class {
      readonly signal = new Abort();
      abort(reason?: unknown): void {
        this.signal.end(reason);
      }
    },
  );

  interface Answer {
    url: string;
    redirected: boolean;
    status: number;
    statusText: string;
    headers: Pair[];
    body: string;
  }

  class Reply {
    readonly headers: HeaderList;
    bodyUsed = false;
    constructor(readonly answer: Answer) {
      this.headers = new HeaderList(answer.headers);
      Object.defineProperty(this, "answer", { enumerable: false });
    }
    get ok(): boolean {
      return this.status >= 200 && this.status < 300;
    }
    get status(): number {
      return this.answer.status;
    }
    get statusText(): string {
      return this.answer.statusText;
    }
    get url(): string {
      return this.answer.url;
    }
    get redirected(): boolean {
      return this.answer.redirected;
    }
    async arrayBuffer(): Promise<ArrayBuffer> {
      if (this.bodyUsed) throw new TypeError("the body has been read already");
      this.bodyUsed = true;
      return await native.fromBase64(this.answer.body);
    }
    async bytes(): Promise<Uint8Array> {
      return new Uint8Array(await this.arrayBuffer());
    }
    async text(): Promise<string> {
      return native.decodeText(await this.arrayBuffer(), "utf-8", false, false);
    }
    async json(): Promise<unknown> {
      return parse(await this.text());
    }
  }
  define("Response", Reply);

  const bodyOf = (body: unknown): { bytes: ArrayBuffer; type?: string } => {
    if (body instanceof Query) {
      const type = "application/x-www-form-urlencoded;charset=UTF-8";
      return { bytes: native.encodeText(body.toString()), type };
    }
    if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return { bytes: bufferOf(body) };
    return { bytes: native.encodeText(String(body)), type: "text/plain;charset=UTF-8" };
  };

  interface Init {
    method?: unknown;
    headers?: unknown;
    body?: unknown;
    redirect?: unknown;
    signal?: Abort;
  }

  define("fetch", async (input: unknown, init: Init = {}): Promise<Reply> => {
    const { method = "GET", body, redirect = "follow", signal } = init;
    signal?.throwIfAborted();
    const headers = new HeaderList(init.headers);
    const sent = body === undefined || body === null ? undefined : bodyOf(body);
    if (sent?.type !== undefined && !headers.has("content-type")) {
      headers.set("content-type", sent.type);
    }
    const answered = ask("fetch", {
      url: new URL(String(input)).href,
      method: String(method).toUpperCase(),
      headers: [...headers],
      redirect: String(redirect),
      ...(sent !== undefined && { body: native.toBase64(sent.bytes) }),
    });
    const aborted = new Promise<never>((_, reject) =>
      signal?.addEventListener("abort", () => reject(signal.reason))
    );
    return new Reply(await Promise.race([answered, aborted]) as Answer);
  });
}
