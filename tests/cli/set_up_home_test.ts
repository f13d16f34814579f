import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import {
  emptyHome,
  type Home,
  secretsOf,
  setUpHome,
  signIns,
  simulatorEnvironment,
} from "./program.ts";

async function homeByProgram(sim: Simulator): Promise<Home> {
  const home = await emptyHome(simulatorEnvironment(sim));
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
  const { code, stderr } = await home.run(["init", ...account, "--secrets-stdin"], {
    stdin: secretsOf(sim),
  });
  assert.equal(code, 0, stderr);
  sim.requests.length = 0;
  return home;
}

/** Paths and modes of all files; names that are hashes differ with the org's port. */
async function filesOf(home: Home, folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${home.folder}${folder}`)) {
    const path = `${folder}/${name}`;
    const { mode } = await Deno.stat(`${home.folder}${path}`);
    found.push(`${mode?.toString(8)} ${path.replace(/[0-9a-f]{32}/g, "HASH")}`);
    if (isDirectory) found.push(...await filesOf(home, path));
  }
  return found.sort();
}

async function openAndUse(open: (sim: Simulator) => Promise<Home>): Promise<unknown> {
  await using sim = await startSimulator();
  await using home = await open(sim);
  const settings = await home.read(".config/okta-aws/config.ini");
  const files = await filesOf(home);
  const { code, stderr } = await home.run(["refresh"]);
  return {
    settings: settings.replaceAll(/127\.0\.0\.1:\d+/g, "HOST"),
    files,
    refresh: [code, stderr.replaceAll(/127\.0\.0\.1:\d+/g, "HOST")],
    signIns: signIns(sim),
  };
}

Deno.test("setUpHome: makes the files that init makes in a process of its own", async () => {
  assert.deepEqual(await openAndUse(setUpHome), await openAndUse(homeByProgram));
});
