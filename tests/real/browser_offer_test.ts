/** `auth = auto`: the offer to sign in through the browser, and that it is remembered. */

import assert from "node:assert/strict";
import { emptyHome, simulatorEnvironment } from "../cli/program.ts";
import { ignorePty, runOnTerminal } from "../cli/pty.ts";
import { serveFormPages } from "../fakes/browser/form_pages.ts";
import { startSimulator } from "../sim/simulator.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout } from "./programs.ts";

Deno.test({
  name: "init: offers the browser where another identity provider signs in, and remembers it",
  ignore: ignorePty || ignoreWithout("chromium", "Xvfb"),
  async fn(t) {
    await using sim = await startSimulator({ world: ({ org }) => void (org.idpType = "SAML2") });
    const pages = serveFormPages(sim, "person");
    await using display = await startDisplay();
    await using home = await emptyHome({ ...simulatorEnvironment(sim), DISPLAY: display.name });
    const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
    await t.step("refused without a terminal, as ever", async () => {
      const args = ["init", ...account, "--secrets-stdin"];
      const { code, stderr } = await home.run(args, { stdin: "{}" });
      assert.equal(code, 3, stderr);
      assert.match(stderr, /okta-aws init --browser/);
      assert.equal(pages.opened, 0);
    });
    await t.step("taken at a terminal", async () => {
      const terminal = await runOnTerminal(home, ["init", ...account, "--profiles", "none"]);
      await terminal.answer("Okta password", sim.user.password);
      await terminal.answer("TOTP secret", "");
      await terminal.answer("This sign-in needs a browser. Open one?", "y");
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /another provider/);
      assert.match(shown, /signed in; 3 roles/);
      assert.match(await home.read(".config/okta-aws/config.ini"), /^auth = browser$/m);
    });
    await t.step("not asked again", async () => {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
    });
  },
});
