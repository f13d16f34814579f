/** Two accounts of the settings that are one Okta user: what one has sent, the other doesn't send. */

import assert from "node:assert/strict";
import { droppedConnection, failNext, type FaultTarget, stalledAnswer } from "../../sim/faults.ts";
import { totpFactor } from "../../sim/default_world.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import { emptyHome, type Home, signIns, simulatorEnvironment, startProgram } from "../program.ts";

const SIGN_IN: FaultTarget = { host: "okta", method: "POST", path: "/api/v1/authn", times: 1000 };

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** @param period Of the user's one-time codes, seconds: short, as nothing shortens the wait. */
function start(period = 1): Promise<Simulator> {
  return startSimulator({
    world(world) {
      const totp = { secret: SECRET, algorithm: "SHA-1" as const, digits: 6, period };
      world.users[0]!.factors = [totpFactor(SECRET, { totp })];
    },
  });
}

/** Each has an item of its own; nothing has been tried yet. */
async function twoAccounts(
  sim: Simulator,
  { password = sim.user.password, period = 1 } = {},
): Promise<Home> {
  const home = await emptyHome(simulatorEnvironment(sim));
  const stdin = JSON.stringify({
    password,
    totp: `otpauth://totp/x?secret=${SECRET}&period=${period}`,
  });
  for (const name of ["one", "two"]) {
    const app = sim.embedLink();
    const { login } = sim.user;
    const username = name === "one" ? login : login.toUpperCase();
    const args = ["--account", name, "--username", username, "--secrets-stdin", "--no-verify"];
    const { code, stderr } = await home.run(["init", "--sso-url", app, ...args], { stdin });
    assert.equal(code, 0, stderr);
  }
  return home;
}

function signInTo(home: Home, name: string) {
  return home.run(["signin", "--account", name, "--no-input"]);
}

Deno.test("one user: a password that Okta rejected for one account is not sent by the other", async (test) => {
  await using sim = await start();
  await using home = await twoAccounts(sim, { password: "wrong-1-Aa" });
  const first = await signInTo(home, "one");
  assert.equal(first.code, 3, first.stderr);
  assert.equal(signIns(sim), 1);
  await test.step("the same", async () => {
    const { code, stderr } = await signInTo(home, "two");
    assert.equal(code, 3, stderr);
    assert.match(stderr, /was rejected and will not be sent again/);
    assert.equal(signIns(sim), 1);
  });
  await test.step("nor after the first account has got the right one", async () => {
    const set = ["secrets", "set", "password", "--account", "one"];
    const { code, stderr } = await home.run(set, { stdin: sim.user.password });
    assert.equal(code, 0, stderr);
    assert.equal((await signInTo(home, "one")).code, 0);
    assert.equal(signIns(sim), 2);
    assert.equal((await signInTo(home, "two")).code, 3);
    assert.equal(signIns(sim), 2);
  });
  await test.step("but another one, and one that a person has entered again", async () => {
    const set = ["secrets", "set", "password", "--account", "two"];
    assert.equal((await home.run(set, { stdin: "wrong-1-Aa" })).code, 0);
    assert.equal((await signInTo(home, "two")).code, 3);
    assert.equal(signIns(sim), 3);
    assert.equal((await home.run(set, { stdin: sim.user.password })).code, 0);
    assert.equal((await signInTo(home, "two")).code, 0);
  });
});

Deno.test("one user: a password without an answer is sent by neither account", async () => {
  await using sim = await start();
  await using home = await twoAccounts(sim);
  sim.world.faults.push(failNext({ ...SIGN_IN, times: 1 }, droppedConnection));
  assert.equal((await signInTo(home, "one")).code, 5);
  for (const name of ["two", "one"]) {
    const { code, stderr } = await signInTo(home, name);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /was sent before/);
  }
  assert.equal(signIns(sim), 1);
});

Deno.test("one user: the other account waits for a sign-in, and then sends no password of it", async () => {
  await using sim = await start();
  await using home = await twoAccounts(sim);
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  sim.world.faults.push(failNext(SIGN_IN, () => {
    resolve();
    return stalledAnswer();
  }));
  const signinOf = (name: string) =>
    startProgram({
      args: ["signin", "--account", name, "--no-input"],
      home: home.folder,
      env: home.env,
    });
  const holder = await signinOf("one");
  await sent;
  const waiter = await signinOf("two");
  const reader = waiter.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("waiting for another okta-aws")) {
    const { value, done } = await reader.read();
    assert.ok(!done, said);
    said += value;
  }
  holder.kill("SIGKILL");
  await holder.status;
  assert.equal((await waiter.status).code, 4);
  await Promise.all([holder.stdout, holder.stderr, waiter.stdout].map((one) => one.cancel()));
  await reader.cancel();
  assert.equal(signIns(sim), 1);
});

/** Longer than two runs take. */
const PERIOD = 8;

Deno.test("one user: a code that one account has sent, the other doesn't send", async () => {
  await using sim = await start(PERIOD);
  await using home = await twoAccounts(sim, { period: PERIOD });
  for (const name of ["one", "two"]) {
    const { code, stderr } = await signInTo(home, name);
    assert.equal(code, 0, stderr);
  }
  const codes = sim.requests.map(({ json }) => json?.passCode).filter((one) => one !== undefined);
  assert.equal(codes.length, 2);
  assert.notEqual(codes[0], codes[1]);
});
