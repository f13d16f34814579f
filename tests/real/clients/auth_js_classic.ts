/** Okta's auth-js on Classic: run by `../auth_js_test.ts`. */

import assert from "node:assert/strict";
import { otherFactor, simUser, totpFactor } from "../../sim/default_world.ts";
import { codeAt, counterAt } from "../../sim/okta/totp.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import type { PushPlan, SimUser } from "../../sim/world.ts";
import { authClient, type Json, openApp } from "./auth_js.ts";

function classic(user: Partial<SimUser> = {}): Promise<Simulator> {
  return startSimulator({ world: { users: [simUser("jane@example.com", user)] } });
}

async function signIn(sim: Simulator, client = authClient(sim), more: Json = {}): Promise<Json> {
  const { login: username, password } = sim.user;
  return await client.signInWithCredentials({ username, password, ...more });
}

/** Whether the transaction has succeeded, and Okta accepts its sessionToken. */
async function succeeds(sim: Simulator, transaction: Json): Promise<void> {
  assert.equal(transaction.status, "SUCCESS");
  assert.ok(sim.state.assertions.has(await openApp(sim, transaction.sessionToken)));
}

function push(plan: Partial<PushPlan> = {}): Partial<SimUser> {
  const whole: PushPlan = { outcome: "approve", waits: 0, numbers: [], ...plan };
  return { factors: [otherFactor("push", { push: whole })] };
}

/** What auth-js throws for an error of Okta. */
function apiError(errorCode: string, cause?: string): (error: Json) => boolean {
  return (error) => {
    assert.equal(error.name, "AuthApiError");
    assert.equal(error.errorCode, errorCode);
    assert.equal(error.errorSummary.length > 0 && error.errorId.length > 0, true);
    if (cause !== undefined) assert.equal(error.errorCauses[0].errorSummary, cause);
    return true;
  };
}

Deno.test("no factor", async () => {
  await using sim = await classic({ mfa: "none" });
  await succeeds(sim, await signIn(sim));
});

Deno.test("wrong password", async () => {
  await using sim = await classic();
  const { login: username } = sim.user;
  const wrong = authClient(sim).signInWithCredentials({ username, password: "wrong" });
  await assert.rejects(wrong, apiError("E0000004"));
});

Deno.test("locked account", async () => {
  await using sim = await classic({ lockedOut: true });
  sim.world.policy.showLockout = true;
  const transaction = await signIn(sim);
  assert.equal(transaction.status, "LOCKED_OUT");
  assert.equal(typeof transaction.unlock, "function");
});

Deno.test("TOTP: wrong, used and right codes", async () => {
  await using sim = await classic();
  const transaction = await signIn(sim);
  assert.equal(transaction.status, "MFA_REQUIRED");
  assert.equal(transaction.user.profile.login, "jane@example.com");
  const [factor] = transaction.factors;
  await assert.rejects(
    factor.verify({ passCode: "000000" }),
    apiError("E0000068", "Your passcode doesn't match our records. Please try again."),
  );
  const passCode = await sim.user.code();
  await succeeds(sim, await factor.verify({ passCode }));
  const again = await signIn(sim);
  await assert.rejects(again.factors[0].verify({ passCode }), apiError("E0000082"));
});

Deno.test("typed codes and the answer to a question", async (test) => {
  for (const type of ["question", "token:hotp", "token", "token:hardware"]) {
    await test.step(type, async () => {
      await using sim = await classic({ factors: [otherFactor(type)] });
      const { answer, codes } = sim.world.users[0]!.factors[0]!;
      const [factor] = (await signIn(sim)).factors;
      await succeeds(sim, await factor.verify(answer ? { answer } : { passCode: codes![0] }));
    });
  }
});

Deno.test("sent codes: verify, resend, verify", async (test) => {
  for (const type of ["sms", "email", "call"]) {
    await test.step(type, async () => {
      await using sim = await classic({ factors: [otherFactor(type)] });
      const [factor] = (await signIn(sim)).factors;
      let challenge = await factor.verify();
      assert.equal(challenge.status, "MFA_CHALLENGE");
      sim.world.clock.advance(31_000);
      // As recorded, the challenge of a call has no link for it: the first request is sent again.
      challenge = await (type === "call" ? challenge.verify() : challenge.resend(type));
      assert.equal(sim.state.inbox.length, 2);
      const { code: passCode } = sim.state.inbox.at(-1)!;
      await succeeds(sim, await challenge.verify({ passCode }));
    });
  }
});

