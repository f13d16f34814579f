/** A folder where another user has left programs, and a PATH that begins with it. */

import assert from "node:assert/strict";
import { startSimulator } from "../../sim/simulator.ts";
import { setUpHome } from "../program.ts";

const PROFILE = "okta-acme-production-Developer";

Deno.test({
  name: "PATH: programs are found in absolute entries only",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const path = Deno.env.get("PATH");
    // The runs' current folder.
    for (const name of ["only-here", "true", "xdg-open"]) {
      await home.write(name, `#!/bin/sh\necho planted >>"${home.folder}/ran"\n`);
      await Deno.chmod(`${home.folder}/${name}`, 0o755);
    }
    for (const entry of [".", "", "bin/.."]) {
      const env = { PATH: `${entry}:${path}`, DISPLAY: ":9" };
      const missing = await home.run(["exec", PROFILE, "--", "only-here"], { env });
      assert.equal(missing.code, 127, missing.stderr);
      const found = await home.run(["exec", PROFILE, "--", "true"], { env });
      assert.equal(found.code, 0, found.stderr);
      await home.run(["console", PROFILE], { env });
    }
    assert.equal(await home.read("ran"), "");
    const named = await home.run(["exec", PROFILE, "--", "./only-here"]);
    assert.equal(named.code, 0, named.stderr);
    assert.match(await home.read("ran"), /planted/);
  },
});
