/** IAM Identity Center through the browser profile of an account. */

import assert from "node:assert/strict";
import { emptyHome, simulatorEnvironment } from "../cli/program.ts";
import { simSso } from "../sim/aws/sso/sso_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

/** AWS's question; somebody who sees a window answers it. */
const QUESTION = `<!DOCTYPE html><title>AWS</title><h1>Allow access to your data?</h1>
<button>Allow access</button><script>
const button = document.querySelector("button");
button.onclick = () => location.href += "&allowed=1";
if (!/Headless/.test(navigator.userAgent)) addEventListener("load", () => button.click());
</script>`;

Deno.test({
  name: "Identity Center: a person allows access once, later sign-ins need no window",
  ignore: ignoreWithout("chromium", "Xvfb"),
  async fn(t) {
    const sso = simSso();
    await using sim = await startSimulator({ world: (world) => void (world.sso = sso) });
    let questions = 0;
    sim.world.faults.push(({ host, path, query }) => {
      if (host !== "sso" || path !== "/authorize" || query.has("allowed")) return undefined;
      questions++;
      return new Response(QUESTION, { headers: { "content-type": "text/html" } });
    });
    await using home = await emptyHome(simulatorEnvironment(sim));
    const portal = ["--sso-start-url", `${sim.sso}/start`, "--sso-region", sso.region];
    const init = ["init", "--browser", ...portal];
    await t.step("without a display: exit 4", async () => {
      const { code, stderr } = await home.run(init);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /there is no display/);
    });
    await t.step("in a window", async () => {
      await using display = await startDisplay();
      const { code, stderr } = await home.run(init, { env: { DISPLAY: display.name } });
      assert.equal(code, 0, stderr);
      assert.match(stderr, /later sign-ins of this account confirm it for you/);
      assert.match(await home.read(".config/okta-aws/config.ini"), /^auth = browser$/m);
    });
    await t.step("then without one, in the background too", async () => {
      assert.equal((await home.run(["signout"])).code, 0);
      questions = 0;
      const role = sso.accounts[0]!.roles[0]!;
      const run = await home.run(["cred-process", `${sso.accounts[0]!.id}/${role}`]);
      assert.equal(run.code, 0, run.stderr);
      assert.equal(questions, 1);
    });
  },
});
