/** The screens of help, the cluster menu and several consoles, at 80 and 120 columns. */

import assert from "node:assert/strict";
import { startSimulator } from "../../sim/simulator.ts";
import { emptyHome, setUpHome } from "../program.ts";
import { ignorePty } from "../pty.ts";
import { openScreen } from "./screen.ts";

const CLUSTERS = ["prod", "stage"].map((name) => ({
  name,
  accountId: "123456789012",
  region: "eu-west-1",
  endpoint: `https://${name}.example`,
  authority: btoa("-----BEGIN CERTIFICATE-----\n"),
}));

for (const columns of [80, 120]) {
  Deno.test({
    name: `help: screens at ${columns} columns`,
    ignore: ignorePty,
    async fn() {
      await using home = await emptyHome();
      const screen = await openScreen(home, [], { columns });
      assert.equal((await screen.end()).code, 2);
      assert.ok(screen.text().trimEnd().split("\n").length < 24, "it has to fit 24 lines");
      await screen.shows("help");
    },
  });

  Deno.test({
    name: `kube setup --all, console: screens at ${columns} columns`,
    ignore: ignorePty,
    async fn() {
      await using sim = await startSimulator({ world: { clusters: CLUSTERS } });
      sim.world.aws.regions = ["eu-west-1"];
      await using home = await setUpHome(sim);
      await home.run(["roles", "--refresh"]);
      const kube = await openScreen(home, ["kube", "setup", "--all"], { columns });
      await kube.until("0 selected");
      await kube.shows("kube_menu");
      await kube.type("stage");
      await kube.until("2 of 4");
      await kube.type("\x01\r");
      assert.equal((await kube.end()).code, 0);
      await kube.shows("kube_done");
      const env = { BROWSER: "true" };
      const open = await openScreen(home, ["console", "Developer", "ReadOnly"], { columns, env });
      assert.equal((await open.end()).code, 0);
      await open.shows("console_two");
    },
  });
}
