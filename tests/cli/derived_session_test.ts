/** Sessions of accounts whose secrets are not stored by us: the backends `env` and `command`. */

import assert from "node:assert/strict";
import { totpFactor } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, signIns, simulatorEnvironment } from "./program.ts";

async function envHome(sim: Simulator, totp: string, password = sim.user.password): Promise<Home> {
  const home = await emptyHome({
    ...simulatorEnvironment(sim),
    OKTA_AWS_BACKEND: "env",
    OKTA_AWS_PASSWORD: password,
    OKTA_AWS_TOTP: totp,
  });
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login, "--no-verify"];
  const init = await home.run(["init", ...account]);
  assert.equal(init.code, 0, init.stderr);
  return home;
}

async function sessionFiles(home: Home): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(`${home.folder}/.aws/okta-aws/sessions`));
    return entries.map(({ name }) => name).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

Deno.test("env backend: a second command uses the session of the first", async () => {
  await using sim = await startSimulator();
  await using home = await envHome(sim, sim.user.totpUri!);
  const first = await home.run(["cred-process", "Developer"]);
  assert.equal(first.code, 0, first.stderr);
  const second = await home.run(["cred-process", "ReadOnly", "--force"]);
  assert.equal(second.code, 0, second.stderr);
  assert.doesNotMatch(second.stderr, /waiting/);
  const roles = await home.run(["roles", "--refresh"]);
  assert.equal(roles.code, 0, roles.stderr);
  assert.equal(signIns(sim), 1);
  const files = await sessionFiles(home);
  assert.notEqual(files.length, 0);
  for (const name of files) {
    const text = await home.read(`.aws/okta-aws/sessions/${name}`);
    for (const id of sim.state.sessions.keys()) assert.ok(!text.includes(id), "it is sealed");
  }
});

Deno.test("env backend: a session opens only with the same password and TOTP secret", async () => {
  await using sim = await startSimulator();
  await using home = await envHome(sim, sim.user.totpUri!);
  assert.equal((await home.run(["signin"])).code, 0);
  const other = await home.run(["roles", "--refresh"], { env: { OKTA_AWS_PASSWORD: "other" } });
  assert.equal(other.code, 3, other.stderr);
  assert.equal(signIns(sim), 2, "the session was not used");
});

Deno.test("env backend: keeps no session if the TOTP secret has fewer than 80 bits", async () => {
  const secret = "JBSWY3DPEHPK2===";
  const period = 2;
  const totp = {
    secret: secret.replaceAll("=", ""),
    algorithm: "SHA-1" as const,
    digits: 6,
    period,
  };
  await using sim = await startSimulator({
    world: (world) => void (world.users[0]!.factors = [totpFactor(totp.secret, { totp })]),
  });
  const uri = `otpauth://totp/x?secret=${totp.secret}&period=${period}`;
  await using home = await envHome(sim, uri);
  const { code, stderr } = await home.run(["signin"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(await sessionFiles(home), []);
});
