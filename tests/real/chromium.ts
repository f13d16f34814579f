/**
 * Chromium, driven over the DevTools pipe: no port that other users of the machine could reach.
 * https://chromedevtools.github.io/devtools-protocol/
 */

import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { DevTools, inTime, type Json } from "./devtools.ts";

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
  // One process serves all pages: to start one for each takes longer than the pages themselves.
  "--disable-site-isolation-trials",
  "--disable-features=BackForwardCache,IsolateOrigins,site-per-process,SpareRendererForSitePerProcess," +
  "Translate,OptimizationHints,MediaRouter,PreloadTopChromeWebUI,WebUIOmniboxPopup," +
  "WebUIOmniboxAimPopup",
  "--renderer-process-limit=1",
  "--window-size=500,700",
  "--remote-debugging-pipe",
  // Of the simulated Duo.
  "--ignore-certificate-errors",
  // Pages that try to leave the simulator fail at once.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** A browser; `await using` ends it. */
export class Chromium implements AsyncDisposable {
  readonly #tools: DevTools;
  readonly #input: Writable;
  readonly #ended = Promise.withResolvers<void>();
  readonly #folder: string;
  #rest = "";

  /** `folder` is the profile's, which must be empty. */
  constructor(folder: string) {
    this.#folder = folder;
    const child = spawn("chromium", [...FLAGS, `--user-data-dir=${folder}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.#input = child.stdio[3] as Writable;
    this.#tools = new DevTools((text) => this.#input.write(`${text}\0`));
    const decoder = new TextDecoder();
    (child.stdio[4] as Readable).on("data", (bytes: Uint8Array) => {
      const messages = (this.#rest + decoder.decode(bytes, { stream: true })).split("\0");
      this.#rest = messages.pop()!;
      for (const message of messages) this.#tools.receive(message);
    });
    child.on("exit", () => {
      this.#tools.close();
      this.#ended.resolve();
    });
  }

  /** Calls a method of the protocol; `sessionId` names a page. */
  send(method: string, params?: Json, sessionId?: string): Promise<Json> {
    return this.#tools.send(method, params, sessionId);
  }

  /** Opens a page with cookies of its own. */
  async openPage(): Promise<Page> {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const target = { url: "about:blank", browserContextId };
    const { targetId } = await this.send("Target.createTarget", target);
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId, browserContextId);
    await page.send("Page.enable");
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: FAST });
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tools.tell("Browser.close");
    await inTime(this.#ended.promise, "Chromium's end");
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** A page's time passes ten times as fast: waits between two polls are short. Nothing moves. */
const FAST = `{
  const { setTimeout } = window;
  window.setTimeout = (act, milliseconds, ...args) => setTimeout(act, milliseconds / 10, ...args);
  const { now } = Date;
  const start = now();
  Date.now = () => start + (now() - start) * 10;
  document.addEventListener("DOMContentLoaded", () => {
    const style = document.createElement("style");
    style.textContent = "* { animation: none !important; transition: none !important }";
    document.head.append(style);
  });
}`;

/** Visible, enabled elements that match a selector, and a text if one is given. */
const FIND = `(selector, text) =>
  [...document.querySelectorAll(selector)].find((one) =>
    one.getClientRects().length > 0 && !one.disabled &&
    (text === undefined || (one.innerText || one.value || "").trim().includes(text)))`;

/** Resolves once the page has not changed for 50 ms: the widget replaces its forms as it renders. */
const SETTLED = `new Promise((resolve) => {
  let timer;
  const restart = () => { clearTimeout(timer); timer = setTimeout(resolve, 500); };
  const observer = new MutationObserver(restart);
  observer.observe(document, { subtree: true, childList: true, attributes: true });
  restart();
})`;

/** Resolves once a function returns true; it is asked again when the page changes. */
const WHEN = `(look) => new Promise((resolve) => {
  const events = ["load", "input", "change", "focusin"];
  const observer = new MutationObserver(() => ask());
  const ask = () => {
    if (!look()) return;
    observer.disconnect();
    for (const event of events) document.removeEventListener(event, ask, true);
    resolve(true);
  };
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  for (const event of events) document.addEventListener(event, ask, true);
  ask();
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

  /** The value of an expression; `undefined` if the page is left meanwhile. */
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

  /** Waits until an expression is true, in this page or one that follows. */
  async #when(what: string, expression: string): Promise<void> {
    const whole = `(${WHEN})(() => ${expression})`;
    let isLate = false;
    const work = async () => {
      while (await this.evaluate(whole) !== true && !isLate);
    };
    try {
      await inTime(work(), what);
    } catch (error) {
      isLate = true;
      throw new Error(`${(error as Error).message} in: ${await this.describe()}`);
    }
  }

  /** Waits until the page shows a text. */
  async sees(text: string): Promise<void> {
    const shown = `document.body.innerText.replaceAll("\\u2019", "'")`;
    await this.#when(JSON.stringify(text), `${shown}.includes(${JSON.stringify(text)})`);
  }

  /** Whether the page shows such an element now. */
  async has(selector: string, text?: string): Promise<boolean> {
    const args = [selector, text].map((one) => JSON.stringify(one)).join(", ");
    return await this.evaluate(`(${FIND})(${args}) !== undefined`) === true;
  }

  /** Clicks an element, once it is there. */
  async click(selector: string, text?: string): Promise<void> {
    const args = [selector, text].map((one) => JSON.stringify(one)).join(", ");
    const found = `(${FIND})(${args})`;
    let clicked: unknown = false;
    while (clicked === false) {
      await this.evaluate(SETTLED);
      await this.#when(`${selector} ${text ?? ""}`, `${found} !== undefined`);
      // The click may leave the page, and with it the answer.
      clicked = await this.evaluate(
        `(() => { const found = ${found}; found?.click(); return found !== undefined; })()`,
      );
    }
  }

  /** Waits until no such element is shown. */
  async gone(selector: string): Promise<void> {
    await this.#when(`no ${selector}`, `(${FIND})(${JSON.stringify(selector)}) === undefined`);
  }

  /** Replaces the text of a field, once it is there, as by typing. */
  async type(selector: string, text: string): Promise<void> {
    const field = `(${FIND})(${JSON.stringify(selector)})`;
    const focus = `(() => { const field = ${field}; field?.focus(); field?.select(); })()`;
    let typed: unknown;
    while (typed !== text) {
      // While it renders, the widget moves the focus and replaces fields.
      await this.evaluate(SETTLED);
      await this.#when(selector, `${field} !== undefined`);
      await this.evaluate(focus);
      await this.send("Input.insertText", { text });
      typed = await this.evaluate(`${field}?.value`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { browserContextId } = this;
    await this.browser.send("Target.disposeBrowserContext", { browserContextId });
  }
}
