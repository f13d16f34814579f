import assert from "node:assert/strict";
import { openAuthnChallenge } from "../../../src/okta/classic/authn_challenge.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { parseAuthnTransaction } from "../../../src/okta/classic/parse_authn_transaction.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import {
  type Exchange,
  jsonAnswer,
  networkFailure,
  scriptedHttp,
} from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";
const FACTORS = `${ORG}/api/v1/authn/factors`;

function offered(factorType: string, provider = "OKTA") {
  const href = `${FACTORS}/${factorType}/verify?p=1`;
  return { id: `id-${factorType}`, factorType, provider, _links: { verify: { href } } };
}

const REQUIRED = {
  status: "MFA_REQUIRED",
  stateToken: "00state",
  _embedded: { factors: [offered("push"), offered("sms"), offered("token:software:totp")] },
};

function challenge(type: string, more: Record<string, unknown> = {}) {
  return {
    status: "MFA_CHALLENGE",
    stateToken: "00state",
    _embedded: { factor: { id: `id-${type}`, factorType: type, provider: "OKTA" } },
    _links: {
      next: { name: "verify", href: `${FACTORS}/${type}/verify` },
      prev: { href: `${ORG}/api/v1/authn/previous` },
    },
    ...more,
  };
}

function pushAnswer(factorResult: string, correctAnswer?: number) {
  const factor = {
    id: "id-push",
    factorType: "push",
    provider: "OKTA",
    _embedded: correctAnswer === undefined ? {} : { challenge: { correctAnswer } },
  };
  const next = { name: "poll", href: `${FACTORS}/push/verify?p=1` };
  return challenge("push", {
    factorResult,
    _embedded: { factor },
    _links: { next, prev: { href: `${ORG}/api/v1/authn/previous` } },
  });
}

function open(script: Exchange[], { rememberDevice = false, transaction = REQUIRED } = {}) {
  const http = scriptedHttp(script);
  const clock = new FakeClock();
  const client = new OktaClient({ org: ORG, jar: new CookieJar(), http, clock });
  const opened = openAuthnChallenge({
    client,
    transaction: parseAuthnTransaction(JSON.stringify(transaction))!,
    rememberDevice,
  });
  const bodies = () => http.sent.map(({ body }) => JSON.parse(body ?? "{}"));
  const pick = (type: string) =>
    opened.choose(opened.authenticators.find(({ factorType }) => factorType === type)!);
  return { ...opened, http, bodies, pick };
}

Deno.test("a code is answered in one request, at the factor's own link", async () => {
  const { pick, http, bodies } = open([
    [`POST ${FACTORS}/token:software:totp/verify?p=1`, jsonAnswer(200, { status: "SUCCESS" })],
  ]);
  const session = await pick("token:software:totp");
  const result = await session.answer({ kind: "code", passCode: new Secret("123456") });
  assert.equal(result.kind === "next" && result.transaction.status, "SUCCESS");
  assert.deepEqual(bodies(), [{ stateToken: "00state", passCode: "123456" }]);
  http.finished();
});

Deno.test("rememberDevice is a query parameter, unless the policy forbids it", async () => {
  const remembered = open([
    [`POST ${FACTORS}/sms/verify?p=1&rememberDevice=true`, jsonAnswer(200, challenge("sms"))],
  ], { rememberDevice: true });
  const result = await (await remembered.pick("sms")).start();
  assert.deepEqual(result, { kind: "asks", demand: { kind: "code" } });
  const policy = { allowRememberDevice: false };
  const forbidden = { ...REQUIRED, _embedded: { ...REQUIRED._embedded, policy } };
  const not = open(
    [[`POST ${FACTORS}/sms/verify?p=1`, jsonAnswer(200, challenge("sms"))]],
    { rememberDevice: true, transaction: forbidden },
  );
  await (await not.pick("sms")).start();
});

Deno.test("a push is polled, and its number shown when Okta sends it, 0 too", async () => {
  const url = `POST ${FACTORS}/push/verify?p=1`;
  const { pick } = open([
    [url, jsonAnswer(200, pushAnswer("WAITING"))],
    [url, networkFailure("reset")],
    [url, jsonAnswer(200, pushAnswer("WAITING", 0))],
    [url, jsonAnswer(200, { status: "SUCCESS", sessionToken: "20111" })],
  ]);
  const session = await pick("push");
  const waiting = { kind: "waiting", number: undefined, pollMilliseconds: undefined };
  assert.deepEqual(await session.start(), waiting);
  assert.deepEqual(await session.poll(), { ...waiting, number: "0" });
  assert.equal((await session.poll()).kind, "next");
});

for (
  const [word, reason, code] of [
    ["REJECTED", "rejected", "push_rejected"],
    ["TIMEOUT", "timeout", "push_timeout"],
    ["CANCELLED", "ended", "CANCELLED"],
    ["TIME_WINDOW_EXCEEDED", "ended", "TIME_WINDOW_EXCEEDED"],
    ["SOMETHING_NEW", "ended", "SOMETHING_NEW"],
  ] as const
) {
  Deno.test(`a push that ends with ${word} is over`, async () => {
    const { pick } = open([
      [`POST ${FACTORS}/push/verify?p=1`, jsonAnswer(200, pushAnswer(word))],
    ]);
    const result = await (await pick("push")).start();
    assert.equal(result.kind === "refused" && result.reason, reason);
    assert.equal(result.kind === "refused" && result.error.code, code);
  });
}

