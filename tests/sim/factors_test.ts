import assert from "node:assert/strict";
import { type Answer, postJson, primary, verifyLink } from "./probe.ts";
import { createWorldClock } from "./clock.ts";
import { otherFactor, simUser, totpFactor } from "./default_world.ts";
import { type Simulator, startSimulator } from "./simulator.ts";
import type { PushPlan, SimFactor, SimUser } from "./world.ts";

/** A stopped clock. */
const stopped = () => createWorldClock(() => Date.UTC(2026, 0, 1, 12, 0, 5));

async function simOf(factors: SimFactor[], settings: Partial<SimUser> = {}): Promise<Simulator> {
  const users = [simUser("jane@example.com", { factors, ...settings })];
  return await startSimulator({ world: { clock: stopped(), users } });
}

function refused({ status, json, text }: Answer, expected: number, code: string): void {
  assert.equal(status, expected, text);
  assert.equal(json.errorCode, code);
}

/** Signs in until MFA_REQUIRED; `give` sends a request to the first factor's verify link. */
async function reach(
  sim: Simulator,
): Promise<{ json: Answer["json"]; give: (body?: object, query?: string) => Promise<Answer> }> {
  const { json } = await primary(sim);
  const { stateToken } = json;
  const give = (body: object = {}, query = "") =>
    postJson(sim, verifyLink(json) + query, { stateToken, ...body });
  return { json, give };
}

function push(plan: Partial<PushPlan>): SimFactor {
  return otherFactor("push", { push: { outcome: "approve", waits: 0, numbers: [], ...plan } });
}

const numberOf = ({ json }: Answer) => json._embedded.factor._embedded?.challenge?.correctAnswer;

Deno.test("push: is sent once and approved after the planned number of polls", async () => {
  await using sim = await simOf([push({ waits: 2 })]);
  const { give } = await reach(sim);
  for (let i = 0; i < 3; i++) {
    const { json } = await give();
    assert.deepEqual([json.status, json.factorResult], ["MFA_CHALLENGE", "WAITING"]);
    assert.equal(json._links.next.name, "poll");
    assert.equal(json._links.resend[0].name, "push");
  }
  assert.equal((await give()).json.status, "SUCCESS");
  assert.deepEqual(sim.state.inbox.map(({ channel }) => channel), ["push"]);
});

Deno.test("push: shows a number, also 0, from the planned poll on", async () => {
  await using sim = await simOf([push({ waits: 5, numbers: [undefined, 0, 0, 92] })]);
  const { give } = await reach(sim);
  const numbers = [];
  for (let i = 0; i < 6; i++) numbers.push(numberOf(await give()));
  assert.deepEqual(numbers, [undefined, undefined, 0, 0, 92, 92]);
  assert.equal((await give()).json.status, "SUCCESS");
});

Deno.test("push: is sent again after REJECTED or TIMEOUT", async (t) => {
  for (const [outcome, factorResult] of [["reject", "REJECTED"], ["timeout", "TIMEOUT"]] as const) {
    await t.step(factorResult, async () => {
      await using sim = await simOf([push({ outcome })]);
      const { give } = await reach(sim);
      await give();
      const { status, json } = await give();
      assert.deepEqual([status, json.status], [200, "MFA_CHALLENGE"]);
      assert.equal(json.factorResult, factorResult);
      assert.equal(json._links.next.name, "verify");
      assert.equal(sim.state.inbox.length, 1);
      assert.equal((await give()).json.factorResult, "WAITING");
      assert.equal(sim.state.inbox.length, 2);
      const resend = json._links.resend[0].href;
      const { stateToken } = json;
      assert.equal((await postJson(sim, resend, { stateToken })).json.factorResult, "WAITING");
      assert.equal(sim.state.inbox.length, 3);
    });
  }
});

Deno.test("push: times out after five minutes without an answer", async () => {
  await using sim = await simOf([push({ outcome: "wait" })]);
  const { give } = await reach(sim);
  await give();
  sim.world.clock.advance(4 * 60_000);
  assert.equal((await give()).json.factorResult, "WAITING");
  sim.world.clock.advance(2 * 60_000);
  assert.equal((await give()).json.factorResult, "TIMEOUT");
});

