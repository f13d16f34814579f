/** Sign-ins through a real browser, without and with a window. */

import assert from "node:assert/strict";
import { type FormPages, serveFormPages } from "../fakes/browser/form_pages.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import {
  emptyHome,
  type Home,
  secretsOf,
  setUpHome,
  simulatorEnvironment,
} from "../cli/program.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignoreWithout("chromium");
const ignoreWindow = ignoreWithout("chromium", "Xvfb");

interface Set extends AsyncDisposable {
  sim: Simulator;
  pages: FormPages;
  home: Home;
}

/** An account with `auth = browser` at an org that refuses every password by API. */
async function setUp(then: FormPages["then"], args: string[] = []): Promise<Set> {
  const sim = await startSimulator();
  const pages = serveFormPages(sim, then);
  const home = await setUpHome(sim, { args: ["--browser", "--no-verify", ...args] });
  return {
    sim,
    pages,
    home,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

/** The browsers that use a home's profile. */
async function browsersOf({ folder }: Home): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    if (line.includes(`--user-data-dir=${folder}`) && !line.includes("--type=")) {
      found.push(Number(name));
    }
  }
  return found;
}

/** Waits for a condition; the test's time limit is the runner's. */
async function until(what: string, look: () => Promise<boolean> | boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!await look()) {
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function sealedSessions(home: Home): string[] {
  return [...Deno.readDirSync(`${home.folder}/.aws/okta-aws/sessions`)].map(({ name }) => name);
}

Deno.test({
  name: "init --browser: signs in at an org that refuses every password by API",
  ignore,
  async fn(t) {
    await using sim = await startSimulator();
    const pages = serveFormPages(sim, "code");
    await using home = await emptyHome(simulatorEnvironment(sim));
    const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
    await t.step("fills in user name, password and code once", async () => {
      const stdin = secretsOf(sim);
      const { code, stderr } = await home.run(
        ["init", "--browser", ...account, "--secrets-stdin"],
        {
          stdin,
        },
      );
      assert.equal(code, 0, stderr);
      assert.match(stderr, /signed in; 3 roles/);
      assert.deepEqual(pages.passwords, [sim.user.password]);
      assert.equal(pages.codes.length, 1);
      assert.match(await home.read(".config/okta-aws/config.ini"), /^auth = browser$/m);
      assert.match(pages.userAgent, /HeadlessChrome/);
    });
    await t.step("AWS never gets the assertion from the browser", () => {
      const posts = sim.requestsTo("signin", "POST", "/saml");
      assert.deepEqual(
        posts.filter(({ headers }) => /Chrome/.test(headers.get("user-agent") ?? "")),
        [],
      );
    });
    await t.step("the next command needs no browser", async () => {
      pages.opened = 0;
      await Deno.rename(`${home.folder}/.aws/okta-aws/browser`, `${home.folder}/elsewhere`);
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual([pages.opened, pages.passwords.length], [0, 1]);
      await Deno.rename(`${home.folder}/elsewhere`, `${home.folder}/.aws/okta-aws/browser`);
    });
    await t.step("the profile is the user's alone, and no port was opened", () => {
      const folder = `${home.folder}/.aws/okta-aws/browser/default`;
      assert.equal(Deno.statSync(folder).mode! & 0o777, 0o700);
      assert.throws(() => Deno.statSync(`${folder}/DevToolsActivePort`), Deno.errors.NotFound);
    });
    await t.step("the next day the profile's session signs in, without a password", async () => {
      // Chrome has dropped its session cookies; what requests of our own had is gone.
      const { sessions } = sim.state;
      const [session] = [...sessions.values()].slice(-1);
      for (const name of sealedSessions(home)) {
        const path = `${home.folder}/.aws/okta-aws/sessions/${name}`;
        const document = JSON.parse(await Deno.readTextFile(path));
        if (document.signedInAt !== undefined || document.apps !== undefined) {
          await Deno.remove(path);
        }
      }
      assert.ok(session);
      pages.opened = 0;
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual([pages.opened, pages.passwords.length], [0, 1]);
    });
    await t.step("signout ends it in the profile too; --all deletes the profile", async () => {
      assert.equal((await home.run(["signout"])).code, 0);
      assert.deepEqual(sealedSessions(home), []);
      pages.then = "nobody";
      const { code } = await home.run(["refresh", "--force", "--no-input"]);
      assert.equal(code, 4);
      assert.equal(pages.opened, 1);
      assert.equal((await home.run(["signout", "--all"])).code, 0);
      assert.deepEqual([...Deno.readDirSync(`${home.folder}/.aws/okta-aws/browser`)], []);
    });
    assert.deepEqual(await browsersOf(home), []);
  },
});

Deno.test({
  name: "refresh: opens a window when a person is needed, and closes it",
  ignore: ignoreWindow,
  async fn(t) {
    await using set = await setUp("person");
    const { home, pages } = set;
    await t.step("exit 4 without a display, in the background, and with --no-input", async () => {
      for (
        const [args, code, why] of [
          [["refresh"], 4, /there is no display/],
          [["refresh", "--no-input"], 4, /--no-input/],
          [["cred-process", "Developer"], 4, /background/],
        ] as const
      ) {
        const run = await home.run([...args]);
        assert.equal(run.code, code, run.stderr);
        assert.match(run.stderr, why);
        assert.match(run.stderr, /okta-aws signin/);
      }
    });
    await using display = await startDisplay();
    const env = { DISPLAY: display.name };
    await t.step("a foreground command", async () => {
      const { code, stderr } = await home.run(["refresh"], { env });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /continue in the browser window/);
      assert.doesNotMatch(pages.userAgent, /Headless/);
    });
    await t.step("--show-browser says each step", async () => {
      await home.run(["signout"]);
      const { code, stderr } = await home.run(["refresh", "--force", "--show-browser"], { env });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /opened .*Chrom/);
      assert.match(stderr, /filled in the user name and the password/);
      assert.match(stderr, /took the assertion/);
    });
    await t.step("exit 130 when the person closes the window", async () => {
      await home.run(["signout"]);
      pages.then = "nobody";
      pages.asked = 0;
      const run = home.run(["refresh", "--force", "--show-browser"], { env });
      await until("the person's page", () => pages.asked > 0);
      for (const pid of await browsersOf(home)) Deno.kill(pid, "SIGTERM");
      const { code, stderr } = await run;
      assert.equal(code, 130, stderr);
    });
    assert.deepEqual(await browsersOf(home), []);
  },
});

