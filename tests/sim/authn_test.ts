import assert from "node:assert/strict";
import { type Answer, postJson, primary, send, verify, verifyLink } from "./probe.ts";
import { createWorldClock } from "./clock.ts";
import { startSimulator } from "./simulator.ts";
import { otherFactor, simUser, totpFactor } from "./default_world.ts";

function refused(answer: Answer, status: number, code: string, causes?: string[]): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.errorCode, code);
  if (causes) {
    assert.deepEqual(
      answer.json.errorCauses.map((one: { errorSummary: string }) => one.errorSummary),
      causes,
    );
  }
}

const AUTHN = "/api/v1/authn";
const MINUTE = 60_000;

/** A stopped clock, five seconds into a TOTP period. */
const stopped = () => createWorldClock(() => Date.UTC(2026, 0, 1, 12, 0, 5));

Deno.test("authn: returns a sessionToken after password and code", async () => {
  await using sim = await startSimulator();
  const first = await primary(sim);
  assert.equal(first.json.status, "MFA_REQUIRED");
  assert.equal(first.json.sessionToken, undefined);
  assert.ok(verifyLink(first.json).startsWith(`${sim.okta}/api/v1/authn/factors/uft`));
  const second = await verify(sim, first.json);
  assert.equal(second.json.status, "SUCCESS");
  assert.equal(second.json.stateToken, undefined);
  assert.ok(sim.state.sessionTokens.has(second.json.sessionToken));
});

Deno.test("authn: answers SUCCESS when the policy requires no factor", async () => {
  await using sim = await startSimulator({
    world: { users: [simUser("jane@example.com", { mfa: "none" })] },
  });
  assert.equal((await primary(sim)).json.status, "SUCCESS");
});

Deno.test("authn: accepts a user name without its domain", async () => {
  await using sim = await startSimulator();
  assert.equal((await primary(sim, { username: "JANE" })).json.status, "MFA_REQUIRED");
});

Deno.test("authn: rejects wrong methods, Content-Type, Accept and bodies", async (t) => {
  await using sim = await startSimulator();
  const url = sim.okta + AUTHN;
  const json = { "content-type": "application/json", accept: "application/json" };
  const cases: [string, RequestInit, number, string][] = [
    ["GET", { headers: json }, 405, "E0000022"],
    [
      "a form",
      {
        method: "POST",
        headers: { ...json, "content-type": "application/x-www-form-urlencoded" },
        body: "username=a",
      },
      400,
      "E0000021",
    ],
    [
      "Accept: text/html",
      { method: "POST", headers: { ...json, accept: "text/html" }, body: "{}" },
      400,
      "E0000021",
    ],
    ["no JSON", { method: "POST", headers: json, body: "{" }, 400, "E0000003"],
    ["an array", { method: "POST", headers: json, body: "[]" }, 400, "E0000003"],
    ["nothing to go by", { method: "POST", headers: json, body: "{}" }, 400, "E0000001"],
  ];
  for (const [name, init, status, code] of cases) {
    await t.step(name, async () => refused(await send(url, init), status, code));
  }
});

Deno.test("authn: answers 401 E0000004 when the password is wrong or the user unknown", async () => {
  await using sim = await startSimulator();
  refused(await primary(sim, { password: "wrong" }), 401, "E0000004", []);
  refused(await primary(sim, { username: "nobody" }), 401, "E0000004");
  assert.equal(sim.world.users[0]!.failedPasswords, 1);
  await primary(sim);
  assert.equal(sim.world.users[0]!.failedPasswords, 0);
});

Deno.test("authn: answers 401 E0000004 when the sign-on policy denies the user", async () => {
  await using sim = await startSimulator({
    world: { users: [simUser("jane@example.com", { denied: true })] },
  });
  refused(await primary(sim), 401, "E0000004");
});

Deno.test("authn: locks the account after too many wrong passwords, hidden or shown", async (t) => {
  for (const shown of [false, true]) {
    await t.step(shown ? "shown" : "hidden", async () => {
      await using sim = await startSimulator();
      Object.assign(sim.world.policy, { maxFailedPasswords: 3, showLockout: shown });
      refused(await primary(sim, { password: "wrong" }), 401, "E0000004");
      refused(await primary(sim, { password: "wrong" }), 401, "E0000004");
      await primary(sim, { password: "wrong" });
      const answer = await primary(sim);
      if (!shown) return refused(answer, 401, "E0000004");
      assert.equal(answer.json.status, "LOCKED_OUT");
      assert.equal(answer.json._links.next.name, "unlock");
    });
  }
});

