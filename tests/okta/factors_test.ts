import assert from "node:assert/strict";
import type { Factor } from "../../src/okta/authn_transaction.ts";
import { chooseTotpFactor, factorName, isTotp } from "../../src/okta/factors.ts";

function factor(factorType: string, provider: string, more: Partial<Factor> = {}): Factor {
  return {
    id: `${factorType}-${provider}`,
    factorType,
    provider,
    vendorName: provider,
    profile: {},
    verify: "https://acme.okta.com/verify",
    enroll: undefined,
    ...more,
  };
}

const OKTA = factor("token:software:totp", "OKTA");
const GOOGLE = factor("token:software:totp", "GOOGLE");
const PUSH = factor("push", "OKTA");
const ANY = { factorType: undefined, provider: undefined };

Deno.test("chooseTotpFactor() prefers Google's, whose secret can have been stored", () => {
  assert.equal(chooseTotpFactor([PUSH, OKTA, GOOGLE], ANY), GOOGLE);
  assert.equal(chooseTotpFactor([PUSH, OKTA], ANY), OKTA);
  assert.equal(chooseTotpFactor([PUSH], ANY), undefined);
  assert.equal(chooseTotpFactor([], ANY), undefined);
});

Deno.test("chooseTotpFactor() does what the person asked for, in any case", () => {
  const all = [PUSH, OKTA, GOOGLE];
  const ask = (factorType?: string, provider?: string) =>
    chooseTotpFactor(all, { factorType, provider });
  assert.equal(ask(undefined, "okta"), OKTA);
  assert.equal(ask("TOKEN:Software:TOTP", "Okta"), OKTA);
  assert.equal(ask("token:software:totp"), GOOGLE);
  assert.equal(ask("push"), undefined);
  assert.equal(ask(undefined, "DUO"), undefined);
});

Deno.test("chooseTotpFactor() passes over a factor that can't be answered", () => {
  const dead = { ...GOOGLE, verify: undefined };
  assert.equal(isTotp(dead), false);
  assert.equal(chooseTotpFactor([dead, OKTA], ANY), OKTA);
});

Deno.test("factorName() says what people call a factor", () => {
  const cases: [Factor, string][] = [
    [GOOGLE, "code of Google Authenticator"],
    [OKTA, "code of Okta Verify"],
    [PUSH, "push to Okta Verify"],
    [
      factor("sms", "OKTA", { profile: { phoneNumber: "+1 XXX-XXX-1337" } }),
      "SMS to +1 XXX-XXX-1337",
    ],
    [
      factor("email", "OKTA", { profile: { email: "j...e@a.example" } }),
      "e-mail to j...e@a.example",
    ],
    [factor("question", "OKTA"), "security question"],
    [factor("telepathy", "ACME"), "telepathy"],
  ];
  for (const [one, name] of cases) assert.equal(factorName(one), name);
});

Deno.test("factorName() is harmless for any factor", () => {
  const hostile = factor("x\x1b[31m", "Y", { profile: { phoneNumber: "+1\n\u202e" } });
  assert.equal(factorName(hostile), "x\\x1b[31m to +1\\n\\u{202e}");
  assert.equal(factorName(factor("constructor", "X")), "constructor");
});
