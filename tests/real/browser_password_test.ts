/** With `auth = browser`, a stored password without an answer is not filled in again. */

import assert from "node:assert/strict";
import { failNext, stalledAnswer } from "../sim/faults.ts";
import { startProgram } from "../cli/program.ts";
import { setUp } from "./browser_set_up.ts";
import { ignoreWithout } from "./programs.ts";

Deno.test({
  name: "refresh: fills in no password that was filled in before and got no answer",
  ignore: ignoreWithout("chromium"),
  async fn(test) {
    await using set = await setUp("session");
    const { home, pages, sim } = set;
    await test.step("the run that sent it is killed", async () => {
      const { promise: sent, resolve } = Promise.withResolvers<void>();
      const path = "/forms/password";
      const stalled = failNext({ host: "okta", path, times: 1 }, () => {
        resolve();
        return stalledAnswer();
      });
      sim.world.faults.unshift(stalled);
      const child = await startProgram({ args: ["refresh"], home: home.folder, env: home.env });
      await sent;
      child.kill("SIGKILL");
      await child.output();
    });
    await test.step("later runs", async () => {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /was sent before/);
      assert.deepEqual(pages.passwords, []);
    });
    await test.step("a password that a person stores is filled in, and leaves no note", async () => {
      const args = ["secrets", "set", "password"];
      assert.equal((await home.run(args, { stdin: sim.user.password })).code, 0);
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(pages.passwords, [sim.user.password]);
      const folder = `${home.folder}/.aws/okta-aws/state`;
      for (const { name } of Deno.readDirSync(folder)) {
        assert.doesNotMatch(await Deno.readTextFile(`${folder}/${name}`), /sentPasswords/);
      }
    });
  },
});
