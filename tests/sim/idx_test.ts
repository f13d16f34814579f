import assert from "node:assert/strict";
import { openIdx } from "./idx_probe.ts";
import { otherFactor, simUser, totpFactor } from "./default_world.ts";
import { assumeWithSaml, postJson, primary, send, sessionCookie, verify } from "./probe.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import type { PushPlan, SimFactor, SimUser, World } from "./world.ts";

const ION = "application/ion+json; okta-version=1.0.0";

function idxSim(user?: Partial<SimUser>, change?: (world: World) => void): Promise<Simulator> {
  return startSimulator({
    world: (world) => {
      world.org.pipeline = "idx";
      world.users = [simUser("jane@example.com", user)];
      change?.(world);
    },
  });
}

function push(plan: Partial<PushPlan> = {}): SimFactor {
  return otherFactor("push", { push: { outcome: "approve", waits: 0, numbers: [], ...plan } });
}

const oktaVerify = totpFactor("JBSWY3DPEHPK3PXP", { provider: "OKTA" });

Deno.test("idx: leads to a valid assertion after user name, password and code", async () => {
  await using sim = await idxSim();
  const probe = await openIdx(sim);
  assert.deepEqual(probe.names, ["identify", "select-enroll-profile"]);
  assert.equal(probe.answer.headers.get("content-type"), ION);
  await probe.identify();
  assert.deepEqual(probe.names, ["challenge-authenticator", "select-authenticator-authenticate"]);
  assert.equal(probe.json.currentAuthenticator.value.key, "google_otp");
  await probe.give({ passcode: "000000" });
  assert.equal(probe.answer.status, 403);
  assert.deepEqual(probe.keys, ["authfactor.challenge.soft_token.invalid_passcode"]);
  await probe.give({ passcode: await sim.user.code() });
  const { cookies, saml } = await probe.finish();
  for (const name of ["idx", "sid", "DT"]) assert.ok(cookies.has(name), name);
  assert.equal((await assumeWithSaml(sim, saml)).status, 200);
  await assert.rejects(probe.finish(), "the redirect works once");
  assert.equal(sim.state.idx.transactions.size, 0);
});

Deno.test("idx: rejects a code that was used before", async () => {
  await using sim = await idxSim();
  const code = await sim.user.code();
  const first = await openIdx(sim);
  await first.identify();
  await first.give({ passcode: code });
  const second = await openIdx(sim);
  await second.identify();
  await second.give({ passcode: code });
  assert.deepEqual(second.keys, ["authfactor.challenge.soft_token.used_passcode"]);
});

Deno.test("idx: rejects wrong media types, fields and stateHandles", async () => {
  await using sim = await idxSim();
  const probe = await openIdx(sim);
  const form = probe.form("identify");
  const top = probe.json.stateHandle;
  const own = form.value.at(-1).value;
  assert.notEqual(own, top);
  const body = { identifier: "jane@example.com", credentials: { passcode: sim.user.password } };
  assert.equal((await probe.post(form.href, { stateHandle: own, ...body }, ION)).status, 400);
  assert.equal((await probe.post(form.href, { stateHandle: top, ...body })).status, 400);
  const more = { stateHandle: own, ...body, stray: 1 };
  assert.equal((await probe.post(form.href, more)).status, 400);
  const less = { stateHandle: own, identifier: "jane@example.com" };
  assert.equal((await probe.post(form.href, less)).status, 400);
  assert.equal((await probe.post(form.href, { stateHandle: own, ...body })).status, 200);
  assert.equal((await probe.post(form.href, { stateHandle: own, ...body })).status, 401);
  assert.deepEqual(probe.keys, ["idx.session.expired"]);
});

Deno.test("idx: asks again after a wrong password, combined or not", async () => {
  await using sim = await idxSim();
  const combined = await openIdx(sim);
  await combined.identify("wrong");
  assert.equal(combined.answer.status, 401);
  assert.deepEqual(combined.keys, ["errors.E0000004"]);
  await combined.identify();
  assert.equal(combined.answer.status, 200);
  sim.world.idx.identify = "first";
  const probe = await openIdx(sim);
  await probe.identify();
  assert.deepEqual(probe.names, ["select-authenticator-authenticate"]);
  await probe.choose("Password");
  await probe.give({ passcode: "wrong" });
  assert.deepEqual(probe.keys, ["incorrectPassword"]);
  await probe.give({ passcode: sim.user.password });
  assert.equal(probe.json.currentAuthenticator.value.key, "google_otp");
});