for (
  const [status, code, reason] of [
    [403, "E0000068", "wrong"],
    [403, "E0000082", "used"],
    [403, "E0000083", "used"],
    [429, "E0000109", "too_soon"],
    [429, "E0000133", "too_soon"],
    [429, "E0000118", "too_soon"],
    [409, "E0000113", "new_pin"],
  ] as const
) {
  Deno.test(`${code} is a refusal after which the transaction goes on: ${reason}`, async () => {
    const errorSummary = "Okta's own words";
    const { pick } = open([
      [`POST ${FACTORS}/sms/verify?p=1`, jsonAnswer(status, { errorCode: code, errorSummary })],
    ]);
    const result = await (await pick("sms")).start();
    assert.equal(result.kind === "refused" && result.reason, reason);
    assert.equal(result.kind === "refused" && result.says, errorSummary);
  });
}

Deno.test("a locked account, or an ended transaction, is an error", async () => {
  for (const errorCode of ["E0000069", "E0000011"]) {
    const { pick } = open([
      [`POST ${FACTORS}/sms/verify?p=1`, jsonAnswer(403, { errorCode, errorSummary: "" })],
    ]);
    const session = await pick("sms");
    await assert.rejects(session.start(), { code: errorCode });
  }
});

Deno.test("choose() goes back before it turns from a pending push to another factor", async () => {
  const { pick, http } = open([
    [`POST ${FACTORS}/push/verify?p=1`, jsonAnswer(200, pushAnswer("WAITING"))],
    [`POST ${ORG}/api/v1/authn/previous`, jsonAnswer(200, REQUIRED)],
    [`POST ${FACTORS}/token:software:totp/verify?p=1`, jsonAnswer(200, { status: "SUCCESS" })],
  ]);
  await (await pick("push")).start();
  const session = await pick("token:software:totp");
  await session.answer({ kind: "code", passCode: new Secret("123456") });
  http.finished();
});

Deno.test("each kind of answer has only the members that Okta accepts", async () => {
  const url = `POST ${FACTORS}/sms/verify?p=1`;
  const answers = [
    [{ kind: "question", answer: new Secret("tofu") }, { answer: "tofu" }],
    [{ kind: "password", password: new Secret("pw") }, { password: "pw" }],
    [{ kind: "u2f", clientData: "c", signatureData: "s" }, { clientData: "c", signatureData: "s" }],
  ] as const;
  for (const [answer, members] of answers) {
    const { pick, bodies } = open([[url, jsonAnswer(200, { status: "SUCCESS" })]]);
    await (await pick("sms")).answer(answer);
    assert.deepEqual(bodies(), [{ stateToken: "00state", ...members }]);
  }
});

function key(id: string) {
  const href = `${FACTORS}/${id}/verify`;
  return {
    id,
    factorType: "webauthn",
    provider: "FIDO",
    profile: { credentialId: `cred-${id}` },
    _links: { verify: { href } },
  };
}

Deno.test("several security keys are one entry, answered at the link of the type", async () => {
  const link = `${FACTORS}/webauthn/verify`;
  const challenged = {
    status: "MFA_CHALLENGE",
    stateToken: "00state",
    challengeType: "FACTOR_TYPE",
    _embedded: { challenge: { challenge: "abc" }, factors: [key("fwf1"), key("fwf2")] },
    _links: { next: { name: "verify", href: link } },
  };
  const { authenticators, pick, http } = open([
    [`POST ${link}`, jsonAnswer(200, challenged)],
  ], {
    transaction: {
      ...REQUIRED,
      _embedded: {
        factors: [offered("push"), key("fwf1"), key("fwf2")],
        factorTypes: [{ factorType: "webauthn", _links: { next: { name: "verify", href: link } } }],
      },
    } as unknown as typeof REQUIRED,
  });
  assert.deepEqual(authenticators.map(({ factorType }) => factorType), ["push", "webauthn"]);
  const started = await (await pick("webauthn")).start();
  assert.ok(started.kind === "asks" && started.demand.kind === "webauthn");
  assert.deepEqual(started.demand.credentialIds, ["cred-fwf1", "cred-fwf2"]);
  http.finished();
});

Deno.test("a first MFA_CHALLENGE is served by its next link and not sent again", async () => {
  const { authenticators, pick, bodies, http } = open([
    [`POST ${FACTORS}/sms/verify`, jsonAnswer(200, { status: "SUCCESS" })],
  ], { transaction: challenge("sms") as unknown as typeof REQUIRED });
  assert.deepEqual(authenticators.map(({ kind }) => kind), ["sent_code"]);
  const session = await pick("sms");
  assert.deepEqual(await session.start(), { kind: "asks", demand: { kind: "code" } });
  await session.answer({ kind: "code", passCode: new Secret("123456") });
  assert.deepEqual(bodies(), [{ stateToken: "00state", passCode: "123456" }]);
  http.finished();
});

Deno.test("a wrong password as a factor points to the stored password", async () => {
  const { pick } = open([
    [
      `POST ${FACTORS}/password/verify?p=1`,
      jsonAnswer(403, { errorCode: "E0000068", errorSummary: "Password is incorrect" }),
    ],
  ], {
    transaction: { ...REQUIRED, _embedded: { factors: [offered("password")] } },
  });
  const session = await pick("password");
  const result = await session.answer({ kind: "password", password: new Secret("no") });
  assert.ok(result.kind === "refused");
  assert.match(result.error.hint!, /secrets set password/);
  assert.doesNotMatch(result.error.hint!, /clock/);
});
