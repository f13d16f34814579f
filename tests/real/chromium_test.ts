/** The page that ends a sign-in in the browser, in a real one. */

import assert from "node:assert/strict";
import { simSso } from "../sim/aws/sso/sso_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, simulatorEnvironment } from "../cli/program.ts";
import { ignoreWithout } from "./programs.ts";

/** What it says on its log of a style or script that our own headers forbid, among much else. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--enable-logging=stderr",
].join(" ");

/** Ends with what Chromium shows; it reads the page as long as something happens on it. */
const BROWSER = `#!/bin/sh
chromium ${FLAGS} --user-data-dir="$HOME/chromium" --dump-dom "$1" > "$HOME/page.part" 2> "$HOME/log"
mv "$HOME/page.part" "$HOME/page"
`;

/** A browser that takes longer hangs. */
const PATIENCE_MILLISECONDS = 20_000;

Deno.test({
  name: "Chromium is sent to the portal, comes back, and shows what became of it",
  ignore: ignoreWithout("chromium"),
  async fn(t) {
    const sso = simSso();
    await using sim = await startSimulator({ world: (world) => void (world.sso = sso) });
    await using home = await emptyHome(simulatorEnvironment(sim));
    await home.write("browser", BROWSER);
    await Deno.chmod(`${home.folder}/browser`, 0o755);
    home.env.BROWSER = `${home.folder}/browser`;
    const portal = ["--sso-start-url", `${sim.sso}/start`, "--sso-region", sso.region];
    const signIn = async () => {
      using changes = Deno.watchFs(home.folder);
      AbortSignal.timeout(PATIENCE_MILLISECONDS).addEventListener("abort", () => changes.close());
      const run = await home.run(["init", ...portal]);
      // The program needs no more than the redirect; the browser goes on for a moment.
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