Deno.test("verify: needs previous before another factor when a push is waiting", async () => {
  await using sim = await simOf([
    push({ outcome: "wait" }),
    totpFactor("JBSWY3DPEHPK3PXP", { provider: "OKTA" }),
  ]);
  const { json, give } = await reach(sim);
  const { stateToken } = json;
  const { _links } = (await give()).json;
  const passCode = await sim.user.code();
  const type = () => postJson(sim, verifyLink(json, 1), { stateToken, passCode });
  refused(await type(), 403, "E0000079");
  await postJson(sim, _links.prev.href, { stateToken });
  assert.equal((await type()).json.status, "SUCCESS");
});

Deno.test("verify: sends at most one code in 30 s (5 s by e-mail), each valid once", async (t) => {
  const rules = [["sms", 30, "E0000109"], ["call", 30, "E0000133"], ["email", 5, "E0000118"]];
  for (const [type, seconds, error] of rules as [string, number, string][]) {
    await t.step(type, async () => {
      await using sim = await simOf([otherFactor(type)]);
      const { json, give } = await reach(sim);
      const first = await give();
      assert.equal(first.json.status, "MFA_CHALLENGE");
      assert.equal(first.json.factorResult, undefined);
      sim.world.clock.advance(seconds * 1000 - 1);
      const resend = verifyLink(json) + "/resend";
      refused(await give(), 429, error);
      refused(await postJson(sim, resend, { stateToken: json.stateToken }), 429, error);
      sim.world.clock.advance(1);
      const again = await postJson(sim, resend, { stateToken: json.stateToken });
      assert.equal(again.json.status, "MFA_CHALLENGE");
      const [old, fresh] = sim.state.inbox.map(({ code }) => code);
      assert.equal(sim.state.inbox.length, 2);
      if (old !== fresh) refused(await give({ passCode: old }), 403, "E0000068");
      assert.equal((await give({ passCode: fresh })).json.status, "SUCCESS");
      const next = await reach(sim);
      refused(await next.give({ passCode: fresh }), 403, "E0000068");
      refused(await next.give(), 429, error);
    });
  }
});

Deno.test("verify: accepts each code of a hardware or HOTP token once", async (t) => {
  for (const type of ["token:hotp", "token", "token:hardware"]) {
    await t.step(type, async () => {
      await using sim = await simOf([otherFactor(type)]);
      const [code] = sim.world.users[0]!.factors[0]!.codes!.slice();
      const { give } = await reach(sim);
      refused(await give({ passCode: "nonsense" }), 403, "E0000068");
      assert.equal((await give({ passCode: code })).json.status, "SUCCESS");
      refused(await (await reach(sim)).give({ passCode: code }), 403, "E0000068");
    });
  }
});

Deno.test("verify: answers 409 when the RSA server asks for a PIN or the next code", async () => {
  const pinSteps = ["new_pin", "repeat_pin", "next_code"] as const;
  await using sim = await simOf([otherFactor("token", { pinSteps: [...pinSteps] })]);
  const [first, second] = sim.world.users[0]!.factors[0]!.codes!.slice();
  const { give } = await reach(sim);
  const asked = await give({ passCode: first });
  refused(asked, 409, "E0000113");
  assert.equal(asked.json.errorSummary, "Enter a new PIN having from 4 to 8 digits.");
  refused(await give({ passCode: "abc" }), 403, "E0000068");
  refused(await give({ passCode: "4711" }), 409, "E0000113");
  refused(await give({ passCode: "4712" }), 403, "E0000068");
  refused(await give({ passCode: "4711" }), 409, "E0000113");
  assert.equal((await give({ passCode: second })).json.status, "SUCCESS");
});

Deno.test("verify: links to the other site when the factor is an identity provider", async () => {
  await using sim = await simOf([otherFactor("claims_provider")]);
  const { json } = await (await reach(sim)).give();
  const { name, href, hints } = json._links.next;
  assert.deepEqual([name, hints.allow], ["redirect", ["GET"]]);
  assert.match(href, /\/sso\/idps\/.*\?stateToken=/);
});

