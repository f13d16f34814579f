import assert from "node:assert/strict";
import type { AuthnTransaction } from "../../../src/okta/classic/authn_transaction.ts";
import { parseAuthnTransaction } from "../../../src/okta/classic/parse_authn_transaction.ts";

const VERIFY = "https://acme.okta.com/api/v1/authn/factors/uft1/verify?p=1";

function parse(body: unknown): AuthnTransaction {
  const transaction = parseAuthnTransaction(JSON.stringify(body));
  assert.ok(transaction !== undefined);
  return transaction;
}

const TOTP = {
  id: "uft1",
  factorType: "token:software:totp",
  provider: "GOOGLE",
  vendorName: "GOOGLE",
  profile: { credentialId: "jane@acme.example" },
  _links: { verify: { href: VERIFY, hints: { allow: ["POST"] } } },
};

Deno.test("parseAuthnTransaction() reads factors under factors, or under factor as an array", () => {
  for (const name of ["factors", "factor"]) {
    const { factors, factor, ...rest } = parse({
      status: "MFA_REQUIRED",
      stateToken: "00state",
      expiresAt: "2024-01-01T00:05:00.000Z",
      relayState: "",
      _embedded: { user: { id: "00u" }, [name]: [TOTP] },
      _links: { cancel: { href: "https://acme.okta.com/api/v1/authn/cancel" } },
    });
    assert.deepEqual(factors, [{
      id: "uft1",
      factorType: "token:software:totp",
      provider: "GOOGLE",
      vendorName: "GOOGLE",
      profile: { credentialId: "jane@acme.example" },
      verify: VERIFY,
      enroll: undefined,
      embedded: {},
      status: undefined,
    }]);
    assert.equal(factor, undefined);
    assert.equal(rest.status, "MFA_REQUIRED");
    assert.equal(rest.stateToken?.reveal(), "00state");
    assert.equal(rest.expiresAt, Date.parse("2024-01-01T00:05:00Z"));
    assert.equal(rest.cancel?.href, "https://acme.okta.com/api/v1/authn/cancel");
    assert.equal(rest.next, undefined);
  }
});

Deno.test("parseAuthnTransaction() reads the one factor of a challenge", () => {
  const poll = { name: "poll", href: VERIFY };
  const { factor, factors, factorResult, next } = parse({
    status: "MFA_CHALLENGE",
    factorResult: "WAITING",
    _embedded: { factor: TOTP },
    _links: { next: poll },
  });
  assert.equal(factor?.id, "uft1");
  assert.deepEqual(factors, []);
  assert.equal(factorResult, "WAITING");
  assert.deepEqual(next, poll);
});

Deno.test("parseAuthnTransaction() reads the factors of a challenge by type", () => {
  const { factors } = parse({
    status: "MFA_CHALLENGE",
    challengeType: "FACTOR_TYPE",
    _embedded: {
      challenge: { challenge: "abc" },
      factors: [{ id: "fwf1", factorType: "webauthn", provider: "FIDO" }],
    },
  });
  assert.deepEqual(factors.map(({ id }) => id), ["fwf1"]);
});

Deno.test("parseAuthnTransaction() accepts factor types and providers in any case, unknown ones too", () => {
  const factors = [
    { id: "1", factorType: "PUSH", provider: "okta" },
    { id: "2", factorType: "telepathy", provider: "ACME", profile: null },
    { id: "3", factorType: "sms", profile: { phoneNumber: "+1 XXX", n: 1, x: null } },
    { id: "4" },
    null,
  ];
  const parsed = parse({ status: "MFA_REQUIRED", _embedded: { factors } }).factors;
  assert.deepEqual(parsed.map(({ id, factorType, provider }) => [id, factorType, provider]), [
    ["1", "push", "OKTA"],
    ["2", "telepathy", "ACME"],
    ["3", "sms", ""],
  ]);
  assert.deepEqual(parsed.map(({ profile }) => profile), [{}, {}, { phoneNumber: "+1 XXX" }]);
});

Deno.test("parseAuthnTransaction() takes resend as an array or as one object", () => {
  const resend = { name: "sms", href: "https://acme.okta.com/resend" };
  const read = (value: unknown) => parse({ status: "MFA_CHALLENGE", _links: { resend: value } });
  assert.deepEqual(read([resend]).resend, [resend]);
  assert.deepEqual(read(resend).resend, [resend]);
  assert.deepEqual(read([{ name: "odd" }, resend]).resend, [resend]);
  for (const none of [undefined, null, [], "x", {}]) assert.deepEqual(read(none).resend, []);
});

