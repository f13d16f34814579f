import assert from "node:assert/strict";
import { errorMessage, remediation } from "../../../src/okta/idx/idx_transaction.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";
import { recordedTest } from "./recorded_idx.ts";

recordedTest("a transaction of a push with its number", [
  "authenticator-verification-number-challenge",
], (body) => {
  const transaction = parseIdxTransaction(body)!;
  const { current, remediations, cancel, expiresAt, stateHandle } = transaction;
  assert.deepEqual(remediations.map(({ name }) => name), [
    "challenge-poll",
    "select-authenticator-authenticate",
  ]);
  assert.equal(remediation(transaction, "challenge-poll")!.refresh, 4000);
  assert.equal(current!.key, "okta_verify");
  assert.equal(current!.contextualData.correctAnswer, "10");
  assert.equal(current!.resend!.href, "http://localhost:3000/idp/idx/challenge/resend");
  assert.equal(cancel!.name, "cancel");
  assert.equal(expiresAt, Date.UTC(2020, 0, 13, 21, 14, 37));
  assert.doesNotMatch(JSON.stringify(transaction), new RegExp(stateHandle!.reveal()));
});

recordedTest("an option's authenticator is found by either form of relatesTo", [
  "authenticator-verification-select-authenticator",
], (body) => {
  const select = remediation(
    parseIdxTransaction(body)!,
    "select-authenticator-authenticate",
  )!;
  const { options } = select.fields.find(({ name }) => name === "authenticator")!;
  const phone = options[4]!;
  assert.equal(phone.relatesTo!.profile.phoneNumber, "+1 XXX-XXX-5309");
  assert.deepEqual(phone.fields.map(({ name }) => name), ["id", "methodType", "enrollmentId"]);
  assert.deepEqual(phone.fields[1]!.options.map(({ value }) => value), ["sms", "voice"]);
});

recordedTest("an option's form is in its value or in the option", [
  "authenticator-verification-okta-verify-signed-nonce-loopback-second-challenge",
], (body) => {
  const select = remediation(parseIdxTransaction(body)!, "select-authenticator-authenticate")!;
  const { options } = select.fields.find(({ name }) => name === "authenticator")!;
  assert.deepEqual(options[1]!.fields.map(({ value }) => value), [
    "auttmbseAWnMPtLe20g3",
    "password",
  ]);
});

recordedTest("messages at fields are read like those at the top", [
  "error-authenticator-verification-on-google-otp-invalid-passcode",
  "authenticator-verification-okta-verify-reject-push",
], (atField, atTop) => {
  assert.equal(
    errorMessage(parseIdxTransaction(atField)!)!.key,
    "authfactor.challenge.soft_token.invalid_passcode",
  );
  assert.equal(
    errorMessage(parseIdxTransaction(atTop)!)!.key,
    "api.authn.poll.error.push_rejected",
  );
});

recordedTest("a success is found at the top and among the remediations", [
  "success-redirect-remediation",
], (body) => {
  assert.match(parseIdxTransaction(body)!.success!, /\/app\/UserHome/);
  const atTop = { version: "1.0.0", success: { name: "success-redirect", href: "https://x/y" } };
  const document = { ...atTop, stateHandle: "02" };
  assert.equal(parseIdxTransaction(JSON.stringify(document))!.success, "https://x/y");
});

recordedTest("an expiring password, and what a new one has to be like", [
  "authenticator-expiry-warning-password-with-ad-req",
], (body) => {
  const { current, messages } = parseIdxTransaction(body)!;
  assert.equal(current!.daysToExpiry, 4);
  assert.deepEqual(current!.complexity, {
    minLength: 8,
    minLowerCase: 1,
    minUpperCase: 1,
    minNumber: 1,
    minSymbol: 1,
    excludeUsername: true,
    historyCount: 4,
  });
  assert.equal(messages[0]!.level, "INFO");
});

recordedTest("device probing can be cancelled", [
  "identify-with-device-probing-loopback-2",
  "authenticator-verification-okta-verify-signed-nonce-custom-uri",
], (first, second) => {
  for (const body of [first, second]) {
    assert.match(
      parseIdxTransaction(body)!.cancelProbing!.href,
      /\/authenticators\/poll\/cancel$/,
    );
  }
});

Deno.test("parseIdxTransaction() returns undefined for a body that is not a transaction", () => {
  for (const body of ["", "<html>", "null", "[]", "7", '{"errorCode":"E0000011"}', '{"a":{}}']) {
    assert.equal(parseIdxTransaction(body), undefined, body);
  }
});

Deno.test("members of undocumented types are ignored", () => {
  const strange = {
    stateHandle: 7,
    expiresAt: null,
    remediation: { value: [null, 1, { name: "x" }, { name: "poll", href: "/p", value: "?" }] },
    messages: { value: [null, { i18n: null, class: 3, message: [] }] },
    currentAuthenticator: { value: { methods: [{}, null, { type: "push" }], profile: [] } },
    authenticatorEnrollments: { value: {} },
    cancel: [],
  };
  const { remediations, current, messages, enrollments } = parseIdxTransaction(
    JSON.stringify(strange),
  )!;
  assert.deepEqual(remediations.map(({ name, fields }) => [name, fields]), [["poll", []]]);
  assert.deepEqual(current!.methods, ["push"]);
  assert.deepEqual(messages, [{ key: "", text: "", level: "", links: [] }]);
  assert.deepEqual(enrollments, []);
});