/** Signs in with a device cookie. */
async function signInFrom(sim: Simulator, cookie: string, query: string): Promise<Answer> {
  const { login, password } = sim.user;
  const first = await postJson(sim, "/api/v1/authn", { username: login, password }, { cookie });
  if (first.json.status !== "MFA_REQUIRED") return first;
  const { stateToken } = first.json;
  const answer = { stateToken, answer: "liver" };
  return await postJson(sim, verifyLink(first.json) + query, answer, { cookie });
}

Deno.test("rememberDevice: remembers the DT cookie when asked and allowed", async () => {
  await using sim = await simOf([otherFactor("question")]);
  const first = async (cookie: string) => {
    const { login, password } = sim.user;
    const body = { username: login, password };
    return (await postJson(sim, "/api/v1/authn", body, { cookie })).json.status;
  };
  await signInFrom(sim, "DT=DI0a", "");
  assert.equal(await first("DT=DI0a"), "MFA_REQUIRED");
  sim.world.policy.allowRememberDevice = false;
  await signInFrom(sim, "DT=DI0a", "?rememberDevice=true");
  assert.equal(await first("DT=DI0a"), "MFA_REQUIRED");
  sim.world.policy.allowRememberDevice = true;
  await signInFrom(sim, "DT=DI0a", "?rememberDevice=true");
  assert.equal(await first("DT=DI0a"), "SUCCESS");
  assert.equal(await first("DT=DI0b"), "MFA_REQUIRED");
  assert.equal(await first("x=y"), "MFA_REQUIRED");
});

Deno.test("change_password: rejects a new password that violates the policy", async (t) => {
  await using sim = await simOf([], { mfa: "none", passwordState: "expired" });
  const user = sim.world.users[0]!;
  Object.assign(sim.world.policy.complexity, { minSymbol: 1, excludeUsername: true });
  user.login = "jane.oneill@example.com";
  user.oldPasswords = ["Winter-2025"];
  const { json } = await primary(sim);
  assert.equal(json._embedded.policy.complexity.minSymbol, 1);
  const change = (newPassword: string) => {
    const { stateToken } = json;
    const oldPassword = sim.user.password;
    return postJson(sim, json._links.next.href, { stateToken, oldPassword, newPassword });
  };
  for (const [name, password] of REFUSED) {
    await t.step(name, async () => {
      const answer = await change(password);
      refused(answer, 403, "E0000080");
      assert.match(answer.json.errorCauses[0].errorSummary, /^Password requirements were not met/);
    });
  }
  sim.world.policy.complexityError = "E0000014";
  refused(await change("short"), 403, "E0000014");
  assert.equal((await change("Summer-2026")).json.status, "SUCCESS");
});

const REFUSED: [string, string][] = [
  ["too short", "Ab-1"],
  ["no upper case", "summer-2026"],
  ["no lower case", "SUMMER-2026"],
  ["no digit", "Summer-twentysix"],
  ["no symbol", "Summer2026"],
  ["the user name", "1-OneillRules"],
  ["an old one", "Winter-2025"],
  ["the present one", "correct-horse-battery-staple"],
];

Deno.test("authn: ends in an unknown status when the user says so", async () => {
  await using sim = await simOf([], { mfa: "none", endsIn: "PROFILE_REQUIRED" });
  const { json } = await primary(sim);
  assert.equal(json.status, "PROFILE_REQUIRED");
  assert.equal(json.sessionToken, undefined);
});

Deno.test("webfinger: returns the user's own IdP", async () => {
  await using sim = await simOf([], { idpType: "SAML2" });
  const url = `${sim.okta}/.well-known/webfinger?resource=okta:acct:`;
  const typeOf = async (login: string) =>
    (await (await fetch(url + login)).json()).links[0].properties["okta:idp:type"];
  assert.equal(await typeOf("jane@example.com"), "SAML2");
  assert.equal(await typeOf("joe@example.com"), "OKTA");
});

Deno.test("verify: sends a code when the code is empty, as the Sign-In Widget asks for one", async () => {
  await using sim = await startSimulator();
  sim.world.users[0]!.factors = [otherFactor("sms")];
  const { give } = await reach(sim);
  assert.equal((await give({ passCode: "" })).json.status, "MFA_CHALLENGE");
  assert.equal(sim.state.inbox.length, 1);
});