Deno.test("idx: sends, polls and approves a push, with its number as text", async () => {
  await using sim = await idxSim({ factors: [push({ waits: 2, numbers: [undefined, 0] })] });
  const probe = await openIdx(sim);
  await probe.identify();
  assert.equal(probe.names[0], "authenticator-verification-data");
  assert.deepEqual(sim.state.inbox, []);
  const { value: [field] } = probe.form("authenticator-verification-data");
  const id = field.form.value[0].value;
  await probe.submit("authenticator-verification-data", {
    authenticator: { id, methodType: "push" },
  });
  assert.equal(sim.state.inbox.length, 1);
  assert.equal(probe.form("challenge-poll").refresh, 4000);
  await probe.submit("challenge-poll");
  await probe.submit("challenge-poll");
  assert.equal(probe.json.currentAuthenticator.value.contextualData.correctAnswer, "0");
  await probe.submit("challenge-poll");
  await probe.finish();
});

Deno.test("idx: sends a push automatically with autoChallenge; resends it after rejection", async () => {
  await using sim = await idxSim({ factors: [push({ outcome: "reject" })] }, ({ idx }) => {
    idx.autoChallenge = true;
  });
  const probe = await openIdx(sim);
  await probe.identify();
  await probe.submit("challenge-poll");
  assert.deepEqual(probe.keys, ["api.authn.poll.error.push_rejected"]);
  assert.deepEqual(probe.names, ["resend", "select-authenticator-authenticate"]);
  sim.world.users[0]!.factors[0]!.push!.outcome = "approve";
  const { value: [field] } = probe.form("resend");
  const [{ value: id }] = field.value.form.value;
  await probe.submit("resend", { authenticator: { id, methodType: "push" } });
  await probe.submit("challenge-poll");
  await probe.finish();
  assert.equal(sim.state.inbox.length, 2);
});

Deno.test("idx: offers push and code as methods of Okta Verify", async () => {
  await using sim = await idxSim({ factors: [push({ outcome: "wait" }), oktaVerify] });
  const probe = await openIdx(sim);
  await probe.identify();
  await probe.choose("Okta Verify", { methodType: "push" });
  await probe.submit("challenge-poll");
  await probe.choose("Okta Verify", { methodType: "totp" });
  await probe.give({ totp: await sim.user.code() });
  await probe.finish();
});

Deno.test("idx: offers SMS and call as methods of one phone, and limits resending", async () => {
  await using sim = await idxSim({ factors: [otherFactor("sms"), otherFactor("call")] });
  const probe = await openIdx(sim);
  await probe.identify();
  const { value: [field] } = probe.form("authenticator-verification-data");
  const [{ value: id }, , { value: enrollmentId }] = field.form.value;
  await probe.submit("authenticator-verification-data", {
    authenticator: { id, enrollmentId, methodType: "sms" },
  });
  const sent = probe.answer;
  await probe.submit("resend");
  assert.equal(probe.answer.status, 429);
  assert.deepEqual(probe.keys, ["errors.E0000109"]);
  probe.answer = sent;
  await probe.give({ passcode: "nonsense" });
  assert.deepEqual(probe.keys, ["api.authn.error.PASSCODE_INVALID"]);
  await probe.give({ passcode: sim.state.inbox[0]!.code });
  await probe.finish();
});

Deno.test("idx: continues when the e-mail's link was clicked", async () => {
  await using sim = await idxSim({ factors: [otherFactor("email")] });
  const probe = await openIdx(sim);
  await probe.identify();
  await probe.choose("Email");
  await probe.submit("poll");
  assert.equal(probe.names[0], "challenge-authenticator");
  sim.world.users[0]!.factors[0]!.linkClicked = true;
  await probe.submit("poll");
  await probe.finish();
});