Deno.test({
  name: "refresh: never sends a password again that Okta rejected in the browser",
  ignore,
  async fn() {
    await using set = await setUp("session");
    const { home, pages, sim } = set;
    sim.world.users[0]!.password = "changed-1-Aa";
    const first = await home.run(["refresh"]);
    assert.equal(first.code, 3, first.stderr);
    assert.match(first.stderr, /rejected the stored password/);
    const second = await home.run(["refresh"]);
    assert.equal(second.code, 4, second.stderr);
    assert.equal(pages.passwords.length, 1);
  },
});

Deno.test({
  name: "refresh: types nothing into another origin, or into a frame",
  ignore,
  async fn(t) {
    await using set = await setUp("session");
    const { home, pages } = set;
    const typed: string[] = [];
    const form = (action: string) =>
      `<form method="POST" action="${action}"><input name="username" autocomplete="username">` +
      `<input name="password" type="password" autocomplete="current-password"><button>Go</button></form>`;
    await using other = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        if (request.method === "POST") typed.push(await request.text());
        return new Response(form("/"), { headers: { "content-type": "text/html" } });
      },
    );
    const address = `http://127.0.0.1:${other.addr.port}/`;
    for (
      const [name, body] of [
        ["a page elsewhere", `<script>location.href = "${address}"</script>`],
        ["a frame of another origin", `<iframe src="${address}"></iframe>`],
        ["a frame of the org", `<iframe srcdoc='${form("/forms/password")}'></iframe>`],
      ] as const
    ) {
      await t.step(name, async () => {
        pages.page = body;
        assert.equal((await home.run(["refresh"])).code, 4);
        assert.deepEqual([typed, pages.passwords], [[], []]);
      });
    }
  },
});

