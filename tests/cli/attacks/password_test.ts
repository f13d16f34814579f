/** A wrong password must not be sent again, whatever becomes of the run that sent it: accounts lock. */

import assert from "node:assert/strict";
import {
  badGateway,
  droppedConnection,
  failNext,
  type FaultTarget,
  jsonAnswer,
  stalledAnswer,
} from "../../sim/faults.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import { type Home, setUpHome, signIns, startProgram } from "../program.ts";
import { ignorePty, runOnTerminal } from "../pty.ts";

const ROLE = "arn:aws:iam::123456789012:role/Developer";
const SIGN_IN: FaultTarget = { host: "okta", method: "POST", path: "/api/v1/authn", times: 1000 };

/** A home with stored secrets that have not been tried yet. */
function untried(sim: Simulator): Promise<Home> {
  return setUpHome(sim, { args: ["--no-verify"] });
}

/** Forgets everything but settings and secrets. */
async function forget(sim: Simulator, home: Home): Promise<void> {
  sim.world.faults.length = 0;
  sim.requests.length = 0;
  await Deno.remove(`${home.folder}/.aws/okta-aws`, { recursive: true });
}

function background(home: Home) {
  return startProgram({ args: ["cred-process", ROLE], home: home.folder, env: home.env });
}

/** Resolves when the simulator has got the password. */
function passwordSent(sim: Simulator, answer: () => Response): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  sim.world.faults.push(failNext(SIGN_IN, () => {
    resolve();
    return answer();
  }));
  return promise;
}

function refusal(status: number, errorCode: string) {
  const body = {
    errorCode,
    errorSummary: "No",
    errorLink: errorCode,
    errorId: "oae",
    errorCauses: [],
  };
  return () => jsonAnswer(body, status);
}

Deno.test("password: sent once, however often callers are killed before the answer", async (test) => {
  await using sim = await startSimulator();
  await using home = await untried(sim);
  await test.step("one after the other", async () => {
    const sent = passwordSent(sim, stalledAnswer);
    const child = await background(home);
    await sent;
    child.kill("SIGKILL");
    await child.output();
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await home.run(["cred-process", ROLE]);
      assert.equal(code, 4, stderr);
      assert.match(stderr, /was sent before.*did not arrive/);
      assert.match(stderr, /okta-aws signin/);
    }
    assert.equal(signIns(sim), 1);
  });
  await test.step("the one whom others wait for", async () => {
    await forget(sim, home);
    const sent = passwordSent(sim, stalledAnswer);
    const holder = await background(home);
    await sent;
    const waiters = await Promise.all(Array.from({ length: 3 }, () => background(home)));
    holder.kill("SIGKILL");
    await holder.output();
    for (const { code } of await Promise.all(waiters.map((child) => child.output()))) {
      assert.equal(code, 4);
    }
    assert.equal(signIns(sim), 1);
  });
});

Deno.test({
  name: "password: a person is asked after one that got no answer, and may send it again",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await untried(sim);
    sim.world.faults.push(failNext({ ...SIGN_IN, times: 1 }, droppedConnection));
    const first = await home.run(["signin", "--no-input"]);
    assert.equal(first.code, 5, first.stderr);
    assert.equal((await home.run(["signin", "--no-input"])).code, 4);
    assert.equal(signIns(sim), 1);
    const program = await runOnTerminal(home, ["signin"]);
    await program.until("Okta's answer did not arrive");
    await program.until("Send it again");
    await program.type("\r");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.equal(signIns(sim), 2);
    const folder = `${home.folder}/.aws/okta-aws/state`;
    for (const { name } of Deno.readDirSync(folder)) {
      assert.doesNotMatch(await Deno.readTextFile(`${folder}/${name}`), /sentPasswords/);
    }
  },
});

Deno.test("password: refused by any answer that may be a refusal", async (test) => {
  await using sim = await startSimulator();
  await using home = await untried(sim);
  const lockedOut = () => jsonAnswer({ status: "LOCKED_OUT", _links: {} });
  const refusals: Record<string, () => Response> = {
    "a 401 without JSON": () => new Response("<h1>Unauthorized</h1>", { status: 401 }),
    "a 401 with an unknown code": refusal(401, "E0009999"),
    "E0000064": refusal(403, "E0000064"),
    "E0000069": refusal(403, "E0000069"),
    "E0000119": refusal(403, "E0000119"),
    "LOCKED_OUT": lockedOut,
  };
  for (const [name, answer] of Object.entries(refusals)) {
    await test.step(name, async () => {
      await forget(sim, home);
      sim.world.faults.push(failNext(SIGN_IN, answer));
      for (let run = 0; run < 2; run++) {
        const { code, stderr } = await home.run(["cred-process", ROLE]);
        assert.equal(code, 3, stderr);
      }
      assert.equal(signIns(sim), 1);
    });
  }
});

