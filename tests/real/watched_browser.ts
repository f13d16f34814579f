/**
 * The browsers that a program under test starts: a script in their place tells the test of each, and
 * opens a DevTools port for the test besides the program's own pipe.
 */

import type { Home } from "../cli/program.ts";
import { DevTools, inTime } from "./devtools.ts";

/** Its standard error is a connection to the test, which ends with the last of its processes. */
function script(port: number): string {
  return `#!/bin/bash
exec 2>/dev/tcp/127.0.0.1/${port}
exec chromium --remote-debugging-port=0 --remote-allow-origins=* "$@"
`;
}

const LISTENING = /DevTools listening on (ws:\S+)/;

/** A browser that the program has started. */
export class StartedBrowser {
  /** Resolves when all its processes have ended. */
  readonly ended: Promise<void>;
  readonly #address = Promise.withResolvers<string>();
  #isRunning = true;

  constructor(connection: Deno.Conn) {
    this.#address.promise.catch(() => {});
    this.ended = this.#read(connection);
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  async #read(connection: Deno.Conn): Promise<void> {
    let text = "";
    const decoder = new TextDecoder();
    try {
      for await (const bytes of connection.readable) {
        text += decoder.decode(bytes, { stream: true });
        const address = LISTENING.exec(text)?.[1];
        if (address !== undefined) this.#address.resolve(address);
      }
    } catch { /* killed */ }
    this.#isRunning = false;
    this.#address.reject(new Error(`the browser has ended: ${text}`));
  }

  /** A second client of it. */
  async connect(): Promise<DevTools> {
    const socket = new WebSocket(await inTime(this.#address.promise, "DevTools"));
    const opened = Promise.withResolvers<void>();
    const tools = new DevTools((text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    });
    socket.onopen = () => opened.resolve();
    socket.onmessage = ({ data }) => tools.receive(data);
    socket.onclose = () => {
      opened.reject(new Error("the browser has ended"));
      tools.close();
    };
    socket.onerror = () => {};
    await inTime(opened.promise, "DevTools");
    return tools;
  }
}

/** Watches a home's browsers; `await using` ends that. */
export class BrowserWatch implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #all: StartedBrowser[] = [];
  #changed = Promise.withResolvers<void>();
  #taken = 0;

  private constructor(
    /** The program to start. */
    readonly path: string,
  ) {}

  static async start(folder: string): Promise<BrowserWatch> {
    const watch = new BrowserWatch(`${folder}/watched-browser`);
    const { port } = watch.#listener.addr as Deno.NetAddr;
    await Deno.writeTextFile(watch.path, script(port), { mode: 0o755 });
    void watch.#accept();
    return watch;
  }

  /** All runs in the home use it from now on. */
  static async of(home: Home): Promise<BrowserWatch> {
    const watch = await BrowserWatch.start(home.folder);
    home.env.OKTA_AWS_BROWSER_PATH = watch.path;
    return watch;
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.#all.push(new StartedBrowser(connection));
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
  }

  /** How many were started. */
  get count(): number {
    return this.#all.length;
  }

  /** The next one. */
  async next(): Promise<StartedBrowser> {
    while (this.#all.length <= this.#taken) await inTime(this.#changed.promise, "a browser");
    return this.#all[this.#taken++]!;
  }

  /** Those that were started until now are not the next one. */
  skip(): void {
    this.#taken = this.#all.length;
  }

  /** Resolves when all have ended. */
  async ended(): Promise<void> {
    await inTime(Promise.all(this.#all.map(({ ended }) => ended)), "the end of all browsers");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.ended();
  }
}
