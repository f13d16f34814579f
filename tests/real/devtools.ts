/** The DevTools protocol, as tests speak it. https://chromedevtools.github.io/devtools-protocol/ */

// deno-lint-ignore no-explicit-any -- each method has parameters and results of its own
export type Json = any;

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: Json;
  result?: Json;
  error?: { message: string };
}

/** What takes longer counts as hung; machines may be slow and busy. */
const PATIENCE_MILLISECONDS = 60_000;

/** Fails where `work` takes too long. */
export async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`timed out waiting for ${what}`)),
    PATIENCE_MILLISECONDS,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

type Listener = (params: Json, sessionId: string | undefined) => void;

/** One connection. */
export class DevTools {
  readonly #waiting = new Map<number, PromiseWithResolvers<Json>>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #write: (text: string) => void;
  #last = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Takes a message from the browser. */
  receive(text: string): void {
    const { id, sessionId, method, params, result, error }: Message = JSON.parse(text);
    if (id === undefined) {
      for (const act of this.#listeners.get(method!) ?? []) act(params, sessionId);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }

  /** Calls a method; `sessionId` names a page. */
  async send(method: string, params?: Json, sessionId?: string): Promise<Json> {
    const waiting = Promise.withResolvers<Json>();
    this.#waiting.set(++this.#last, waiting);
    this.#write(JSON.stringify({ id: this.#last, method, params, sessionId }));
    return await waiting.promise;
  }

  /** Calls a method whose failure does not matter. */
  tell(method: string, params?: Json, sessionId?: string): void {
    this.send(method, params, sessionId).catch(() => {});
  }

  /** Calls `act` with each event. */
  on(method: string, act: Listener): void {
    const all = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, all.add(act));
  }

  /** The browser has gone. */
  close(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error("the browser has ended"));
    this.#waiting.clear();
  }
}
