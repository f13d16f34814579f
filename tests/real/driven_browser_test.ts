/** Our driver and a real browser: what a page can't hide from it, and how a browser can fail. */

import assert from "node:assert/strict";
import { systemBrowsers } from "../../src/platform/browser/driven_browser.ts";
import type { BrowserLaunch, DrivenBrowser, PausedPost } from "../../src/ports.ts";
import { writeShellProgram } from "../fakes/programs.ts";
import { type DevTools, inTime } from "./devtools.ts";
import { ignoreWithout } from "./programs.ts";
import { BrowserWatch, type StartedBrowser } from "./watched_browser.ts";

const ignore = ignoreWithout("chromium", "bash");

const SYSTEM = {
  all: () => ({ PATH: Deno.env.get("PATH")!, HOME: Deno.makeTempDirSync() }),
  get: (name: string) => Deno.env.get(name),
  os: "linux",
  home: "/nowhere",
} as const;

/** AWS's place in these tests: a server that must never get anything. */
const sent: string[] = [];
const aws = ignore ? undefined : Deno.serve(
  { hostname: "127.0.0.1", port: 0, onListen() {} },
  ({ method, url }) => {
    if (method !== "GET") sent.push(`${method} ${url}`);
    return new Response();
  },
);
const AWS = `http://127.0.0.1:${aws?.addr.port}/saml`;

