/** A run that is killed at any step of a browser sign-in leaves no browser, lock or session. */

import assert from "node:assert/strict";
import { startProgram } from "../cli/program.ts";
import { inTime } from "./devtools.ts";
import { browsersOf, sealedSessions, setUp } from "./browser_set_up.ts";
import { ignoreWithout } from "./programs.ts";
import { BrowserWatch } from "./watched_browser.ts";

Deno.test({
  name: "refresh: killed at any step, it leaves no browser, no lock and no session",
  ignore: ignoreWithout("chromium", "bash"),
  async fn(t) {
    await using set = await setUp("code");
    const { home, pages, sim } = set;
    await using watch = await BrowserWatch.of(home);
    /** The next request for a page of an app, which the browser then posts to AWS. */
    const page = Promise.withResolvers<void>();
    let onAssertion = page.resolve;
    sim.world.faults.unshift(({ path, headers }) => {
      if (/sessionCookie|^\/(app|home)\//.test(path) && headers.get("cookie")?.includes("sid=")) {
        onAssertion();
      }
      return undefined;
    });
    const assertion = () => {
      const next = Promise.withResolvers<void>();
      onAssertion = next.resolve;
      return inTime(next.promise, "the page with the assertion");
    };
    const steps: [name: string, begins: () => Promise<unknown>, once?: true][] = [
      ["the browser was started", () => watch.next()],
      ["its first page was opened", () => pages.next("opened")],
      ["the password was sent", () => pages.next("password")],
      // Another run would wait for the next code.
      ["the code was sent", () => pages.next("code"), true],
      ["the page has the assertion", assertion],
    ];
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      for (const [name, begins, once] of steps) {
        if (once && signal === "SIGTERM") continue;
        await t.step(`${signal} when ${name}`, async () => {
          // What became of the last password is not known: a person says that it is the right one.
          const args = ["secrets", "set", "password"];
          assert.equal((await home.run(args, { stdin: sim.user.password })).code, 0);
          pages.then = once ? "code" : "session";
          watch.skip();
          const begun = begins();
          const child = await startProgram({ args: ["refresh"], home: home.folder, env: home.env });
          await begun;
          child.kill(signal);
          const { code } = await child.output();
          assert.equal(code, signal === "SIGTERM" ? 130 : 137);
          await watch.ended();
          assert.deepEqual(await browsersOf(home), []);
          assert.deepEqual(sealedSessions(home), []);
        });
      }
    }
    await t.step("the next run signs in", async () => {
      await home.run(["secrets", "set", "password"], { stdin: sim.user.password });
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
    });
    await t.step("AWS never got an assertion from the browser", () => {
      const posts = sim.requestsTo("signin", "POST", "/saml");
      const userAgents = posts.map(({ headers }) => headers.get("user-agent") ?? "");
      assert.deepEqual(userAgents.filter((one) => /Chrome/.test(one)), []);
    });
  },
});