Deno.test("idx: renews an expired password under the policy; skips a warning", async () => {
  await using sim = await idxSim({ mfa: "none", passwordState: "expired" });
  const probe = await openIdx(sim);
  await probe.identify();
  assert.deepEqual(probe.names, ["reenroll-authenticator"]);
  await probe.submit("reenroll-authenticator", { credentials: { passcode: "short" } });
  assert.equal(probe.answer.status, 400);
  await probe.submit("reenroll-authenticator", { credentials: { passcode: "Summer-of-2026" } });
  await probe.finish();
  sim.world.users[0]!.passwordState = { expiresInDays: 3 };
  const second = await openIdx(sim);
  await second.identify();
  assert.deepEqual(second.names, ["reenroll-authenticator-warning", "skip"]);
  await second.submit("skip");
  await second.finish();
});

Deno.test("idx: enrolls Google Authenticator", async () => {
  await using sim = await idxSim({ factors: [] });
  const probe = await openIdx(sim);
  await probe.identify();
  const { value: [field] } = probe.form("select-authenticator-enroll");
  const id = field.options[0].value.form.value[0].value;
  await probe.submit("select-authenticator-enroll", { authenticator: { id } });
  const { sharedSecret } = probe.json.currentAuthenticator.value.contextualData;
  assert.match(sharedSecret, /^[A-Z2-7]{16}$/);
  await probe.submit("enroll-authenticator", { credentials: { passcode: "000000" } });
  assert.equal(probe.answer.status, 400);
  const credentials = { passcode: await codeOf(sim, sharedSecret) };
  await probe.submit("enroll-authenticator", { credentials });
  await probe.finish();
  assert.equal(sim.world.users[0]!.factors.length, 1);
});

async function codeOf(sim: Simulator, secret: string): Promise<string> {
  const { codeAt, counterAt } = await import("./okta/totp.ts");
  const { totp } = totpFactor(secret);
  return await codeAt(totp!, counterAt(totp!, sim.world.clock.now()));
}

Deno.test("idx: probes for Okta Verify first and asks to stay signed in last when set", async () => {
  await using sim = await idxSim({ mfa: "none" }, ({ idx, apps }) => {
    idx.probing = true;
    idx.keepMeSignedIn = true;
    idx.success = "remediation";
    apps[0]!.policy = { gracePeriod: true };
  });
  const probe = await openIdx(sim);
  assert.deepEqual(probe.names, ["device-challenge-poll"]);
  const { cancel } = probe.json.authenticatorChallenge.value;
  await probe.post(cancel.href, { stateHandle: cancel.value[0].value });
  await probe.identify();
  await probe.submit("device-assurance-grace-period");
  await probe.submit("keep-me-signed-in", { keepMeSignedIn: false });
  assert.deepEqual(probe.names, ["success-redirect"]);
  await probe.finish();
});

Deno.test("idx: asks for a possession factor after password and question when the policy wants two kinds", async () => {
  await using sim = await idxSim({ factors: [otherFactor("question"), totpFactor("JBSWY3DP")] }, (
    { apps },
  ) => {
    apps[0]!.policy = { factors: "two_kinds" };
  });
  const probe = await openIdx(sim);
  await probe.identify();
  assert.equal(probe.json.currentAuthenticator.value.key, "google_otp");
});

Deno.test("idx: offers only phishing-resistant factors, or answers 403, when the policy wants them", async () => {
  await using sim = await idxSim({}, ({ apps }) => {
    apps[0]!.policy = { factors: "phishing_resistant" };
  });
  const probe = await openIdx(sim);
  await probe.identify();
  assert.equal(probe.answer.status, 403);
  assert.deepEqual(probe.keys, ["oie.assurance.unsatisfiable"]);
  sim.world.users[0]!.factors.push(otherFactor("signed_nonce"));
  const second = await openIdx(sim);
  await second.identify();
  assert.deepEqual(second.names, ["challenge-poll", "select-authenticator-authenticate"]);
});

for (
  const [denial, key] of [
    ["access_denied", "security.access_denied"],
    ["device_assurance", "idx.error.code.access_denied.device_assurance.remediation.title"],
  ] as const
) {
  Deno.test(`idx: ends with an error when the app's policy denies: ${denial}`, async () => {
    await using sim = await idxSim({}, ({ apps }) => {
      apps[0]!.policy = { denial };
    });
    const probe = await openIdx(sim);
    await probe.identify();
    assert.equal(probe.answer.status, 403);
    assert.equal(probe.keys[0], key);
  });
}

