// deno-lint-ignore-file no-control-regex -- what a terminal must not be sent
import assert from "node:assert/strict";
import type { Factor } from "../../../src/okta/classic/authn_transaction.ts";
import { authenticatorOf } from "../../../src/okta/classic/authn_factors.ts";
import { computable, preferred } from "../../../src/okta/factors/factor_preference.ts";

function factor(factorType: string, provider: string, more: Partial<Factor> = {}): Factor {
  return {
    id: `${factorType}-${provider}`,
    factorType,
    provider,
    vendorName: provider,
    profile: {},
    verify: "https://acme.okta.com/verify",
    enroll: undefined,
    embedded: {},
    status: undefined,
    ...more,
  };
}

const OKTA = authenticatorOf(factor("token:software:totp", "OKTA"));
const GOOGLE = authenticatorOf(factor("token:software:totp", "GOOGLE"));
const PUSH = authenticatorOf(factor("push", "OKTA"));

Deno.test("computable() prefers Google's, whose secret can have been stored", () => {
  assert.equal(computable([PUSH, OKTA, GOOGLE]), GOOGLE);
  assert.equal(computable([PUSH, OKTA]), OKTA);
  assert.equal(computable([PUSH]), undefined);
});

Deno.test("preferred() leaves what the person asked for, in any case and in Okta's order", () => {
  const all = [PUSH, OKTA, GOOGLE];
  const ask = (factorType?: string, provider?: string) => preferred(all, { factorType, provider });
  assert.deepEqual(ask(), all);
  assert.deepEqual(ask(undefined, "okta"), [PUSH, OKTA]);
  assert.deepEqual(ask("TOKEN:Software:TOTP", "Okta"), [OKTA]);
  assert.deepEqual(ask("token:software:totp"), [OKTA, GOOGLE]);
  assert.deepEqual(ask("PUSH"), [PUSH]);
  assert.deepEqual(ask(undefined, "DUO"), []);
});

Deno.test("authenticatorOf() says how each factor is answered, unknown ones by a browser", () => {
  const cases: [string, string, string][] = [
    ["token:software:totp", "GOOGLE", "totp"],
    ["token:hotp", "CUSTOM", "typed_code"],
    ["token", "RSA", "typed_code"],
    ["token:hardware", "YUBICO", "typed_code"],
    ["sms", "OKTA", "sent_code"],
    ["call", "OKTA", "sent_code"],
    ["email", "OKTA", "sent_code"],
    ["question", "OKTA", "question"],
    ["password", "OKTA", "password"],
    ["push", "OKTA", "push"],
    ["web", "DUO", "duo"],
    ["web", "OTHER", "browser"],
    ["webauthn", "FIDO", "security_key"],
    ["u2f", "FIDO", "security_key"],
    ["claims_provider", "CUSTOM", "browser"],
    ["constructor", "OKTA", "browser"],
  ];
  for (const [factorType, provider, kind] of cases) {
    assert.equal(authenticatorOf(factor(factorType, provider)).kind, kind, factorType);
  }
  assert.equal(authenticatorOf(factor("push", "OKTA", { verify: undefined })).kind, "browser");
});

Deno.test("authenticatorOf() gives the names that people know", () => {
  const cases: [Factor, string][] = [
    [factor("token:software:totp", "GOOGLE"), "code of Google Authenticator"],
    [factor("token:software:totp", "OKTA"), "code of Okta Verify"],
    [factor("push", "OKTA"), "push to Okta Verify"],
    [
      factor("push", "OKTA", { profile: { name: "Jane's phone" } }),
      "push to Okta Verify: Jane's phone",
    ],
    [
      factor("sms", "OKTA", { profile: { phoneNumber: "+1 XXX-XXX-1337" } }),
      "SMS to +1 XXX-XXX-1337",
    ],
    [factor("token", "RSA"), "code of an RSA SecurID token"],
  ];
  for (const [given, name] of cases) assert.equal(authenticatorOf(given).name, name);
  const hostile = factor("sms", "OKTA", { profile: { phoneNumber: "\x1b[2J\n1" } });
  assert.doesNotMatch(authenticatorOf(hostile).name, /[\x00-\x1f]/);
});