Deno.test("verify: answers 403 E0000068 when the code is wrong, and the transaction continues", async () => {
  await using sim = await startSimulator();
  const { json } = await primary(sim);
  const right = await sim.user.code();
  const wrong = right === "000000" ? "000001" : "000000";
  refused(await verify(sim, json, wrong), 403, "E0000068", [
    "Your passcode doesn't match our records. Please try again.",
  ]);
  assert.equal((await verify(sim, json)).json.status, "SUCCESS");
});

Deno.test("verify: locks the account with 403 E0000069 after too many wrong codes", async () => {
  await using sim = await startSimulator();
  sim.world.policy.maxFailedCodes = 3;
  const { json } = await primary(sim);
  refused(await verify(sim, json, "abc"), 403, "E0000068");
  refused(await verify(sim, json, "abc"), 403, "E0000068");
  refused(await verify(sim, json, "abc"), 403, "E0000069");
  refused(await verify(sim, json), 401, "E0000011");
  refused(await primary(sim), 401, "E0000004");
});

Deno.test("verify: accepts codes one period early or late, no others", async (t) => {
  for (const steps of [-1, 0, 1]) {
    await t.step(`${steps}`, async () => {
      await using sim = await startSimulator({ world: { clock: stopped() } });
      const { json } = await primary(sim);
      assert.equal((await verify(sim, json, await sim.user.code(steps))).json.status, "SUCCESS");
    });
  }
  for (const steps of [-3, -2, 2, 5]) {
    await t.step(`${steps}`, async () => {
      await using sim = await startSimulator({ world: { clock: stopped() } });
      const { json } = await primary(sim);
      const code = await sim.user.code(steps);
      refused(await verify(sim, json, code), 403, "E0000083");
      sim.world.policy.tellsTimeWindow = false;
      refused(await verify(sim, json, code), 403, "E0000068");
    });
  }
});

Deno.test("verify: rejects a code that was used before, also in another transaction", async () => {
  await using sim = await startSimulator({ world: { clock: stopped() } });
  const code = await sim.user.code();
  assert.equal((await verify(sim, (await primary(sim)).json, code)).json.status, "SUCCESS");
  const { json } = await primary(sim);
  refused(await verify(sim, json, code), 403, "E0000082", []);
  refused(await verify(sim, json, await sim.user.code(-1)), 403, "E0000082");
  sim.world.policy.replayError = "E0000068";
  refused(await verify(sim, json, code), 403, "E0000068", [
    "Each code can only be used once. Please wait for a new code and try again.",
  ]);
  assert.equal(sim.world.users[0]!.failedCodes, 0);
  sim.world.clock.advance(30_000);
  assert.equal((await verify(sim, json)).json.status, "SUCCESS");
});

Deno.test("verify: uses Okta's clock when it differs from the machine's", async () => {
  await using sim = await startSimulator();
  sim.world.clock.offsetMs = 3 * 3600_000;
  const { json, headers } = await primary(sim);
  const ahead = Date.parse(headers.get("date")!) - Date.now();
  assert.ok(Math.abs(ahead - 3 * 3600_000) < 5000, `${ahead}`);
  assert.equal((await verify(sim, json)).json.status, "SUCCESS");
});

Deno.test("verify: accepts codes with other hashes, lengths and periods", async (t) => {
  for (const algorithm of ["SHA-1", "SHA-256", "SHA-512"] as const) {
    await t.step(algorithm, async () => {
      const totp = { secret: "JBSWY3DPEHPK3PXP", algorithm, digits: 8, period: 60 };
      const factors = [totpFactor("", { provider: "OKTA", totp })];
      await using sim = await startSimulator({
        world: { users: [simUser("jane@example.com", { factors })] },
      });
      const { json } = await primary(sim);
      assert.equal((await sim.user.code()).length, 8);
      assert.equal((await verify(sim, json)).json.status, "SUCCESS");
    });
  }
});

Deno.test("stateToken: expires five minutes after the last request", async () => {
  await using sim = await startSimulator();
  const { json } = await primary(sim);
  const { stateToken } = json;
  sim.world.clock.advance(4 * MINUTE);
  const again = await postJson(sim, AUTHN, { stateToken });
  assert.equal(again.json.status, "MFA_REQUIRED");
  assert.ok(again.json.expiresAt > json.expiresAt);
  sim.world.clock.advance(4 * MINUTE);
  assert.equal((await postJson(sim, `${AUTHN}/introspect`, { stateToken })).status, 200);
  sim.world.clock.advance(2 * MINUTE);
  refused(await postJson(sim, AUTHN, { stateToken }), 401, "E0000011");
});