Deno.test("idx: says so when the user is not assigned to the app", async () => {
  await using sim = await idxSim({}, ({ apps }) => {
    apps[0]!.assigned = [];
  });
  const probe = await openIdx(sim);
  await probe.identify();
  assert.equal(probe.answer.status, 400);
  assert.deepEqual(probe.keys, ["idx.error.user.not.assigned.to.app"]);
});

Deno.test("idx: answers 401 after expiry and 429 for too many requests, in ION", async () => {
  await using sim = await idxSim();
  const probe = await openIdx(sim);
  sim.world.throttles.push({ path: "/idp/idx/", times: 1, resetInSeconds: 5 });
  const before = probe.answer;
  await probe.identify();
  assert.equal(probe.answer.status, 429);
  assert.deepEqual(probe.keys, ["tooManyRequests"]);
  probe.answer = before;
  sim.world.clock.advance(6 * 60_000);
  await probe.identify();
  assert.equal(probe.answer.status, 401);
  assert.deepEqual(probe.keys, ["idx.session.expired"]);
});

Deno.test("idx: opens the app with an authn session, or asks for the missing factor", async () => {
  await using sim = await idxSim({ factors: [totpFactor("JBSWY3DPEHPK3PXP"), push()] });
  const cookie = await sessionCookie(sim);
  await assert.rejects(openIdx(sim, cookie), "the page has the assertion, no stateToken");
  sim.world.apps[0]!.policy = { everyTime: true };
  const probe = await openIdx(sim, cookie);
  assert.equal(probe.json.user.value.identifier, "jane@example.com");
  assert.ok(!probe.names.includes("identify"));
});

Deno.test("idx: signs in to the dashboard", async () => {
  await using sim = await idxSim({ mfa: "none" });
  const probe = await openIdx(sim, "", sim.okta);
  await probe.identify();
  assert.equal(probe.json.app.value.name, "okta_enduser");
  const redirect = await send(probe.json.success.href);
  assert.equal(redirect.headers.get("location"), `${sim.okta}/app/UserHome`);
  const [, cookie] = /(sid=1[^;]+)/.exec(redirect.headers.getSetCookie().join("\n"))!;
  const home = await send(`${sim.okta}/app/UserHome`, { headers: { cookie: cookie! } });
  assert.match(home.text, /Welcome, Jane/);
});

Deno.test("authn: is rejected when the global session policy says so", async () => {
  await using sim = await idxSim({ mfa: "none" });
  assert.equal((await primary(sim)).json.status, "SUCCESS");
  sim.world.idx.authn = "E0000085";
  assert.equal((await primary(sim)).json.errorCode, "E0000085");
  sim.world.idx.authn = "works";
  const probe = await openIdx(sim);
  const stateToken = probe.json.stateHandle.split("~")[0];
  assert.equal((await postJson(sim, "/api/v1/authn", { stateToken })).status, 401);
  assert.equal(await verify(sim, (await primary(sim)).json, "1").catch(() => undefined), undefined);
});

Deno.test("idx: accepts the Accept header and the reason to stop probing of the Sign-In Widget", async () => {
  await using sim = await idxSim();
  sim.world.idx.probing = true;
  const probe = await openIdx(sim);
  const { href, value } = probe.json.authenticatorChallenge.value.cancel;
  const type = "application/json; okta-version=1.0.0";
  const answer = await send(href, {
    method: "POST",
    headers: { "content-type": type, accept: type },
    body: JSON.stringify({
      stateHandle: value[0].value,
      reason: "OV_UNREACHABLE_BY_LOOPBACK",
      statusCode: null,
    }),
  });
  assert.equal(answer.json.remediation.value[0].name, "identify");
});

Deno.test("idx: cancelling starts a new sign-in, which a stateHandle as stateToken continues", async () => {
  await using sim = await idxSim();
  const probe = await openIdx(sim);
  await probe.identify();
  const old = probe.json.stateHandle;
  await probe.submit("cancel");
  assert.ok(probe.names.includes("identify"));
  const { stateHandle } = probe.json;
  await probe.post("/idp/idx/introspect", { stateToken: stateHandle }, ION);
  assert.equal(probe.answer.status, 200);
  await probe.identify();
  await probe.give({ passcode: await sim.user.code() });
  await probe.finish();
  await probe.post("/idp/idx/introspect", { stateToken: old }, ION);
  assert.equal(probe.answer.status, 401);
});
