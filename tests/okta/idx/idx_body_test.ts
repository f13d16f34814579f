import assert from "node:assert/strict";
import { SignInError } from "../../../src/errors.ts";
import { answerField, idxBody } from "../../../src/okta/idx/idx_body.ts";
import { remediation } from "../../../src/okta/idx/idx_transaction.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";
import { Secret } from "../../../src/secret.ts";
import { recordedTest } from "./recorded_idx.ts";

function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revealed(one)]));
}

function form(body: string, name: string) {
  return remediation(parseIdxTransaction(body)!, name)!;
}

recordedTest("a form is answered with its own stateHandle, not the transaction's", [
  "authenticator-verification-number-challenge",
], (body) => {
  const own = "022P5Fd8jBy3b77XEdFCqnjz__5wQxksRfrAS4z6wP";
  assert.deepEqual(revealed(idxBody(form(body, "challenge-poll"), {})), { stateHandle: own });
  assert.notEqual(parseIdxTransaction(body)!.stateHandle!.reveal(), own);
});

recordedTest("preset values of a form are sent unchanged", [
  "authenticator-verification-okta-verify-push-autoChallenge-on",
  "authenticator-verification-okta-verify-reject-push",
  "authenticator-verification-data-okta-verify-push-autoChallenge-off",
], (polled, rejected, data) => {
  assert.deepEqual(revealed(idxBody(form(polled, "challenge-poll"), {})), {
    stateHandle: "02PVkP3FJyDnqUKkkxIZhxbsx7a2S-hC1JxIE6AXzp",
    autoChallenge: true,
  });
  assert.deepEqual(revealed(idxBody(form(rejected, "resend"), {})), {
    authenticator: { id: "auteq0lLiL9o1cYoN0g4", methodType: "push" },
    stateHandle: "022P5Fd8jBy3b77XEdFCqnjz__5wQxksRfrAS4z6wP",
  });
  const body = idxBody(form(data, "authenticator-verification-data"), {
    authenticator: { methodType: "push" },
  });
  assert.deepEqual(revealed(body), {
    authenticator: { id: "aut1ejvmCE1iWalJR0g4", methodType: "push", autoChallenge: false },
    stateHandle: "02f9EONFMnQZtAQHl7Gf4Ye-R4mXc8cOhBUSMc7ubQ",
  });
});

recordedTest("credentials go into their object; optional fields may be omitted", [
  "identify-with-password-with-hcaptcha",
], (body) => {
  const identify = form(body, "identify");
  const answers = { identifier: "jane", credentials: { passcode: new Secret("pw") } };
  const { stateHandle: _, ...rest } = revealed(idxBody(identify, answers)) as Record<
    string,
    unknown
  >;
  // The captcha's object is omitted: a part of it is useless.
  assert.deepEqual(rest, { identifier: "jane", credentials: { passcode: "pw" } });
  assert.throws(() => idxBody(identify, { identifier: "jane" }), SignInError);
});

recordedTest("the field of a code is found under any name", [
  "authenticator-verification-okta-verify-totp",
  "authenticator-verification-google-authenticator",
  "authenticator-verification-phone-sms",
  "authenticator-verification-webauthn",
], (...bodies) => {
  assert.deepEqual(
    bodies.map((body) => answerField(form(body, "challenge-authenticator"))),
    ["totp", "passcode", "passcode", undefined],
  );
});
