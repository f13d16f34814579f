import assert from "node:assert/strict";
import { SignInError } from "../../../src/errors.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { openIdxChallenge } from "../../../src/okta/idx/idx_challenge.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { type Exchange, jsonAnswer, scriptedHttp } from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";
const IDX = `${ORG}/idp/idx`;

// deno-lint-ignore no-explicit-any -- ION has many shapes
type Ion = any;

function handle(value: string): Ion {
  return { name: "stateHandle", required: true, value, mutable: false };
}

function form(name: string, path: string, fields: Ion[], more: Ion = {}): Ion {
  return { name, href: `${IDX}${path}`, method: "POST", value: fields, ...more };
}

const option = (label: string, id: string, methodType: Ion, position: number) => ({
  label,
  value: { form: { value: [{ name: "id", value: id }, { name: "methodType", ...methodType }] } },
  relatesTo: [`$.authenticatorEnrollments.value[${position}]`],
});

const METHODS = [{ label: "Push", value: "push" }, { label: "Code", value: "totp" }];

const MENU = form("select-authenticator-authenticate", "/challenge", [{
  name: "authenticator",
  options: [
    option("Okta Verify", "aut1", { options: METHODS }, 0),
    option("Phone", "aut2", { value: "sms" }, 1),
    option("Security Key", "aut3", { value: "webauthn" }, 2),
  ],
}, handle("02menu")]);

const ENROLLMENTS = [
  { key: "okta_verify", id: "pfd1", profile: { deviceName: "iPhone" } },
  { key: "phone_number", id: "pae1", profile: { phoneNumber: "+1 XXX-XXX-1337" } },
  { key: "webauthn", id: "fwf1", credentialId: "Y3JlZGVudGlhbA" },
];

function ion(remediations: Ion[], more: Ion = {}): Ion {
  return {
    stateHandle: "02top",
    remediation: { value: remediations },
    authenticatorEnrollments: { value: ENROLLMENTS },
    ...more,
  };
}

function current(key: string, more: Ion = {}): Ion {
  return { currentAuthenticator: { value: { key, id: "aut1", ...more } } };
}

const POLL = form("challenge-poll", "/challenge/poll", [handle("02poll")], { refresh: 4000 });
const ANSWER = form("challenge-authenticator", "/challenge/answer", [
  { name: "credentials", form: { value: [{ name: "passcode", required: true }] } },
  handle("02answer"),
]);
const DONE = { stateHandle: "02top", success: { name: "success-redirect", href: `${ORG}/done` } };

function says(key: string): Ion {
  return { messages: { value: [{ message: "No.", i18n: { key }, class: "ERROR" }] } };
}

function open(script: Exchange[], begun: Ion = ion([MENU])) {
  const http = scriptedHttp(script);
  const client = new OktaClient({ org: ORG, jar: new CookieJar(), http, clock: new FakeClock() });
  const transaction = parseIdxTransaction(JSON.stringify(begun))!;
  const challenge = openIdxChallenge({ client, transaction, origin: ORG });
  const of = (factorType: string) =>
    challenge.authenticators.find((one) => one.factorType === factorType)!;
  const bodies = () => http.sent.map(({ body }) => JSON.parse(body as string));
  return { challenge, of, http, bodies };
}

Deno.test("choosing a factor sends no message, starting it does", async () => {
  const { challenge, of, http, bodies } = open([
    [`POST ${IDX}/challenge`, jsonAnswer(200, ion([POLL, MENU], current("okta_verify")))],
  ]);
  const session = await challenge.choose(of("push"));
  assert.equal(http.sent.length, 0);
  const started = await session.start();
  assert.deepEqual(started, { kind: "waiting", number: undefined, pollMilliseconds: 4000 });
  assert.deepEqual(bodies(), [
    { authenticator: { id: "aut1", methodType: "push" }, stateHandle: "02menu" },
  ]);
});

Deno.test("a push's number is text, 0 included; a rejection is the same as on Classic", async () => {
  const number = (correctAnswer: Ion) =>
    ion([POLL, MENU], current("okta_verify", { contextualData: { correctAnswer } }));
  const again = form("resend", "/challenge", [handle("02again")]);
  const { challenge, of, bodies } = open([
    [`POST ${IDX}/challenge`, jsonAnswer(200, number("0"))],
    [`POST ${IDX}/challenge/poll`, jsonAnswer(200, number(46))],
    [
      `POST ${IDX}/challenge/poll`,
      jsonAnswer(
        400,
        ion([again, MENU], {
          ...current("okta_verify"),
          ...says("api.authn.poll.error.push_rejected"),
        }),
      ),
    ],
  ]);
  const session = await challenge.choose(of("push"));
  const numbers = [await session.start(), await session.poll()]
    .map((result) => result.kind === "waiting" && result.number);
  assert.deepEqual(numbers, ["0", "46"]);
  const refused = await session.poll();
  assert.ok(refused.kind === "refused" && refused.reason === "rejected");
  assert.equal(refused.error.code, "push_rejected");
  assert.ok(session.canResend);
  assert.deepEqual(bodies().at(-1), { stateHandle: "02poll" });
});