Deno.test("cancel: ends the transaction and returns the relayState", async () => {
  await using sim = await startSimulator();
  const plain = (await primary(sim)).json;
  assert.deepEqual(
    (await postJson(sim, plain._links.cancel.href, { stateToken: plain.stateToken })).json,
    {},
  );
  refused(await verify(sim, plain), 401, "E0000011");
  const { stateToken, relayState } = (await primary(sim, { relayState: "/x" })).json;
  assert.equal(relayState, "/x");
  const cancelled = await postJson(sim, `${AUTHN}/cancel`, { stateToken });
  assert.deepEqual(cancelled.json, { relayState: "/x" });
  refused(await postJson(sim, `${AUTHN}/cancel`, { stateToken }), 401, "E0000011");
});

Deno.test("authn: answers 401 when the stateToken is unknown or a sessionToken", async () => {
  await using sim = await startSimulator();
  const { json } = await verify(sim, (await primary(sim)).json);
  refused(await postJson(sim, AUTHN, { stateToken: json.sessionToken }), 401, "E0000011");
  refused(await postJson(sim, AUTHN, { token: "activation" }), 401, "E0000011");
  refused(await postJson(sim, `${AUTHN}/cancel`, {}), 400, "E0000001");
});

Deno.test("authn: answers 403 E0000079 when the state does not allow the request", async (t) => {
  await using sim = await startSimulator();
  const { stateToken } = (await primary(sim)).json;
  const moves: [string, object][] = [
    ["/previous", {}],
    ["/skip", {}],
    ["/credentials/change_password", { oldPassword: "a", newPassword: "b" }],
    ["/factors", { factorType: "token:software:totp", provider: "GOOGLE" }],
    ["/factors/uftigiEmYTPOmvqTS0h7/verify/resend", {}],
    ["/factors/uftigiEmYTPOmvqTS0h7/lifecycle/activate", { passCode: "1" }],
    ["", { username: sim.user.login, password: sim.user.password }],
  ];
  for (const [path, body] of moves) {
    await t.step(path || "password again", async () => {
      refused(await postJson(sim, AUTHN + path, { stateToken, ...body }), 403, "E0000079");
    });
  }
});

Deno.test("previous: leaves a challenge, which otherwise excludes other factors", async () => {
  await using sim = await startSimulator();
  const user = sim.world.users[0]!;
  user.factors.unshift(...["push", "sms"].map((type) => otherFactor(type)));
  const { json } = await primary(sim);
  assert.deepEqual(
    json._embedded.factors.map((one: { factorType: string }) => one.factorType),
    ["push", "sms", "token:software:totp"],
  );
  const { stateToken } = json;
  const push = await postJson(sim, verifyLink(json), { stateToken });
  assert.equal(push.json.status, "MFA_CHALLENGE");
  assert.equal(push.json.factorResult, "WAITING");
  assert.equal(push.json._links.next.name, "poll");
  refused(await postJson(sim, verifyLink(json, 1), { stateToken }), 403, "E0000079");
  const back = await postJson(sim, push.json._links.prev.href, { stateToken });
  assert.equal(back.json.status, "MFA_REQUIRED");
  const sms = await postJson(sim, verifyLink(json, 1), { stateToken });
  assert.equal(sms.json._links.next.name, "verify");
  assert.equal(sms.json.factorResult, undefined);
});

Deno.test("verify: accepts the answer to a security question", async () => {
  await using sim = await startSimulator({
    world: { users: [simUser("jane@example.com", { factors: [otherFactor("question")] })] },
  });
  const { json } = await primary(sim);
  const { stateToken } = json;
  const wrong = await postJson(sim, verifyLink(json), { stateToken, answer: "cake" });
  refused(wrong, 403, "E0000068", ["Your answer doesn't match our records. Please try again."]);
  const right = await postJson(sim, verifyLink(json), { stateToken, answer: "liver" });
  assert.equal(right.json.status, "SUCCESS");
});

Deno.test("change_password: replaces an expired password after the factor", async () => {
  await using sim = await startSimulator({
    world: { users: [simUser("jane@example.com", { passwordState: "expired" })] },
  });
  const first = await primary(sim);
  assert.equal(first.json.status, "MFA_REQUIRED");
  const expired = await verify(sim, first.json);
  assert.equal(expired.json.status, "PASSWORD_EXPIRED");
  const { href } = expired.json._links.next;
  const { stateToken } = expired.json;
  const change = (oldPassword: string, newPassword: string) =>
    postJson(sim, href, { stateToken, oldPassword, newPassword });
  refused(await change("wrong", "Longer-than-8"), 403, "E0000014");
  refused(await change(sim.user.password, "short"), 403, "E0000080");
  assert.equal((await change(sim.user.password, "Longer-than-8")).json.status, "SUCCESS");
  assert.equal(sim.user.password, "Longer-than-8");
});

