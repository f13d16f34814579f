/** A folder where another user has left programs, and a PATH that begins with it. */

import assert from "node:assert/strict";
import { pathWith, writeProgram } from "../../fakes/programs.ts";
import { startSimulator } from "../../sim/simulator.ts";
import { setUpHome } from "../program.ts";

const PROFILE = "okta-acme-production-Developer";

Deno.test("PATH: programs are found in absolute entries only", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const leave = (file: string) => Deno.writeTextFileSync(file, "planted\n", { append: true });
  const plant = (name: string) =>
    writeProgram(`${home.folder}/${name}`, leave, `${home.folder}/ran`);
  // The runs' current folder.
  await plant("both");
  await plant("xdg-open");
  const here = (await plant("only-here")).slice(home.folder.length);
  await writeProgram(`${home.folder}/safe/both`, () => {});
  for (const entry of [".", "", "bin/.."]) {
    const env = { PATH: pathWith(entry, `${home.folder}/safe`), DISPLAY: ":9" };
    const missing = await home.run(["exec", PROFILE, "--", "only-here"], { env });
    assert.equal(missing.code, 127, missing.stderr);
    const found = await home.run(["exec", PROFILE, "--", "both"], { env });
    assert.equal(found.code, 0, found.stderr);
    if (Deno.build.os === "linux") await home.run(["console", PROFILE], { env });
  }
  assert.equal(await home.read("ran"), "");
  const named = await home.run(["exec", PROFILE, "--", `.${here}`]);
  assert.equal(named.code, 0, named.stderr);
  assert.match(await home.read("ran"), /planted/);
});
