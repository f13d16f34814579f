import assert from "node:assert/strict";
import { setUpHome } from "../cli/program.ts";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { startSimulator } from "../sim/simulator.ts";
import { startKeyring } from "./keyring.ts";
import { ignoreWithout } from "./programs.ts";

Deno.test({
  name: "doctor tells a real keyring from one that is locked",
  ignore: ignoreWithout("secret-tool", "gnome-keyring-daemon", "dbus-daemon", "dbus-send"),
  fn: () =>
    inScratchFolder(async (folder) => {
      const { environment, lock, stop } = await startKeyring(folder);
      try {
        await using sim = await startSimulator();
        const env = {
          OKTA_AWS_BACKEND: "secret-service",
          DBUS_SESSION_BUS_ADDRESS: environment.DBUS_SESSION_BUS_ADDRESS!,
          XDG_RUNTIME_DIR: environment.XDG_RUNTIME_DIR!,
        };
        await using home = await setUpHome(sim, { env, args: ["--no-verify"] });
        const examine = async () => {
          const { stdout } = await home.run(["doctor", "--json"]);
          const { findings } = JSON.parse(stdout) as { findings: Record<string, string>[] };
          return findings.find(({ check }) => check === "secret store")!;
        };
        assert.deepEqual(await examine(), {
          check: "secret store",
          level: "ok",
          code: "secret_store",
          message: "secret-service has for default: password, TOTP secret",
        });
        await lock();
        const { level, code, mend } = await examine();
        assert.deepEqual([level, code], ["error", "locked"]);
        assert.match(mend!, /unlock/);
      } finally {
        await stop();
      }
    }),
});