Deno.test("authn: warns of password expiry when asked to; skip continues", async () => {
  await using sim = await startSimulator({
    world: {
      users: [simUser("jane@example.com", { passwordState: { expiresInDays: 0 }, mfa: "none" })],
    },
  });
  assert.equal((await primary(sim)).json.status, "SUCCESS");
  const { json } = await primary(sim, { options: { warnBeforePasswordExpired: true } });
  assert.equal(json.status, "PASSWORD_WARN");
  assert.equal(json._embedded.policy.expiration.passwordExpireDays, 0);
  const skipped = await postJson(sim, json._links.skip.href, { stateToken: json.stateToken });
  assert.equal(skipped.json.status, "SUCCESS");
});

Deno.test("MFA_ENROLL: enrolls Google TOTP; skip works when it is optional", async () => {
  await using sim = await startSimulator({
    world: { users: [simUser("jane@example.com", { factors: [] })] },
  });
  const { json } = await primary(sim);
  assert.equal(json.status, "MFA_ENROLL");
  const { stateToken } = json;
  refused(await postJson(sim, `${AUTHN}/skip`, { stateToken }), 403, "E0000079");
  const activate = await postJson(sim, `${AUTHN}/factors`, {
    stateToken,
    factorType: "token:software:totp",
    provider: "GOOGLE",
  });
  assert.equal(activate.json.status, "MFA_ENROLL_ACTIVATE");
  const { sharedSecret } = activate.json._embedded.factor._embedded.activation;
  assert.match(sharedSecret, /^[A-Z2-7]{16}$/);
  const next = activate.json._links.next.href;
  refused(await postJson(sim, next, { stateToken, passCode: "x" }), 403, "E0000068");
  const { enrolling } = sim.state.transactions.get(stateToken)!;
  sim.world.users[0]!.factors.push(enrolling!);
  const passCode = await sim.user.code();
  sim.world.users[0]!.factors.pop();
  assert.equal((await postJson(sim, next, { stateToken, passCode })).json.status, "SUCCESS");
  assert.equal(sim.world.users[0]!.factors.length, 1);
  sim.world.users[0]!.mfa = "enroll_optional";
  sim.world.users[0]!.factors = [];
  const optional = (await primary(sim)).json;
  const skipped = await postJson(sim, optional._links.skip.href, {
    stateToken: optional.stateToken,
  });
  assert.equal(skipped.json.status, "SUCCESS");
});

Deno.test("MFA_REQUIRED: changes links and the factors' member when the policy says so", async () => {
  await using sim = await startSimulator();
  sim.world.policy.verifyQuery = "?p=1";
  const { json } = await primary(sim);
  assert.ok(verifyLink(json).endsWith("/verify?p=1"));
  assert.equal((await verify(sim, json)).json.status, "SUCCESS");
  sim.world.policy.linkOrigin = "https://evil.example";
  assert.ok(verifyLink((await primary(sim)).json).startsWith("https://evil.example/"));
  sim.world.policy.factorsMember = "factor";
  assert.ok(Array.isArray((await primary(sim)).json._embedded.factor));
});

Deno.test("Okta: sends rate limit headers, a date and a request id with every answer", async () => {
  await using sim = await startSimulator();
  const answers = [await primary(sim), await send(`${sim.okta}/nowhere`), await send(sim.okta)];
  for (const { headers } of answers) {
    assert.match(headers.get("x-rate-limit-limit")!, /^\d+$/);
    assert.match(headers.get("x-rate-limit-remaining")!, /^\d+$/);
    assert.ok(Number(headers.get("x-rate-limit-reset")) * 1000 > Date.now());
    assert.ok(headers.get("x-okta-request-id"));
    assert.equal(headers.get("cache-control"), "no-cache, no-store");
    assert.ok(Math.abs(Date.parse(headers.get("date")!) - Date.now()) < 5000);
  }
});

Deno.test("Okta: answers 429 E0000047 without Retry-After when the path is throttled", async () => {
  await using sim = await startSimulator();
  sim.world.throttles.push({ path: AUTHN, times: 2, resetInSeconds: 7 });
  for (let i = 0; i < 2; i++) {
    const answer = await primary(sim);
    refused(answer, 429, "E0000047");
    assert.equal(answer.headers.get("retry-after"), null);
    assert.equal(answer.headers.get("x-rate-limit-remaining"), "0");
    const wait = Number(answer.headers.get("x-rate-limit-reset")) * 1000 -
      Date.parse(answer.headers.get("date")!);
    assert.ok(wait >= 7000 && wait <= 9000, `${wait}`);
  }
  assert.equal((await primary(sim)).status, 200);
});
