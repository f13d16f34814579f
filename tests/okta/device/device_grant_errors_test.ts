import assert from "node:assert/strict";
import { NetworkError, SignInError } from "../../../src/errors.ts";
import { deviceGrantError, wantsNewSignIn } from "../../../src/okta/device/device_grant_errors.ts";
import { answer, jsonAnswer } from "../../fakes/scripted_http.ts";

const TARGET = "The target audience app";

/** Okta's words, our code, and what the hint must name. */
const REFUSALS: [error: string, description: string, code: string, hint: RegExp][] = [
  [
    "invalid_grant",
    `${TARGET}'s assurance requirements are not met by the 'subject_token'.`,
    "assurance_not_met",
    /same policy/,
  ],
  [
    "invalid_grant",
    `${TARGET} must be configured to allow the client to request a 'web_sso_token'.`,
    "web_sso_not_allowed",
    /Allowed Web SSO Client/,
  ],
  [
    "invalid_grant",
    "'actor_token' must have the 'okta.apps.sso' scope.",
    "scope_missing",
    /okta\.apps\.sso/,
  ],
  ["invalid_target", "The 'audience' is invalid.", "invalid_target", /--sso-url/],
  ["invalid_client", "Invalid value for 'client_id'.", "invalid_client", /oidc_client_id/],
  ["unauthorized_client", "Not authorized.", "unauthorized_client", /Device Authorization/],
  ["invalid_scope", "Not configured.", "invalid_scope", /okta\.apps\.sso/],
  ["web_sso_token_replayed", "", "web_sso_token_replayed", /again/],
  ["access_denied", "The resource owner denied the request.", "access_denied", /again/],
  ["constructor", "Not one that anybody knows.", "constructor", /administrator/],
];

for (const [error, description, code, hint] of REFUSALS) {
  Deno.test(`${code}: reports what Okta said and who can fix it`, () => {
    const refusal = deviceGrantError(jsonAnswer(400, { error, error_description: description }));
    assert.ok(refusal instanceof SignInError);
    assert.equal(refusal.code, code);
    assert.match(refusal.hint!, hint);
    assert.ok(refusal.message.includes(description || error), refusal.message);
  });
}

Deno.test("words of others are made visible", () => {
  const refusal = deviceGrantError(
    jsonAnswer(400, { error: "x\x1b[2J", error_description: "\x07" }),
  );
  // deno-lint-ignore no-control-regex -- that none is left is what is tested
  assert.doesNotMatch(`${refusal.code}${refusal.message}`, /[\x00-\x1f]/);
});

Deno.test("what is no OAuth error is Okta's own or the network's", () => {
  assert.equal(deviceGrantError(jsonAnswer(401, { errorCode: "E0000011" })).code, "E0000011");
  assert.ok(deviceGrantError(answer(502, "<html>")) instanceof NetworkError);
});

Deno.test("a new sign-in may help against old tokens, not against how the org is set up", () => {
  const may = (code: string) => wantsNewSignIn(new SignInError("refused", { code }));
  assert.deepEqual(
    ["invalid_grant", "assurance_not_met", "web_sso_not_allowed", "scope_missing"].map(may),
    [true, true, false, false],
  );
  assert.equal(wantsNewSignIn(new Error("invalid_grant")), false);
});

Deno.test("a server that fails or asks to slow down refuses nobody", () => {
  for (
    const [status, error] of [[500, "server_error"], [503, "temporarily_unavailable"]] as const
  ) {
    const failure = deviceGrantError(jsonAnswer(status, { error, error_description: "x" }));
    assert.ok(failure instanceof NetworkError);
    assert.equal(failure.code, error);
  }
  assert.ok(deviceGrantError(jsonAnswer(429, { error: "too_many" })) instanceof NetworkError);
});
