/** Okta's auth-js on Identity Engine: run by `../auth_js_test.ts`. */

import assert from "node:assert/strict";
import { otherFactor, simUser } from "../../sim/default_world.ts";
import { send } from "../../sim/probe.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import type { PushPlan, SimUser } from "../../sim/world.ts";
import { authClient, type Json, openAppBy } from "./auth_js.ts";

function engine(user: Partial<SimUser> = {}): Promise<Simulator> {
  return startSimulator({
    world(world) {
      world.org.pipeline = "idx";
      world.users = [simUser("jane@example.com", user)];
    },
  });
}

/** The stateToken of the app's sign-in page. */
async function stateHandle(sim: Simulator): Promise<string> {
  const { text } = await send(sim.embedLink());
  return /stateToken = '([^']+)'/.exec(text)![1]!.replace(
    /\\x([0-9A-F]{2})/g,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
}

/** Signs in up to the factor. */
async function begin(sim: Simulator): Promise<Json> {
  const first = await authClient(sim).idx.introspect({ stateHandle: await stateHandle(sim) });
  assert.equal(first.requestDidSucceed, true);
  return await first.proceed("identify", {
    identifier: sim.user.login,
    credentials: { passcode: sim.user.password },
  });
}

/** Chooses the only authenticator. */
async function choose(state: Json, methodType: string): Promise<Json> {
  const [field] = state.neededToProceed
    .find(({ name }: Json) => name === "select-authenticator-authenticate").value;
  const fields = field.options[0].value.form.value;
  const id = fields.find(({ name }: Json) => name === "id").value;
  return await state.proceed("select-authenticator-authenticate", {
    authenticator: { id, methodType },
  });
}

/** Fills in the form that names the authenticator, and asks for its method. */
async function sendBy(state: Json, name: string, methodType: string): Promise<Json> {
  const form = state.neededToProceed.find((one: Json) => one.name === name);
  const field = form.value.find((one: Json) => one.name === "authenticator");
  const { value } = field.form ?? field.value.form;
  const fixed = value.filter((one: Json) => one.value !== undefined)
    .map((one: Json) => [one.name, one.value]);
  return await state.proceed(name, {
    authenticator: { ...Object.fromEntries(fixed), methodType },
  });
}

function names(state: Json): string[] {
  return state.neededToProceed.map(({ name }: Json) => name);
}

async function succeeds(sim: Simulator, { rawIdxState, requestDidSucceed }: Json): Promise<void> {
  assert.equal(requestDidSucceed, true, JSON.stringify(rawIdxState));
  assert.ok(sim.state.assertions.has(await openAppBy(rawIdxState.success.href)));
}

Deno.test("TOTP: a wrong code, then the right one", async () => {
  await using sim = await engine();
  const challenge = await begin(sim);
  assert.ok(names(challenge).includes("challenge-authenticator"));
  const credentials = { passcode: "000000" };
  const wrong = await challenge.proceed("challenge-authenticator", { credentials });
  assert.equal(wrong.requestDidSucceed, false);
  const passcode = await sim.user.code();
  await succeeds(
    sim,
    await wrong.proceed("challenge-authenticator", { credentials: { passcode } }),
  );
});

Deno.test("question", async () => {
  await using sim = await engine({ factors: [otherFactor("question")] });
  const challenge = await begin(sim);
  const credentials = { questionKey: "disliked_food", answer: "liver" };
  await succeeds(sim, await challenge.proceed("challenge-authenticator", { credentials }));
});

Deno.test("SMS: sent, sent again by the current authenticator's resend", async () => {
  await using sim = await engine({ factors: [otherFactor("sms")] });
  let state = await begin(sim);
  state = await sendBy(state, "authenticator-verification-data", "sms");
  assert.equal(sim.state.inbox.length, 1);
  sim.world.clock.advance(31_000);
  state = await state.actions["currentAuthenticatorEnrollment-resend"]();
  assert.equal(sim.state.inbox.length, 2);
  const credentials = { passcode: sim.state.inbox.at(-1)!.code };
  await succeeds(sim, await state.proceed("challenge-authenticator", { credentials }));
});

function push(plan: Partial<PushPlan> = {}): Partial<SimUser> {
  const whole: PushPlan = { outcome: "approve", waits: 0, numbers: [], ...plan };
  return { factors: [otherFactor("push", { push: whole })] };
}

/** Polls until the answer has no such form. */
async function poll(state: Json): Promise<Json> {
  while (names(state).includes("challenge-poll")) state = await state.proceed("challenge-poll");
  return state;
}

Deno.test("push: polls until the phone answers", async () => {
  await using sim = await engine(push({ waits: 2, numbers: [undefined, 0] }));
  const challenge = await choose(await begin(sim), "push");
  assert.deepEqual(names(challenge).slice(0, 1), ["challenge-poll"]);
  await succeeds(sim, await poll(challenge));
});

Deno.test("push: rejected, then sent again", async () => {
  await using sim = await engine(push({ outcome: "reject" }));
  const ended = await poll(await choose(await begin(sim), "push"));
  assert.equal(ended.rawIdxState.messages.value[0].class, "ERROR");
  sim.world.users[0]!.factors[0]!.push!.outcome = "approve";
  const again = await sendBy(ended, "resend", "push");
  await succeeds(sim, await poll(again));
});

Deno.test("cancel: starts again", async () => {
  await using sim = await engine();
  const state = await begin(sim);
  const again = await (await state.actions.cancel()).proceed("identify", {
    identifier: sim.user.login,
    credentials: { passcode: sim.user.password },
  });
  const credentials = { passcode: await sim.user.code() };
  const late = await state.proceed("challenge-authenticator", { credentials });
  assert.equal(late.requestDidSucceed, false, "the first sign-in has ended");
  await succeeds(sim, await again.proceed("challenge-authenticator", { credentials }));
});

Deno.test("wrong password, and an expired transaction", async () => {
  await using sim = await engine();
  const client = authClient(sim);
  const first = await client.idx.introspect({ stateHandle: await stateHandle(sim) });
  const credentials = { passcode: "wrong" };
  const wrong = await first.proceed("identify", { identifier: sim.user.login, credentials });
  assert.equal(wrong.requestDidSucceed, false);
  assert.ok(names(wrong).includes("identify"));
  sim.world.clock.advance(2 * 3600_000);
  const expired = await wrong.proceed("identify", {
    identifier: sim.user.login,
    credentials: { passcode: sim.user.password },
  });
  assert.equal(expired.requestDidSucceed, false);
  assert.deepEqual(names(expired), []);
});

Deno.test("idx.proceed: fills in the forms itself", async () => {
  await using sim = await engine();
  const client = authClient(sim);
  const handle = await stateHandle(sim);
  const { login: username, password } = sim.user;
  const challenge = await client.idx.proceed({
    stateHandle: handle,
    username,
    password,
    enableLegacyMode: true,
  });
  assert.equal(challenge.status, "PENDING", JSON.stringify(challenge.messages));
  assert.equal(challenge.nextStep.authenticator.key, "google_otp");
  const { stateHandle: current } = challenge.context;
  const verificationCode = await sim.user.code();
  const done = await client.idx.proceed({
    stateHandle: current,
    verificationCode,
    enableLegacyMode: true,
  });
  await succeeds(sim, done);
});
