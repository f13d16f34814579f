/** Sign-ins through a real browser, without and with a window. */

import assert from "node:assert/strict";
import { serveFormPages } from "../fakes/browser/form_pages.ts";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, secretsOf, simulatorEnvironment } from "../cli/program.ts";
import { browsersOf, sealedSessions, setUp } from "./browser_set_up.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignoreWithout("chromium");
const ignoreWindow = ignoreWithout("chromium", "Xvfb");

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
      const asked = pages.next("asked");
      const run = home.run(["refresh", "--force", "--show-browser"], { env });
      await asked;
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
  name: "cred-process: many callers at once share one browser",
  ignore,
  async fn() {
    await using set = await setUp("code");
    const { home, pages } = set;
    const runs = await Promise.all(
      Array.from({ length: 24 }, () => home.run(["cred-process", "123456789012/Developer"])),
    );
    assert.deepEqual(runs.map(({ code }) => code), runs.map(() => 0), runs[0]!.stderr);
    assert.deepEqual([pages.opened, pages.passwords.length, pages.codes.length], [1, 1, 1]);
  },
});