/** Pages by path; `await using` ends their server. */
function servePages(pages: Record<string, string>, headers: Record<string, string> = {}) {
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const type = pathname.endsWith(".js") ? "text/javascript" : "text/html";
    return new Response(pages[pathname] ?? "", { headers: { "content-type": type, ...headers } });
  });
  return {
    requests,
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function form(fields: string, attributes = ""): string {
  return `<form method="POST" action="${AWS}" ${attributes}>${fields}<button>Go</button></form>`;
}

const FIELD = `<input name="SAMLResponse" value="PHg+">`;
const HIDDEN = `<meta name="referrer" content="no-referrer">`;
const SUBMIT = "<script>document.forms[0].submit()</script>";

/** A running browser, and the test's own way into it. */
class Driven implements AsyncDisposable {
  readonly posts: PausedPost[] = [];
  #posted = Promise.withResolvers<PausedPost>();

  private constructor(
    readonly folder: string,
    readonly watch: BrowserWatch,
  ) {}

  browser!: DrivenBrowser;
  started!: StartedBrowser;
  tools!: DevTools;

  static async start(options: Partial<BrowserLaunch> = {}): Promise<Driven> {
    const folder = await Deno.makeTempDir({ prefix: "okta-aws-driven-" });
    const driven = new Driven(folder, await BrowserWatch.start(folder));
    driven.browser = await systemBrowsers(SYSTEM).launch({
      path: driven.watch.path,
      args: [],
      profile: `${folder}/profile`,
      visible: false,
      pause: [`${AWS}*`],
      onPost: (post) => driven.#take(post),
      ...options,
    });
    driven.started = await driven.watch.next();
    driven.tools = await driven.started.connect();
    return driven;
  }

  #take(post: PausedPost): void {
    this.posts.push(post);
    this.#posted.resolve(post);
  }

  /** The next form that is posted after `act`. */
  async post(act: () => unknown): Promise<PausedPost> {
    this.#posted = Promise.withResolvers();
    await act();
    return await inTime(this.#posted.promise, "a posted form");
  }

  /** Clicks the first button of a page, as a person does: only that may open another page. */
  async click(url: string): Promise<void> {
    const sessionId = await this.page(url);
    const expression = `new Promise((resolve) => {
      const click = () => resolve(document.querySelector("button").click());
      if (document.readyState === "complete") click();
      else addEventListener("load", click);
    })`;
    const options = { expression, userGesture: true, awaitPromise: true };
    await this.tools.send("Runtime.evaluate", options, sessionId);
  }

  /** A session with the page that has, or will have, this URL. */
  async page(url: string): Promise<string> {
    const found = Promise.withResolvers<string>();
    const look = ({ targetInfo }: { targetInfo: { url: string; targetId: string } }) => {
      if (targetInfo.url === url) found.resolve(targetInfo.targetId);
    };
    this.tools.on("Target.targetCreated", look);
    this.tools.on("Target.targetInfoChanged", look);
    await this.tools.send("Target.setDiscoverTargets", { discover: true });
    const targetId = await inTime(found.promise, url);
    const { sessionId } = await this.tools.send("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    return sessionId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    await this.watch[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test({
  name: "DrivenBrowser: pauses the form of every page, frame and popup, and says who posts it",
  ignore,
  async fn(t) {
    await using driven = await Driven.start();
    const { browser } = driven;
    const large = "A".repeat(300_000);
    await using other = servePages({ "/": form(FIELD) + SUBMIT });
    await using pages = servePages({
      "/": form(FIELD) + SUBMIT,
      "/hidden": HIDDEN + form(FIELD) + SUBMIT,
      "/guest": `${HIDDEN}${form(FIELD)}<iframe src="${other.origin}/nothing"></iframe>
        <script>onload = () => document.forms[0].submit()</script>`,
      "/large": form(`<textarea name="SAMLResponse">${large}</textarea>`) + SUBMIT,
      "/blank": form(FIELD, `target="_blank"`),
      "/popup": `<button onclick="window.open('/', '', 'width=300,height=300')">Open</button>`,
      "/written": `<button onclick="const page = window.open('about:blank');
        page.document.write(document.querySelector('template').innerHTML);
        page.document.forms[0].submit()">Open</button><template>${form(FIELD)}</template>`,
      "/frame": `<iframe src="/"></iframe>`,
      "/foreign": `<iframe src="${other.origin}/"></iframe>`,
      "/srcdoc": `<iframe srcdoc='${form(FIELD) + SUBMIT}'></iframe>`,
      "/sandbox": `<iframe sandbox="allow-forms allow-scripts" src="/"></iframe>`,
      "/beacon": `<script src="/beacon.js"></script>`,
      "/beacon.js": `fetch("${AWS}", { method: "POST", mode: "no-cors", body: "x" })
        .catch(() => document.title = "blocked")`,
    });
    const body = "SAMLResponse=PHg%2B";
    const { origin } = pages;
    const answer = {
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<h1>Taken</h1>",
    };
    for (
      const [name, path, click, from] of [
        ["a page", "/", false, origin],
        ["a page that hides its address", "/hidden", false, origin],
        ["a frame", "/frame", false, origin],
        ["a frame of another origin", "/foreign", false, other.origin],
        ["a frame without an address", "/srcdoc", false, origin],
        ["a frame in a sandbox", "/sandbox", false, origin],
        ["a page that hides its address and has another's frame", "/guest", false, undefined],
        ["a form with target=_blank", "/blank", true, origin],
        ["a popup", "/popup", true, origin],
        ["a popup that its opener writes", "/written", true, origin],
      ] as const
    ) {
      await t.step(name, async () => {
        const post = await driven.post(() => {
          browser.open(origin + path);
          return click ? driven.click(origin + path) : undefined;
        });
        assert.deepEqual([post.url, post.origin, post.body.reveal()], [AWS, from, body]);
        await post.answer(answer);
      });
    }
    await t.step("a body of 300 kB", async () => {
      const post = await driven.post(() => browser.open(`${origin}/large`));
      assert.equal(post.body.reveal(), `SAMLResponse=${large}`);
      await post.answer(answer);
    });
    await t.step("AWS got nothing", () => assert.deepEqual(sent, []));
  },
});

/** A program instead of a browser. */
async function fakeBrowser(folder: string, text: string): Promise<string> {
  const path = `${folder}/fake-browser`;
  await writeShellProgram(path, text);
  return path;
}

Deno.test({
  name: "Browsers.launch() ends a browser that does not answer, and all that it started",
  ignore: Deno.build.os !== "linux",
  async fn(t) {
    const folder = await Deno.makeTempDir({ prefix: "okta-aws-driven-" });
    const quiet = { args: [], visible: false, pause: [], onPost() {} };
    // The test reads the other end until its last writer has ended.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const mark =
      `exec bash -c 'exec 9>/dev/tcp/127.0.0.1/${listener.addr.port}; sleep 1000 & wait'`;
    const options = {
      ...quiet,
      profile: `${folder}/profile`,
      path: await fakeBrowser(folder, mark),
    };
    const ended = async (connection: Deno.Conn) => {
      await inTime(connection.readable.pipeTo(new WritableStream()).catch(() => {}), "its end");
    };
    await t.step("after a time", async () => {
      const launched = systemBrowsers(SYSTEM, 300).launch(options);
      const failed = assert.rejects(launched, { code: "browser_failed", message: /within 0.3 s/ });
      await ended(await listener.accept());
      await failed;
    });
    await t.step("at Ctrl-C", async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const launched = systemBrowsers(SYSTEM).launch({ ...options, signal });
      const failed = assert.rejects(launched, /interrupted/);
      const connection = await listener.accept();
      controller.abort(new Error("interrupted"));
      await ended(connection);
      await failed;
    });
    listener.close();
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "Browsers.launch(): a profile that another browser uses, or that another computer's used",
  ignore,
  async fn(t) {
    await using driven = await Driven.start();
    const profile = `${driven.folder}/profile`;
    const options = { args: [], profile, visible: false, pause: [], onPost() {} };
    const launch = (path: string) => systemBrowsers(SYSTEM).launch({ ...options, path });
    await t.step("exit 4 while it is used", async () => {
      const error = { code: "browser_profile_busy", message: /process \d+/ };
      await assert.rejects(launch("/usr/bin/chromium"), error);
    });
    await t.step("it is waited for while it ends", async () => {
      const again = launch(driven.watch.path);
      await driven.browser.close();
      await (await again).close();
    });
    await t.step("a lock of another computer's is removed", async () => {
      await Deno.symlink("some-container-4711", `${profile}/SingletonLock`);
      await (await launch(driven.watch.path)).close();
    });
  },
});

Deno.test({
  name: "DrivenBrowser.ended: a page that crashes, a window that the person closes",
  ignore,
  async fn(t) {
    await t.step("crashed", async () => {
      await using driven = await Driven.start();
      const sessionId = await driven.page("about:blank");
      driven.tools.tell("Page.crash", {}, sessionId);
      assert.equal(await inTime(driven.browser.ended, "the end"), "crashed");
    });
    await t.step("closed", async () => {
      await using driven = await Driven.start();
      const sessionId = await driven.page("about:blank");
      driven.tools.tell("Page.close", {}, sessionId);
      assert.equal(await inTime(driven.browser.ended, "the end"), "closed");
    });
  },
});

Deno.test({
  name: "DrivenBrowser: only the org's pages reach programs on this computer",
  ignore,
  async fn(t) {
    const cors = { "access-control-allow-origin": "*" };
    await using verify = servePages({}, cors);
    // As if it came from the Internet: Chrome then asks before a page reaches this computer.
    const far = { "content-security-policy": "treat-as-public-address" };
    const page = `<script>
fetch("${verify.origin}/probe").then(() => "reached", () => "refused").then((word) => {
  document.title = word;
});</script>`;
    await using org = servePages({ "/": page }, far);
    await using other = servePages({ "/": page }, far);
    await using driven = await Driven.start({ reachesLoopback: [org.origin] });
    for (
      const [name, { origin }, word] of [["org", org, "reached"], [
        "other",
        other,
        "refused",
      ]] as const
    ) {
      await t.step(name, async () => {
        driven.browser.open(`${origin}/`);
        const sessionId = await driven.page(`${origin}/`);
        const expression = `new Promise((resolve) => {
          const look = () => document.title && resolve(document.title);
          new MutationObserver(look).observe(document, { subtree: true, childList: true });
          look();
        })`;
        const { result } = await driven.tools.send(
          "Runtime.evaluate",
          { expression, awaitPromise: true },
          sessionId,
        );
        assert.equal(result.value, word);
      });
    }
    assert.deepEqual(verify.requests, ["/probe"]);
  },
});