Deno.test("password: a 429 or 5xx is an answer; at most two retries follow it", async (test) => {
  await using sim = await startSimulator();
  await using home = await untried(sim);
  const busy = (status: number, headers: Record<string, string>) => () =>
    new Response("{}", { status, headers });
  const answers: [string, () => Response, sent: number][] = [
    ["429, Retry-After: 0", busy(429, { "Retry-After": "0" }), 3],
    ["503", busy(503, {}), 1],
  ];
  for (const [name, answer, sent] of answers) {
    await test.step(name, async () => {
      await forget(sim, home);
      sim.world.faults.push(failNext(SIGN_IN, answer));
      assert.equal((await home.run(["cred-process", ROLE])).code, 5);
      assert.equal(signIns(sim), sent);
    });
  }
  await test.step("502", async () => {
    await forget(sim, home);
    sim.world.faults.push(failNext({ ...SIGN_IN, times: 1 }, badGateway));
    assert.equal((await home.run(["cred-process", ROLE])).code, 5);
    assert.equal((await home.run(["cred-process", ROLE])).code, 0);
    assert.equal(signIns(sim), 2);
  });
});

Deno.test("password: not sent if that can't be noted before", async () => {
  await using sim = await startSimulator();
  await using home = await untried(sim);
  const state = `${home.folder}/.aws/okta-aws/state`;
  await Deno.remove(state, { recursive: true });
  // A file in place of the folder: root may write to any folder.
  await Deno.writeTextFile(state, "");
  for (let run = 0; run < 2; run++) {
    const { code, stderr } = await home.run(["cred-process", ROLE]);
    assert.equal(code, 2, stderr);
  }
  assert.equal(signIns(sim), 0);
});

Deno.test("password: one from the environment is not sent again either, but another one is", async () => {
  await using sim = await startSimulator();
  await using home = await untried(sim);
  const env = { OKTA_AWS_BACKEND: "env", OKTA_AWS_PASSWORD: sim.user.password };
  const sent = passwordSent(sim, stalledAnswer);
  const child = await startProgram({
    args: ["cred-process", ROLE],
    home: home.folder,
    env: { ...home.env, ...env },
  });
  await sent;
  child.kill("SIGKILL");
  await child.output();
  assert.equal((await home.run(["cred-process", ROLE], { env })).code, 4);
  assert.equal(signIns(sim), 1);
  sim.world.faults.length = 0;
  const other = { ...env, OKTA_AWS_PASSWORD: "another one" };
  assert.equal((await home.run(["cred-process", ROLE], { env: other })).code, 3);
  assert.equal(signIns(sim), 2);
});

Deno.test("password: a refused one from the environment stays refused beside another TOTP secret", async () => {
  await using sim = await startSimulator();
  await using home = await untried(sim);
  const wrong = { OKTA_AWS_BACKEND: "env", OKTA_AWS_PASSWORD: "wrong" };
  const run = (totp?: string) =>
    home.run(["cred-process", ROLE], { env: { ...wrong, ...(totp && { OKTA_AWS_TOTP: totp }) } });
  for (const totp of [sim.user.totpUri, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", undefined]) {
    const { code, stderr } = await run(totp);
    assert.equal(code, 3, stderr);
    assert.equal(signIns(sim), 1);
  }
  assert.match((await run(sim.user.totpUri)).stderr, /was rejected and will not be sent again/);
});

Deno.test("password: refused on Identity Engine by whatever ends the sign-in", async (test) => {
  await using sim = await startSimulator();
  sim.world.org.pipeline = "idx";
  await using home = await untried(sim);
  const path = "/idp/idx/identify";
  const message = (key: string) => ({
    version: "1.0.0",
    messages: {
      type: "array",
      value: [{ message: "No", i18n: { key }, class: "ERROR" }],
    },
  });
  const refusals: Record<string, () => Response> = {
    "no remediation": () => jsonAnswer(message("errors.E0000004"), 401),
    "an unknown key": () => jsonAnswer(message("security.something.new"), 400),
    "session.expired": () => jsonAnswer(message("idx.session.expired"), 401),
    "a 401 without JSON": () => new Response("<h1>Unauthorized</h1>", { status: 401 }),
  };
  const identified = () =>
    sim.requests.filter((request) => request.path === path && request.json?.credentials).length;
  for (const [name, answer] of Object.entries(refusals)) {
    await test.step(name, async () => {
      await forget(sim, home);
      sim.world.faults.push(failNext({ host: "okta", path, times: 1000 }, answer));
      for (let run = 0; run < 2; run++) {
        const { code, stderr } = await home.run(["cred-process", ROLE]);
        assert.equal(code, 3, stderr);
      }
      assert.equal(identified(), 1);
    });
  }
  await test.step("no answer", async () => {
    await forget(sim, home);
    sim.world.faults.push(failNext({ host: "okta", path, times: 1000 }, droppedConnection));
    assert.equal((await home.run(["cred-process", ROLE])).code, 5);
    assert.equal((await home.run(["cred-process", ROLE])).code, 4);
    assert.equal(identified(), 1);
  });
});