Deno.test("parseAuthnTransaction() knows every shape of SUCCESS", () => {
  const next = {
    name: "original",
    href: "https://acme.okta.com/login/step-up/redirect?stateToken=00s",
  };
  const shapes: [body: object, sessionToken: string | undefined, href: string | undefined][] = [
    [{ sessionToken: "201" }, "201", undefined],
    [{ stateToken: "00s", _links: { next } }, undefined, next.href],
    [{ stateToken: "00s", sessionToken: "201", _links: { next } }, "201", next.href],
    [{ stateToken: "00s", _links: { original: next } }, undefined, next.href],
    [{ stateToken: "00s", _links: { next: { href: next.href } } }, undefined, next.href],
  ];
  for (const [body, sessionToken, href] of shapes) {
    const transaction = parse({ status: "SUCCESS", ...body });
    assert.ok(transaction.status === "SUCCESS");
    assert.equal(transaction.sessionToken?.reveal(), sessionToken);
    assert.equal(transaction.next?.href, href);
  }
});

Deno.test("parseAuthnTransaction() knows the old names of states", () => {
  for (const move of ["ENROLL", "ENROLL_ACTIVATE", "REQUIRED", "CHALLENGE"]) {
    assert.equal(parse({ status: `FACTOR_${move}` }).status, `MFA_${move}`);
  }
});

Deno.test("parseAuthnTransaction() keeps the name of an unknown state", () => {
  for (
    const status of ["CONSENT_REQUIRED", "constructor", "__proto__", "", "mfa_required"]
  ) {
    const transaction = parse({ status });
    assert.ok(transaction.status === "UNRECOGNIZED");
    assert.equal(transaction.original, status);
  }
});

Deno.test("parseAuthnTransaction() reads when the password expires, today too", () => {
  const read = (policy: unknown) => parse({ status: "PASSWORD_WARN", _embedded: { policy } });
  assert.equal(read({ expiration: { passwordExpireDays: 0 } }).passwordExpireDays, 0);
  assert.equal(read({ expiration: { passwordExpireDays: 5 } }).passwordExpireDays, 5);
  for (const policy of [null, undefined, {}, { expiration: null }, { factorsPolicyInfo: null }]) {
    assert.equal(read(policy).passwordExpireDays, undefined);
  }
});

Deno.test("parseAuthnTransaction() reads a state without its parts", () => {
  const bare = parse({ status: "LOCKED_OUT", _embedded: {}, _links: null, stateToken: null });
  assert.deepEqual(bare, {
    status: "LOCKED_OUT",
    stateToken: undefined,
    expiresAt: undefined,
    factorResult: undefined,
    factors: [],
    typeLinks: new Map(),
    factor: undefined,
    challenge: undefined,
    passwordExpireDays: undefined,
    pollMilliseconds: undefined,
    complexity: undefined,
    allowRememberDevice: undefined,
    correctAnswer: undefined,
    prev: undefined,
    next: undefined,
    cancel: undefined,
    skip: undefined,
    resend: [],
  });
  const wrong = parse({
    status: "MFA_REQUIRED",
    stateToken: 7,
    factorResult: {},
    expiresAt: "whenever",
    _embedded: "x",
    _links: { next: "x", cancel: { href: 1 }, skip: [] },
  });
  assert.deepEqual({ ...wrong, status: "LOCKED_OUT" }, bare);
});

Deno.test("parseAuthnTransaction() returns undefined for anything else", () => {
  const bodies = [
    "",
    "<html>",
    "null",
    "3",
    '"x"',
    "[]",
    "{}",
    '{"status":null}',
    '{"status":1}',
    '{"errorCode":"E0000004","errorCauses":null}',
  ];
  for (const body of bodies) assert.equal(parseAuthnTransaction(body), undefined, body);
});

Deno.test("parseAuthnTransaction() wraps the tokens", () => {
  const shown = Deno.inspect(
    parse({ status: "SUCCESS", stateToken: "00sec", sessionToken: "201sec" }),
  );
  assert.ok(!/00sec|201sec/.test(shown), shown);
});

Deno.test("parseAuthnTransaction() reads the number of a push, 0 and text included", () => {
  const number = (challenge: unknown) =>
    parseAuthnTransaction(JSON.stringify({
      status: "MFA_CHALLENGE",
      factorResult: "WAITING",
      _embedded: { factor: { factorType: "push", _embedded: { challenge } } },
    }))!.correctAnswer;
  assert.equal(number({ correctAnswer: 0 }), "0");
  assert.equal(number({ correctAnswer: 46 }), "46");
  assert.equal(number({ correctAnswer: "07" }), "07");
  assert.equal(number({ correctAnswer: null }), undefined);
  assert.equal(number({}), undefined);
  assert.equal(number(null), undefined);
});

Deno.test("parseAuthnTransaction() reads the policy for a new password, and for devices", () => {
  const policy = {
    allowRememberDevice: false,
    complexity: { minLength: 8, minSymbol: -1, excludeUsername: true, minNumber: "1" },
    age: { historyCount: 4 },
  };
  const read = parseAuthnTransaction(
    JSON.stringify({ status: "PASSWORD_EXPIRED", _embedded: { policy } }),
  )!;
  assert.equal(read.allowRememberDevice, false);
  assert.deepEqual(read.complexity, {
    minLength: 8,
    minLowerCase: undefined,
    minUpperCase: undefined,
    minNumber: undefined,
    minSymbol: -1,
    excludeUsername: true,
    historyCount: 4,
  });
});
