import assert from "node:assert/strict";
import { idxMove } from "../../../src/okta/idx/idx_move.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";
import { recordedTest } from "./recorded_idx.ts";

function moveOf(body: string) {
  return idxMove(parseIdxTransaction(body)!);
}

/** What is done about recorded answers. */
const MOVES: Record<string, string[]> = {
  done: ["success-redirect-remediation"],
  identify: ["identify-with-remember-me", "identify-with-apple-sso-extension-fallback"],
  authenticate: [
    "authenticator-verification-select-authenticator",
    "authenticator-verification-number-challenge",
    "authenticator-verification-data-phone-sms-then-voice",
    "authenticator-verification-okta-verify-reject-push",
    "error-authenticator-duo-verification-timeout",
    "user-account-unlock-success-land-on-app",
  ],
  change_password: [
    "authenticator-expired-password-with-enrollment-authenticator",
    "authenticator-reset-password",
  ],
  warn_password: ["authenticator-expiry-warning-password-with-ad-req"],
  enroll: [
    "authenticator-enroll-select-authenticator",
    "authenticator-enroll-grace-period-with-skip",
    "authenticator-enroll-phone",
    "authenticator-reset-google",
  ],
  keep_signed_in: ["post-auth-keep-me-signed-in"],
  go_on: [
    "device-assurance-grace-period-multiple-options",
    "authenticator-enroll-passkey-promotion",
    "identify-with-device-probing-loopback-2",
    "identify-with-no-sso-extension",
  ],
  wait: ["safe-mode-polling"],
  refused: ["error-400-user-not-assigned", "error-user-is-not-assigned"],
  browser: [
    "smart-probing-required",
    "identify-with-apple-redirect-sso-extension-2",
    "identify-with-only-third-party-idps",
    "consent-admin",
    "enroll-profile-new",
    "device-code-activate-userCode",
  ],
};

for (const [kind, names] of Object.entries(MOVES)) {
  recordedTest(`what is next is ${kind}`, names, (...bodies) => {
    bodies.forEach((body, index) => assert.equal(moveOf(body).kind, kind, names[index]));
  });
}

recordedTest("forms for browsers are named", [
  "smart-probing-required",
  "consent-admin",
], (...bodies) => {
  assert.deepEqual(bodies.map(moveOf), [
    { kind: "browser", names: ["launch-authenticator"] },
    { kind: "browser", names: ["admin-consent"] },
  ]);
});

recordedTest("a form for Okta Verify is ignored when there is another", [
  "identify-with-apple-sso-extension-fallback",
], (body) => {
  const move = moveOf(body);
  assert.ok(move.kind === "identify" && !move.takesPassword);
});
