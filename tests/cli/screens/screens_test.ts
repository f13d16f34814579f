import { startSimulator } from "../../sim/simulator.ts";
import { emptyHome, simulatorEnvironment } from "../program.ts";
import { ignorePty } from "../pty.ts";
import { openScreen } from "./screen.ts";

for (const columns of [80, 120]) {
  Deno.test({
    name: `init: screens at ${columns} columns`,
    ignore: ignorePty,
    async fn() {
      await using sim = await startSimulator();
      await using home = await emptyHome(simulatorEnvironment(sim));
      const screen = await openScreen(home, ["init"], { columns });
      await screen.answer("1/6", sim.embedLink());
      await screen.answer("2/6", sim.user.login);
      await screen.answer("3/6", sim.user.password);
      await screen.answer("4/6", sim.user.totpUri);
      await screen.answer("AWS region", "");
      await screen.answer("credential_process", "");
      await screen.shows("init");
      await screen.end();
    },
  });
}
