/**
 * Chromium, driven over the DevTools pipe: no port that other users of the machine could reach.
 * https://chromedevtools.github.io/devtools-protocol/
 */

import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-extensions",
  "--disable-sync",
  "--remote-debugging-pipe",
  // Of the simulated Duo.
  "--ignore-certificate-errors",
  // Pages that try to leave the simulator fail at once.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** How long a page may take to show something. */
const PATIENCE_MILLISECONDS = 20_000;
const POLL_MILLISECONDS = 25;

// deno-lint-ignore no-explicit-any -- each method has parameters and results of its own
type Json = any;

interface Message {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: Json;
  result?: Json;
  error?: { message: string };
}

/** Runs a function until it returns something other than `undefined`. */
export async function waitFor<T>(
  look: () => Promise<T | undefined> | T | undefined,
  describe: () => Promise<string> | string,
): Promise<T> {
  const end = Date.now() + PATIENCE_MILLISECONDS;
  while (true) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`timed out waiting for ${await describe()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** A browser; `await using` ends it. */
export class Chromium implements AsyncDisposable {
  readonly #waiting = new Map<number, PromiseWithResolvers<Json>>();
  readonly #input: Writable;
  readonly #ended = Promise.withResolvers<void>();
  readonly #folder: string;
  #last = 0;
  #rest = "";

  /** `folder` is the profile's, which must be empty. */
  constructor(folder: string) {
    this.#folder = folder;
    const child = spawn("chromium", [...FLAGS, `--user-data-dir=${folder}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.#input = child.stdio[3] as Writable;
    const decoder = new TextDecoder();
    (child.stdio[4] as Readable).on("data", (bytes: Uint8Array) => {
      this.#read(decoder.decode(bytes, { stream: true }));
    });
    child.on("exit", () => this.#ended.resolve());
  }

  #read(text: string): void {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop()!;
    for (const { id, result, error } of messages.map((one): Message => JSON.parse(one))) {
      if (id === undefined) continue;
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(error.message));
      else waiting?.resolve(result);
    }
  }

  /** Calls a method of the protocol; `sessionId` names a page. */
  async send(method: string, params?: Json, sessionId?: string): Promise<Json> {
    const waiting = Promise.withResolvers<Json>();
    this.#waiting.set(++this.#last, waiting);
    this.#input.write(JSON.stringify({ id: this.#last, method, params, sessionId }) + "\0");
    return await waiting.promise;
  }

  /** Opens a page with cookies of its own. */
  async openPage(): Promise<Page> {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const target = { url: "about:blank", browserContextId };
    const { targetId } = await this.send("Target.createTarget", target);
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, browserContextId);
    await page.send("Page.enable");
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: SHORT_WAITS });
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#input.write(JSON.stringify({ id: ++this.#last, method: "Browser.close" }) + "\0");
    await this.#ended.promise;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Makes waits of pages ten times shorter: those between two polls, for example. */
const SHORT_WAITS = `{
  const { setTimeout } = window;
  window.setTimeout = (act, milliseconds, ...args) => setTimeout(act, milliseconds / 10, ...args);
}`;

/** Visible, enabled elements that match a selector, and a text if one is given. */
const FIND = `(selector, text) =>
  [...document.querySelectorAll(selector)].find((one) =>
    one.getClientRects().length > 0 && !one.disabled &&
    (text === undefined || (one.innerText || one.value || "").trim().includes(text)))`;

/** Resolves after 50 ms without a change of the document, or after 2 s. */
const SETTLED = `new Promise((resolve) => {
  let timer;
  const restart = () => { clearTimeout(timer); timer = setTimeout(resolve, 500); };
  const observer = new MutationObserver(restart);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  setTimeout(resolve, 20000);
  restart();
})`;

/** A page; `await using` closes it. */
export class Page implements AsyncDisposable {
  constructor(
    readonly browser: Chromium,
    readonly sessionId: string,
    readonly browserContextId: string,
  ) {}

  async send(method: string, params?: Json): Promise<Json> {
    return await this.browser.send(method, params, this.sessionId);
  }

  /** Forgets cookies and security keys, so that the next sign-in starts from nothing. */
  async reset(): Promise<void> {
    const { browserContextId } = this;
    await this.browser.send("Storage.clearCookies", { browserContextId });
    await this.send("WebAuthn.disable");
  }

  async open(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
  }

  /** The value of an expression; `undefined` while a new page is loading. */
  async evaluate(expression: string): Promise<Json> {
    try {
      const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      return exceptionDetails ? undefined : result.value;
    } catch {
      return undefined;
    }
  }

  /** What the page shows, and its fields. */
  async describe(): Promise<string> {
    return String(
      await this.evaluate(`document.title + " | " + location.href + " | " +
      document.body.innerText.replace(/\\s+/g, " ").slice(0, 400) + " | " +
      [...document.querySelectorAll("input, button, a.button")].filter((one) => one.getClientRects().length > 0)
        .map((one) => one.name || one.value || one.innerText).join(", ")`),
    );
  }

  async #waitFor(what: string, expression: string): Promise<void> {
    const look = async () => await this.evaluate(expression) === true ? true : undefined;
    await waitFor(look, async () => `${what} in: ${await this.describe()}`);
  }

  /** Waits until the page shows a text. */
  async sees(text: string): Promise<void> {
    const shown = `document.body.innerText.replaceAll("\\u2019", "'")`;
    await this.#waitFor(JSON.stringify(text), `${shown}.includes(${JSON.stringify(text)})`);
  }

  /** Whether the page shows such an element now. */
  async has(selector: string, text?: string): Promise<boolean> {
    const args = [selector, text].map((one) => JSON.stringify(one)).join(", ");
    return await this.evaluate(`(${FIND})(${args}) !== undefined`) === true;
  }

  /** Waits until the page no longer changes: the widget animates its forms and replaces them. */
  async settles(): Promise<void> {
    await this.evaluate(SETTLED);
  }

  /** Clicks an element, once it is there. */
  async click(selector: string, text?: string): Promise<void> {
    await this.settles();
    const args = [selector, text].map((one) => JSON.stringify(one)).join(", ");
    await this.#waitFor(
      `${selector} ${text ?? ""}`,
      `(() => { const found = (${FIND})(${args}); found?.click(); return found !== undefined; })()`,
    );
  }

  /** Waits until no such element is shown. */
  async gone(selector: string): Promise<void> {
    await this.#waitFor(`no ${selector}`, `(${FIND})(${JSON.stringify(selector)}) === undefined`);
  }

  /** Replaces the text of a field, once it is there, as by typing. */
  async type(selector: string, text: string): Promise<void> {
    const field = `(${FIND})(${JSON.stringify(selector)})`;
    // While it renders, the widget moves the focus and replaces fields.
    await this.settles();
    await waitFor(async () => {
      const focused = `(() => { const field = ${field}; field?.focus(); field?.select();
        return field !== undefined && document.activeElement === field; })()`;
      if (await this.evaluate(focused) !== true) return undefined;
      await this.send("Input.insertText", { text });
      return await this.evaluate(`${field}?.value`) === text ? true : undefined;
    }, async () => `${selector} in: ${await this.describe()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { browserContextId } = this;
    await this.browser.send("Target.disposeBrowserContext", { browserContextId });
  }
}