Deno.test("push: polls until the phone answers", async () => {
  await using sim = await classic(push({ waits: 2, numbers: [undefined, 0] }));
  const [factor] = (await signIn(sim)).factors;
  const challenge = await factor.verify();
  assert.equal(challenge.factorResult, "WAITING");
  const seen: Json[] = [];
  const result = await challenge.poll({
    delay: 0,
    transactionCallBack: (body: Json) => seen.push(body._embedded.factor._embedded),
  });
  assert.equal(seen.at(-1).challenge.correctAnswer, 0);
  await succeeds(sim, result);
});

Deno.test("push: rejected and timed out, then sent again", async (test) => {
  for (const [outcome, result] of [["reject", "REJECTED"], ["timeout", "TIMEOUT"]] as const) {
    await test.step(result, async () => {
      await using sim = await classic(push({ outcome }));
      const [factor] = (await signIn(sim)).factors;
      const ended = await (await factor.verify()).poll({ delay: 0 });
      assert.equal(ended.factorResult, result);
      sim.world.users[0]!.factors[0]!.push!.outcome = "approve";
      const again = await ended.resend("push");
      assert.equal(again.factorResult, "WAITING");
      await succeeds(sim, await again.poll({ delay: 0 }));
    });
  }
});

Deno.test("prev: another factor", async () => {
  await using sim = await classic({
    factors: [otherFactor("sms"), totpFactor("JBSWY3DPEHPK3PXP")],
  });
  const challenge = await (await signIn(sim)).factors[0].verify();
  const choice = await challenge.prev();
  assert.equal(choice.status, "MFA_REQUIRED");
  await succeeds(sim, await choice.factors[1].verify({ passCode: await sim.user.code() }));
});

Deno.test("cancel: ends the transaction", async () => {
  await using sim = await classic();
  const client = authClient(sim);
  const transaction = await signIn(sim, client, { relayState: "abc" });
  const { stateToken } = transaction.data;
  const ended = await transaction.cancel();
  assert.equal(ended.relayState ?? ended.data.relayState, "abc");
  await assert.rejects(client.tx.resume({ stateToken }), apiError("E0000011"));
});

Deno.test("tx.resume, tx.introspect and tx.status: continue with a stateToken", async () => {
  await using sim = await classic();
  const client = authClient(sim);
  const { stateToken } = (await signIn(sim, client)).data;
  assert.equal((await client.tx.introspect({ stateToken })).status, "MFA_REQUIRED");
  assert.equal((await client.tx.status({ stateToken })).status, "MFA_REQUIRED");
  const resumed = await client.tx.resume({ stateToken });
  await succeeds(sim, await resumed.factors[0].verify({ passCode: await sim.user.code() }));
});

Deno.test("expired transaction", async () => {
  await using sim = await classic();
  const [factor] = (await signIn(sim)).factors;
  sim.world.clock.advance(6 * 60_000);
  await assert.rejects(factor.verify({ passCode: await sim.user.code() }), apiError("E0000011"));
});

Deno.test("expired password: rejected by the policy, then changed", async () => {
  await using sim = await classic({ passwordState: "expired", mfa: "none" });
  const transaction = await signIn(sim);
  assert.equal(transaction.status, "PASSWORD_EXPIRED");
  const oldPassword = sim.user.password;
  const weak = transaction.changePassword({ oldPassword, newPassword: "weak" });
  await assert.rejects(weak, apiError("E0000080"));
  const newPassword = "New-horse-battery-9-staple";
  await succeeds(sim, await transaction.changePassword({ oldPassword, newPassword }));
  assert.equal(sim.user.password, newPassword);
});

Deno.test("password expires soon: skipped", async () => {
  await using sim = await classic({ passwordState: { expiresInDays: 3 }, mfa: "none" });
  const options = { warnBeforePasswordExpired: true };
  const transaction = await signIn(sim, undefined, { options });
  assert.equal(transaction.status, "PASSWORD_WARN");
  assert.equal(transaction.policy.expiration.passwordExpireDays, 3);
  await succeeds(sim, await transaction.skip());
});

Deno.test("Google Authenticator enrolled", async () => {
  await using sim = await classic({ factors: [], mfa: "enroll" });
  const transaction = await signIn(sim);
  assert.equal(transaction.status, "MFA_ENROLL");
  const choice = transaction.factors.find((one: Json) =>
    one.factorType === "token:software:totp" && one.provider === "GOOGLE"
  );
  const enrolling = await choice.enroll();
  assert.equal(enrolling.status, "MFA_ENROLL_ACTIVATE");
  const { sharedSecret: secret, timeStep: period, keyLength: digits, qrcode } =
    enrolling.factor.activation;
  assert.equal(qrcode.type, "image/png");
  const totp = { secret, period, digits, algorithm: "SHA-1" } as const;
  const passCode = await codeAt(totp, counterAt(totp, sim.world.clock.now()));
  await assert.rejects(enrolling.activate({ passCode: "000000" }), apiError("E0000068"));
  await succeeds(sim, await enrolling.activate({ passCode }));
});