Deno.test({
  name: "refresh: takes no assertion that another page posts, or that is for somebody else",
  ignore,
  async fn(t) {
    await using set = await setUp("session");
    const { home, pages, sim } = set;
    const post = `<form id="f" method="POST" action="https://signin.aws.amazon.com/saml">` +
      `<input name="SAMLResponse" value="PHg+"></form><script>f.submit()</script>`;
    await using other = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response(post, { headers: { "content-type": "text/html" } }),
    );
    await t.step("another page", async () => {
      pages.page = `<script>location.href = "http://127.0.0.1:${other.addr.port}/"</script>`;
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /came from http:\/\/127\.0\.0\.1:\d+, not from your Okta org/);
      delete pages.page;
    });
    await t.step("another destination", async () => {
      sim.world.apps[0]!.response.destination = "https://sp.example.com/acs";
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, /is for https:\/\/sp\.example\.com\/acs/);
      delete sim.world.apps[0]!.response.destination;
    });
    await t.step("an assertion larger than AWS takes", async () => {
      await home.run(["signout"]);
      sim.world.apps[0]!.grants = Array.from({ length: 3000 }, (_, index) => ({
        ...sim.world.apps[0]!.grants[0]!,
        roleArn: `arn:aws:iam::123456789012:role/some-rather-long-name-${index}`,
      }));
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 6, stderr);
      assert.match(stderr, /longer than the 100000 characters/);
    });
  },
});

Deno.test({
  name: "refresh: a browser that is not there, is none, or dies",
  ignore,
  async fn(t) {
    await using set = await setUp("nobody");
    const { home, pages } = set;
    await t.step("exit 2, saying where it was looked for", async () => {
      const env = { OKTA_AWS_BROWSER_PATH: "/nowhere/chrome" };
      const { code, stderr } = await home.run(["refresh"], { env });
      assert.equal(code, 2);
      assert.match(stderr, /no browser found \(searched: \/nowhere\/chrome\)/);
    });
    await t.step("a script that prints nonsense", async () => {
      await home.write("nonsense", "#!/bin/sh\necho hello; echo hello >&4; exit 0\n");
      await Deno.chmod(`${home.folder}/nonsense`, 0o755);
      const env = { OKTA_AWS_BROWSER_PATH: `${home.folder}/nonsense` };
      const { code, stderr } = await home.run(["refresh"], { env });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /could not drive the browser/);
    });
    await t.step("it crashes", async () => {
      const run = home.run(["refresh"]);
      await until("the person's page", () => pages.asked > 0);
      for (const pid of await browsersOf(home)) Deno.kill(pid, "SIGKILL");
      const { code, stderr } = await run;
      assert.equal(code, 2, stderr);
      assert.match(stderr, /the browser ended during the sign-in/);
    });
    assert.deepEqual(await browsersOf(home), []);
  },
});

Deno.test({
  name: "refresh: the browser ends with the program, and has none of its secrets",
  ignore,
  async fn() {
    await using set = await setUp("nobody");
    const { home, pages } = set;
    const controller = new AbortController();
    const { startProgram } = await import("../cli/program.ts");
    const env = { ...home.env, AWS_SECRET_ACCESS_KEY: "do-not-tell", GITHUB_TOKEN: "do-not-tell" };
    const child = await startProgram({
      args: ["refresh"],
      home: home.folder,
      env,
      signal: controller.signal,
    });
    const output = child.output();
    await until("the person's page", () => pages.asked > 0);
    const [pid] = await browsersOf(home);
    const environment = await Deno.readTextFile(`/proc/${pid}/environ`);
    assert.match(environment, /HOME=/);
    assert.doesNotMatch(environment, /do-not-tell|FILE_PASSPHRASE/);
    child.kill("SIGKILL");
    await output;
    await until("the browser's end", async () => (await browsersOf(home)).length === 0);
  },
});

Deno.test({
  name: "cred-process: many callers at once share one browser",
  ignore,
  async fn() {
    await using set = await setUp("code");
    const { home, pages } = set;
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => home.run(["cred-process", "123456789012/Developer"])),
    );
    assert.deepEqual(runs.map(({ code }) => code), runs.map(() => 0), runs[0]!.stderr);
    assert.deepEqual([pages.opened, pages.passwords.length, pages.codes.length], [1, 1, 1]);
  },
});