Deno.test("a challenge that Okta has started is not requested again", async () => {
  const begun = ion([POLL, MENU], current("okta_verify", { methods: [{ type: "push" }] }));
  const { challenge, of, http } = open([
    [`POST ${IDX}/challenge/poll`, jsonAnswer(200, DONE)],
  ], begun);
  const session = await challenge.choose(of("push"));
  assert.equal((await session.start()).kind, "waiting");
  assert.equal((await session.poll()).kind, "next");
  http.finished();
});

Deno.test("a code is sent by the form that asks before sending", async () => {
  const data = form("authenticator-verification-data", "/challenge", [
    {
      name: "authenticator",
      form: {
        value: [
          { name: "id", required: true, value: "aut2", mutable: false },
          { name: "methodType", required: true, options: [{ label: "SMS", value: "sms" }] },
        ],
      },
    },
    handle("02data"),
  ]);
  const { challenge, of, bodies } = open([
    [`POST ${IDX}/challenge`, jsonAnswer(200, ion([data, MENU], current("phone_number")))],
    [`POST ${IDX}/challenge`, jsonAnswer(200, ion([ANSWER, MENU], current("phone_number")))],
    [
      `POST ${IDX}/challenge/answer`,
      jsonAnswer(403, ion([ANSWER], { ...current("phone_number"), ...says("E0000068") })),
    ],
    [`POST ${IDX}/challenge/answer`, jsonAnswer(200, DONE)],
  ]);
  const session = await challenge.choose(of("sms"));
  assert.deepEqual(await session.start(), { kind: "asks", demand: { kind: "code" } });
  assert.deepEqual(bodies()[1], {
    authenticator: { id: "aut2", methodType: "sms" },
    stateHandle: "02data",
  });
  const passCode = new Secret("123456");
  const wrong = await session.answer({ kind: "code", passCode });
  assert.ok(wrong.kind === "refused" && wrong.reason === "wrong");
  assert.equal((await session.answer({ kind: "code", passCode })).kind, "next");
  assert.deepEqual(bodies()[3], { credentials: { passcode: "123456" }, stateHandle: "02answer" });
});

Deno.test("a recent SMS is reported, not waited for like a rate limit", async () => {
  const { challenge, of } = open([
    [`POST ${IDX}/challenge`, jsonAnswer(429, ion([MENU], says("errors.E0000109")))],
  ]);
  const refused = await (await challenge.choose(of("sms"))).start();
  assert.ok(refused.kind === "refused" && refused.reason === "too_soon");
});

Deno.test("a suspended authenticator ends the sign-in, even if its form remains", async () => {
  const locked = { ...current("phone_number"), ...says("authfactor.challenge.suspended_factor") };
  const { challenge, of } = open([
    [`POST ${IDX}/challenge`, jsonAnswer(200, ion([ANSWER], current("phone_number")))],
    [`POST ${IDX}/challenge/answer`, jsonAnswer(403, ion([ANSWER], locked))],
  ]);
  const session = await challenge.choose(of("sms"));
  await session.start();
  await assert.rejects(
    session.answer({ kind: "code", passCode: new Secret("1") }),
    (error: unknown) => error instanceof SignInError && /suspended/.test(error.code),
  );
});

Deno.test("a security key signs for the page's origin with the enrolled credentials", async () => {
  const challengeData = { challenge: "Y2hhbGxlbmdl", userVerification: "required" };
  const key = form("challenge-authenticator", "/challenge/answer", [
    {
      name: "credentials",
      form: {
        value: ["clientData", "authenticatorData", "signatureData"]
          .map((name) => ({ name, required: true, visible: false })),
      },
    },
    handle("02key"),
  ]);
  const { challenge, of, bodies } = open([
    [
      `POST ${IDX}/challenge`,
      jsonAnswer(200, ion([key], current("webauthn", { contextualData: { challengeData } }))),
    ],
    [`POST ${IDX}/challenge/answer`, jsonAnswer(200, DONE)],
  ]);
  const session = await challenge.choose(of("webauthn"));
  assert.deepEqual(await session.start(), {
    kind: "asks",
    demand: {
      kind: "webauthn",
      challenge: "Y2hhbGxlbmdl",
      credentialIds: ["Y3JlZGVudGlhbA"],
      appId: undefined,
      rpId: "acme.okta.com",
      origin: ORG,
      userVerification: "required",
    },
  });
  const signed = { clientData: "e30=", authenticatorData: "AA==", signatureData: "AQ==" };
  await session.answer({ kind: "webauthn", ...signed });
  assert.deepEqual(bodies()[1], { credentials: signed, stateHandle: "02key" });
});
