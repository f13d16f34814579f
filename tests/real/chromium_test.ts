/** The last page of a browser sign-in, in a real browser. */

import assert from "node:assert/strict";
import { writeShellProgram } from "../fakes/programs.ts";
import { simSso } from "../sim/aws/sso/sso_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, simulatorEnvironment } from "../cli/program.ts";
import { ignoreWithout } from "./programs.ts";

/** The log shows, among much else, styles and scripts that our headers block. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-features=PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
  "--disable-dev-shm-usage",
  "--enable-logging=stderr",
].join(" ");

/** Stores the page as Chromium shows it, once nothing happens on it any more. */
const BROWSER =
  `chromium ${FLAGS} --user-data-dir="$HOME/chromium" --dump-dom "$1" > "$HOME/page.part" 2> "$HOME/log"
mv "$HOME/page.part" "$HOME/page"`;

/** A slower browser counts as hung. */
const PATIENCE_MILLISECONDS = 20_000;

Deno.test({
  name: "init: signs in through Chromium and shows the result there",
  ignore: ignoreWithout("chromium"),
  async fn(t) {
    const sso = simSso();
    await using sim = await startSimulator({ world: (world) => void (world.sso = sso) });
    await using home = await emptyHome(simulatorEnvironment(sim));
    await writeShellProgram(`${home.folder}/browser`, BROWSER);
    home.env.BROWSER = `${home.folder}/browser`;
    const portal = ["--sso-start-url", `${sim.sso}/start`, "--sso-region", sso.region];
    const signIn = async () => {
      using changes = Deno.watchFs(home.folder);
      AbortSignal.timeout(PATIENCE_MILLISECONDS).addEventListener("abort", () => changes.close());
      const run = await home.run(["init", ...portal]);
      // The program needs only the redirect; the browser runs a moment longer.
      for await (const _ of changes) if (await home.read("page") !== "") break;
      const shown = { ...run, page: await home.read("page"), log: await home.read("log") };
      await Deno.remove(`${home.folder}/page`);
      return shown;
    };
    await t.step("it worked", async () => {
      const { code, stderr, page, log } = await signIn();
      assert.equal(code, 0, stderr);
      assert.match(page, /<h1>You are signed in<\/h1>/);
      assert.match(page, /close this page/);
      assert.doesNotMatch(log, /Refused to|violates/);
      assert.doesNotMatch(page, /<script|<a |<form|<img|http/);
    });
    await t.step("it failed", async () => {
      sso.person.does = "deny";
      await home.run(["signout"]);
      const { code, page } = await signIn();
      assert.equal(code, 3);
      assert.match(page, /<h1>You are not signed in<\/h1>/);
      assert.match(page, /The user denied the request/);
    });
  },
});
