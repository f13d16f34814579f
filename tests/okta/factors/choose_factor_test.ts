import assert from "node:assert/strict";
import { chooseFactor } from "../../../src/okta/factors/choose_factor.ts";
import type { Authenticator, AuthenticatorKind } from "../../../src/okta/factors/authenticator.ts";
import { fakeAccount, fakeInteraction } from "../../fakes/fake_account.ts";

function one(kind: AuthenticatorKind, factorType: string, provider = "OKTA"): Authenticator {
  const name = `${provider} ${factorType}`;
  return { kind, factorType, provider, name, id: undefined, question: undefined };
}

const PUSH = one("push", "push");
const TOTP = one("totp", "token:software:totp");
const GOOGLE = one("totp", "token:software:totp", "GOOGLE");
const SMS = one("sent_code", "sms");
const SAML = one("browser", "assertion:saml2", "GENERIC_SAML");

Deno.test("chooseFactor() takes the one that there is, without a question", async () => {
  assert.equal(await chooseFactor(fakeAccount().account, [SAML, SMS]), SMS);
});

Deno.test("chooseFactor() takes the stored secret's before asking, Google's first", async () => {
  const { account } = fakeAccount({ storesTotp: true });
  const chosen = await chooseFactor(account, [PUSH, TOTP, GOOGLE]);
  assert.equal(chosen, GOOGLE);
});

Deno.test("chooseFactor() puts what was asked for before the stored secret", async () => {
  const { account } = fakeAccount({ storesTotp: true, preference: { factorType: "PUSH" } });
  assert.equal(await chooseFactor(account, [GOOGLE, PUSH]), PUSH);
});

Deno.test("chooseFactor() asks in Okta's order, and remembers where that was wanted", async () => {
  const interaction = fakeInteraction({ choice: 1, toggles: true });
  const { account, remembered } = fakeAccount({ interaction });
  assert.equal(await chooseFactor(account, [SMS, SAML, PUSH]), PUSH);
  assert.deepEqual(interaction.menus, [[SMS.name, PUSH.name]]);
  assert.deepEqual(remembered, ["push"]);
});

Deno.test("chooseFactor() remembers only on request", async () => {
  const { account, remembered } = fakeAccount({ interaction: fakeInteraction({ choice: 0 }) });
  await chooseFactor(account, [SMS, PUSH]);
  assert.deepEqual(remembered, []);
});

Deno.test("chooseFactor() asks where what was asked for is not there, even for one", async () => {
  const interaction = fakeInteraction({ choice: 0 });
  const { account } = fakeAccount({ preference: { provider: "DUO" }, interaction });
  assert.equal(await chooseFactor(account, [SMS]), SMS);
  assert.equal(interaction.menus.length, 1);
});

Deno.test("chooseFactor() sends nothing else where nobody can be asked", async () => {
  const { account } = fakeAccount({ preference: { factorType: "sms" } });
  await assert.rejects(chooseFactor(account, [PUSH]), { code: "factor_not_offered" });
  const choosing = chooseFactor(fakeAccount().account, [PUSH, SMS]);
  await assert.rejects(choosing, { code: "choose_factor" });
});

Deno.test("chooseFactor() names what only a browser can serve", async () => {
  await assert.rejects(chooseFactor(fakeAccount().account, [SAML]), {
    code: "factor_not_supported",
    message: new RegExp(SAML.name),
  });
});
