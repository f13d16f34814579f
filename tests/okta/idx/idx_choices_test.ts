import assert from "node:assert/strict";
import { idxChoices, isChosen } from "../../../src/okta/idx/idx_choices.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";
import { recordedTest } from "./recorded_idx.ts";

function choicesOf(body: string) {
  return idxChoices(parseIdxTransaction(body)!);
}

recordedTest("every authenticator has the names of the authn API, and its own name", [
  "authenticator-verification-select-authenticator",
], (body) => {
  const choices = choicesOf(body);
  const words = choices.map(({ authenticator: { factorType, provider } }) =>
    `${factorType} ${provider}`
  );
  assert.deepEqual(words, [
    "password OKTA",
    "webauthn FIDO",
    "webauthn FIDO",
    "email OKTA",
    "sms OKTA",
    "call OKTA",
    "sms OKTA",
    "call OKTA",
    "question OKTA",
    "signed_nonce OKTA",
    "token:software:totp GOOGLE",
    "token DEL_OATH",
    "token RSA",
    "web DUO",
    "claims_provider CUSTOM",
    "token:hotp CUSTOM",
    "token SYMANTEC",
    "token:hardware YUBICO",
    "push CUSTOM",
    "tac OKTA",
  ]);
  const names = choices.map(({ authenticator: { name } }) => name);
  assert.equal(names[4], "SMS to +1 XXX-XXX-5309");
  assert.equal(names[7], "voice call to +1 XXX-XXX-5310");
  assert.match(names[11]!, /^Atko Custom On-prem/);
  assert.match(names[18]!, /^Custom Push App .*: Todd’s iPhone$/);
});

recordedTest("kinds that a terminal can't serve are not offered", [
  "authenticator-verification-select-authenticator",
], (body) => {
  const browser = choicesOf(body).filter(({ authenticator: { kind } }) => kind === "browser");
  assert.deepEqual(browser.map(({ key }) => key), ["okta_verify", "external_idp"]);
});

recordedTest("a choice is sent with the values of its option", [
  "authenticator-verification-select-authenticator",
], (body) => {
  const choices = choicesOf(body);
  assert.deepEqual(choices[5]!.select, {
    id: "aut5v31Tb789KuCGY0g4",
    methodType: "voice",
    enrollmentId: "pae5ykx4eIvfslkO90g4",
  });
  assert.deepEqual(choices[10]!.select, { id: "aut11ceMaP0B0EzMI0g4" });
});

recordedTest("only what Okta has started counts as chosen", [
  "authenticator-verification-number-challenge",
  "authenticator-verification-okta-verify-totp",
  "authenticator-verification-data-phone-sms-then-voice",
], (push, totp, data) => {
  const chosen = (body: string) => {
    const transaction = parseIdxTransaction(body)!;
    return idxChoices(transaction).filter((one) => isChosen(transaction, one))
      .map(({ method }) => method);
  };
  assert.deepEqual(chosen(push), ["push"]);
  assert.ok(chosen(totp).every((method) => method === "totp") && chosen(totp).length > 0);
  // It asks which method before it sends anything.
  assert.deepEqual(chosen(data), []);
});

recordedTest("Okta's choice is offered when there is no list", [
  "error-authenticator-verification-password-too-many-attempts",
], (body) => {
  const [only, ...others] = choicesOf(body);
  assert.equal(only!.authenticator.kind, "password");
  assert.deepEqual(others, []);
});
