/** What is kept of a browser sign-in: a session that only the browser may use, the app's issuer. */

import assert from "node:assert/strict";
import { ignorePty, runOnTerminal } from "../cli/pty.ts";
import { redirectTo } from "../sim/faults.ts";
import { setUp } from "./browser_set_up.ts";
import { ignoreWithout } from "./programs.ts";
import { BrowserWatch } from "./watched_browser.ts";

const ignore = ignoreWithout("chromium", "bash");

Deno.test({
  name: "refresh: a session that Okta refuses outside of the browser is left to the browser",
  ignore,
  async fn(t) {
    await using set = await setUp("session");
    const { home, pages, sim } = set;
    await using watch = await BrowserWatch.of(home);
    let refused = 0;
    sim.world.faults.unshift(({ host, path, headers }) => {
      const isBrowser = /Chrome/.test(headers.get("user-agent") ?? "");
      if (host !== "okta" || isBrowser || !/^\/(home|app)\//.test(path)) return undefined;
      refused++;
      return redirectTo(`${sim.okta}/login/login.htm`);
    });
    const refresh = async () => {
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 0, stderr);
      return [watch.count, refused, pages.passwords.length];
    };
    await t.step("the first sign-in", async () => assert.deepEqual(await refresh(), [1, 0, 1]));
    sim.state.assertions.clear();
    await forgetAssertion(home.folder);
    await t.step("the session is tried once, then the browser serves", async () => {
      assert.deepEqual(await refresh(), [2, 1, 1]);
    });
    await forgetAssertion(home.folder);
    await t.step("later at once", async () => assert.deepEqual(await refresh(), [3, 1, 1]));
  },
});

/** As if its minutes were over. */
async function forgetAssertion(home: string): Promise<void> {
  const folder = `${home}/.aws/okta-aws/sessions`;
  for await (const { name } of Deno.readDir(folder)) {
    const document = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    if (document.apps !== undefined) await Deno.remove(`${folder}/${name}`);
  }
}

Deno.test({
  name: "refresh: a new SAML issuer of the app is confirmed by a person",
  ignore: ignore || ignorePty,
  async fn(t) {
    await using set = await setUp("session");
    const { home, pages, sim } = set;
    assert.equal((await home.run(["refresh"])).code, 0);
    sim.world.apps[0]!.exk = "exkanother";
    assert.equal((await home.run(["signout"])).code, 0);
    const changed = /SAML issuer is now http:\/\/www\.okta\.com\/exkanother, not http/;
    await t.step("exit 4 without a terminal", async () => {
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 4, stderr);
      assert.match(stderr, changed);
      assert.deepEqual(sim.requestsTo("sts", "POST", "/").length > 0, true);
    });
    const answer = async (text: string) => {
      await home.run(["signout"]);
      const terminal = await runOnTerminal(home, ["refresh", "--force"]);
      await terminal.answer("Trust it?", text);
      return await terminal.end();
    };
    await t.step("no", async () => {
      const { code, shown } = await answer("n");
      assert.equal(code, 4, shown);
    });
    await t.step("yes, and it is not asked again", async () => {
      const { code, shown } = await answer("y");
      assert.equal(code, 0, shown);
      await home.run(["signout"]);
      const again = await home.run(["refresh", "--force"]);
      assert.equal(again.code, 0, again.stderr);
    });
    assert.ok(pages.passwords.every((one) => one === sim.user.password));
  },
});
