/** What a browser sign-in does not do: type elsewhere, take from elsewhere, outlive us. */

import assert from "node:assert/strict";
import { startProgram } from "../cli/program.ts";
import { writeShellProgram } from "../fakes/programs.ts";
import { browsersOf, setUp } from "./browser_set_up.ts";
import { ignoreWithout } from "./programs.ts";
import { BrowserWatch } from "./watched_browser.ts";

const ignore = ignoreWithout("chromium");

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
      const script = "echo hello; echo hello >&4; exit 0";
      await writeShellProgram(`${home.folder}/nonsense`, script);
      const env = { OKTA_AWS_BROWSER_PATH: `${home.folder}/nonsense` };
      const { code, stderr } = await home.run(["refresh"], { env });
      assert.equal(code, 2, stderr);
      assert.match(stderr, /could not drive the browser/);
    });
    await t.step("it crashes", async () => {
      const asked = pages.next("asked");
      const run = home.run(["refresh"]);
      await asked;
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
    await using watch = await BrowserWatch.of(home);
    const env = { ...home.env, AWS_SECRET_ACCESS_KEY: "do-not-tell", GITHUB_TOKEN: "do-not-tell" };
    const asked = pages.next("asked");
    const child = await startProgram({ args: ["refresh"], home: home.folder, env });
    await asked;
    const [pid] = await browsersOf(home);
    const environment = await Deno.readTextFile(`/proc/${pid}/environ`);
    assert.match(environment, /HOME=/);
    assert.doesNotMatch(environment, /do-not-tell|FILE_PASSPHRASE/);
    child.kill("SIGKILL");
    await child.output();
    await watch.ended();
  },
});
