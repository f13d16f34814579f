import assert from "node:assert/strict";
import { failNext, jsonAnswer } from "../../sim/faults.ts";
import { otherFactor } from "../../sim/default_world.ts";
import { startTransaction } from "../../sim/okta/classic/transaction.ts";
import { scene } from "./scene.ts";

scene("the days until the password ends are told, and the sign-in goes on", {
  user: { mfa: "none", passwordState: { expiresInDays: 3 } },
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.match(shown, /password.* 3 days/);
  assert.deepEqual(it.authnRequests(), ["/", "/skip"]);
});

scene(
  "an expired password is changed at the terminal, by the policy's rules, and stored",
  {
    user: { passwordState: "expired" },
    storesTotp: true,
    world: ({ policy }) => {
      policy.complexity.minLength = 10;
    },
  },
  async (it) => {
    const program = await it.start(["signin"]);
    await program.until("10 characters");
    await program.answer("New Okta password", "Short-1");
    await program.answer("Confirm new Okta password", "Short-1");
    await program.until("Password requirements were not met");
    await program.answer("New Okta password", "Summer-of-2026");
    await program.answer("Confirm new Okta password", "Summer-of-2026");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("Summer-of-2026") && !shown.includes("Short-1"));
    assert.equal(it.sim.user.password, "Summer-of-2026");
    await it.home.run(["signout"]);
    it.user.mfa = "none";
    assert.equal((await it.home.run(["refresh"])).code, 0, "the new password is stored");
  },
);

scene(
  "an expired password ends with 3 where nobody can be asked",
  { user: { passwordState: "expired", mfa: "none" } },
  async (it) => {
    const { code, stderr } = await it.home.run(["refresh", "--no-input"]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /password.*expired/i);
    assert.equal(it.sim.state.transactions.size, 0);
  },
);

for (const showLockout of [true, false]) {
  scene(`a locked account ends with 3 (${showLockout ? "shown" : "hidden"})`, {
    user: { lockedOut: true },
    world: ({ policy }) => {
      policy.showLockout = showLockout;
    },
  }, async (it) => {
    const program = await it.start(["refresh", "--no-input"]);
    const { code, shown } = await program.end();
    assert.equal(code, 3, shown);
    if (showLockout) assert.match(shown, /lock/i);
    assert.deepEqual(it.authnRequests(), ["/"]);
  });
}

scene("a challenge that is the first state and can't be answered is left by its link back", {
  storesTotp: true,
}, async (it) => {
  const { sim: { world, state, okta }, user } = it;
  const { stateToken } = startTransaction({ world, state }, { status: "MFA_CHALLENGE", user });
  const challenge = () =>
    jsonAnswer({
      stateToken,
      status: "MFA_CHALLENGE",
      expiresAt: new Date(world.clock.now() + 300_000).toISOString(),
      _embedded: { user: { id: "00u1", profile: { login: user.login } } },
      _links: { prev: { href: `${okta}/api/v1/authn/previous`, hints: { allow: ["POST"] } } },
    });
  world.faults.push(failNext({ host: "okta", path: "/api/v1/authn" }, challenge));
  const { code, stderr } = await it.home.run(["signin"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(it.authnRequests(), ["/", "/previous", "/factors/ID/verify"]);
});

scene("a status that nobody knows is named, and the transaction cancelled", {
  user: { mfa: "none", endsIn: "DEVICE_\u001b[31mACTIVATE" },
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /DEVICE_/);
  assert.match(shown, /browser/);
  assert.ok(!shown.includes("DEVICE_\u001b"));
  assert.equal(it.sim.state.transactions.size, 0);
});

scene("POLL is polled at Okta's pace until the sign-in goes on", {
  user: { mfa: "none" },
}, async (it) => {
  const { sim } = it;
  const poll = (refresh: unknown) =>
    jsonAnswer({
      stateToken: "00poll",
      status: "POLL",
      _embedded: { transaction: { profile: { refresh } } },
      _links: { next: { name: "poll", href: `${sim.okta}/api/v1/authn/poll` } },
    });
  let primary = "";
  let polls = 0;
  sim.world.faults.push(async ({ path, text, url, headers, json }) => {
    if (headers.has("x-through")) return undefined;
    if (path === "/api/v1/authn") {
      primary = text;
      return poll(600);
    }
    if (path !== "/api/v1/authn/poll") return undefined;
    assert.equal(json?.stateToken, "00poll");
    if (++polls < 3) return poll("odd");
    const through = {
      "content-type": "application/json",
      "accept": "application/json",
      "x-through": "1",
    };
    return await fetch(new URL("/api/v1/authn", url), {
      method: "POST",
      headers: through,
      body: primary,
    });
  });
  const { code, stderr } = await it.home.run(["signin"]);
  assert.equal(code, 0, stderr);
  assert.equal(polls, 3);
});

const PUSH = { user: { factors: [otherFactor("push")] } };

scene("a push that Okta still waits for (202) is polled again", PUSH, async (it) => {
  const answer = () => jsonAnswer({ errorCode: "E0000070", errorSummary: "Waiting for ACK" }, 202);
  it.sim.world.faults.push(failNext({ path: /\/verify$/, after: 1 }, answer));
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
});

scene("a push that Okta calls rejected by E0000073 ends with 3", PUSH, async (it) => {
  const answer = () => jsonAnswer({ errorCode: "E0000073", errorSummary: "User rejected" }, 403);
  it.sim.world.faults.push(failNext({ path: /\/verify$/, after: 1, times: 9 }, answer));
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /the sign-in was rejected \(push/);
});

scene("a sign-in that expires after the password starts again, once", {
  storesTotp: true,
  world: ({ users }) => void (users[0]!.factors[0]!.totp!.period = 1),
}, async (it) => {
  const expired = () => jsonAnswer({ errorCode: "E0000011", errorSummary: "Invalid token" }, 401);
  it.sim.world.faults.push(failNext({ path: /\/verify$/ }, expired));
  const { code, stderr } = await it.home.run(["signin"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /took too long; starting again/);
  assert.equal(it.authnRequests().filter((path) => path === "/").length, 2);
  await it.home.run(["signout"]);
  it.sim.requests.length = 0;
  it.sim.world.faults.push(failNext({ path: /\/verify$/, times: 9 }, expired));
  const again = await it.home.run(["signin"]);
  assert.equal(again.code, 3, again.stderr);
  assert.equal(it.authnRequests().filter((path) => path === "/").length, 2);
});
