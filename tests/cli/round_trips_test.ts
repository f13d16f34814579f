/**
 * How often Okta and AWS are asked, and over how many connections: what people wait for on a network
 * with a latency.
 */

import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { LOOPBACK_AUTHORITY, LOOPBACK_TLS } from "../sim/tls_certificate.ts";
import { emptyHome, type Home, setUpHome } from "./program.ts";

const ROLE = "arn:aws:iam::123456789012:role/Developer";

const GIVEN_UP_MILLISECONDS = 4_000;

/** What a command has asked, in order, and the connections that it opened to Okta and STS. */
async function asked(sim: Simulator, act: () => Promise<unknown>) {
  const before = sim.requests.length;
  const connections = () => ({ okta: sim.connections("okta"), sts: sim.connections("sts") });
  const opened = connections();
  const began = performance.now();
  await act();
  const now = connections();
  // An idle connection is given up after four seconds: a machine that is so slow opens another one.
  const most = performance.now() - began > GIVEN_UP_MILLISECONDS ? 1 : Infinity;
  // Parts that differ from run to run.
  const plain = (path: string) => path.replace(/\/uft[^/]+/, "/ID").replace(/\/0oa.*/, "/ID");
  return {
    requests: sim.requests.slice(before).map(({ host, method, path }) =>
      `${host} ${method} ${plain(path)}`
    ),
    okta: Math.min(now.okta - opened.okta, most),
    sts: Math.min(now.sts - opened.sts, most),
  };
}

/** Lets the same code be used again, here and there: otherwise the run waits for the next one. */
async function newCodes(sim: Simulator, home: Home): Promise<void> {
  for (const factor of sim.world.users[0]!.factors) delete factor.lastCounter;
  const folder = `${home.folder}/.aws/okta-aws/state`;
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".json")) continue;
    const { usedCode: _, ...state } = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
    await Deno.writeTextFile(`${folder}/${name}`, JSON.stringify(state));
  }
}

async function credProcess(home: Home): Promise<void> {
  const { code, stderr } = await home.run(["cred-process", ROLE]);
  assert.equal(code, 0, stderr);
}

async function forget(home: Home, ...folders: string[]): Promise<void> {
  for (const folder of folders) {
    await Deno.remove(`${home.folder}/.aws/okta-aws/${folder}`, { recursive: true }).catch(
      () => {},
    );
  }
}

/** Assertions are kept beside the session, in a file of their own. */
async function forgetAssertions(home: Home): Promise<void> {
  const folder = `${home.folder}/.aws/okta-aws/sessions`;
  for (const { name } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (JSON.parse(await Deno.readTextFile(path)).apps) await Deno.remove(path);
  }
}

const SIGN_IN = [
  "okta POST /api/v1/authn",
  "okta POST /api/v1/authn/factors/ID/verify",
  "okta GET /home/amazon_aws/ID",
];
const STS = "sts POST /";

Deno.test("cred-process: one connection each to Okta and STS, and no needless request", async (t) => {
  await using sim = await startSimulator({ tls: LOOPBACK_TLS });
  await using folder = await emptyHome();
  await folder.write("ca.pem", LOOPBACK_AUTHORITY);
  const env = { AWS_CA_BUNDLE: `${folder.folder}/ca.pem` };
  await using home = await setUpHome(sim, { args: ["--no-verify"], env });
  await t.step("from nothing: at most 4 requests to Okta", async () => {
    await forget(home, "");
    assert.deepEqual(await asked(sim, () => credProcess(home)), {
      requests: ["okta GET /.well-known/okta-organization", ...SIGN_IN, STS],
      okta: 1,
      sts: 1,
    });
  });
  await t.step("with a live session: 1 request each", async () => {
    await forget(home, "credentials", "answers");
    await forgetAssertions(home);
    assert.deepEqual(await asked(sim, () => credProcess(home)), {
      requests: ["okta GET /home/amazon_aws/ID", STS],
      okta: 1,
      sts: 1,
    });
  });
  await t.step("with a dead session: the org is not asked for again", async () => {
    await forget(home, "credentials", "answers");
    await forgetAssertions(home);
    sim.state.sessions.clear();
    await newCodes(sim, home);
    assert.deepEqual(await asked(sim, () => credProcess(home)), {
      requests: ["okta GET /home/amazon_aws/ID", ...SIGN_IN, STS],
      okta: 1,
      sts: 1,
    });
  });
  await t.step("from the cache: nothing", async () => {
    const none = { requests: [], okta: 0, sts: 0 };
    assert.deepEqual(await asked(sim, () => credProcess(home)), none);
  });
  await t.step("refresh: one connection to Okta, none to STS that is not used", async () => {
    await forgetAssertions(home);
    const { requests, okta, sts } = await asked(sim, async () => {
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 0, stderr);
    });
    const calls = requests.filter((line) => line === STS).length;
    assert.ok(calls > 1);
    assert.deepEqual([requests[0], okta], ["okta GET /home/amazon_aws/ID", 1]);
    assert.ok(sts <= calls, `${sts} connections for ${calls} calls`);
  });
});
