import assert from "node:assert/strict";
import { AssertionError, NetworkError, SignInError } from "../../../src/errors.ts";
import { isOfOneApp, pageError } from "../../../src/okta/sign_in/page_errors.ts";
import { onlyBrowser } from "../../../src/okta/idx/idx_errors.ts";
import { idxRefusal } from "../../../src/okta/idx/idx_refusals.ts";
import type { IdxTransaction } from "../../../src/okta/idx/idx_transaction.ts";
import type { ClassifiedPage } from "../../../src/saml/html_page.ts";

const PAGES: ClassifiedPage[] = [
  { kind: "identity_center" },
  { kind: "not_assigned", message: "App Not Assigned" },
  { kind: "error_page", message: "404" },
  { kind: "sign_in_page" },
  { kind: "unknown" },
] as ClassifiedPage[];

Deno.test("whatever a page shows in place of the assertion is its app's alone", () => {
  for (const page of PAGES) assert.ok(isOfOneApp(pageError(page)), page.kind);
});

function refusal(key: string) {
  const messages = [{ key, text: "No.", level: "ERROR", links: [] }];
  return idxRefusal({ messages, status: 403 } as unknown as IdxTransaction, "sign in");
}

Deno.test("what the app's policy refuses leaves the other apps", () => {
  const keys = [
    "idx.error.user.not.assigned.to.app",
    "idx.error.code.user_not_assigned",
    "security.access_denied",
    "idx.error.code.access_denied.device_assurance.remediation.title",
    "oie.assurance.unsatisfiable",
    "device_enrollment",
  ];
  for (const key of keys) assert.ok(isOfOneApp(refusal(key)), key);
  const browser = onlyBrowser(["device-challenge-poll"], {} as IdxTransaction);
  assert.ok(isOfOneApp(browser), browser.code);
  const codes = [
    ...["E0000057", "E0000058", "E0000092", "assurance_not_met", "invalid_target"],
    ...["left_org", "too_many_redirects", "idx_browser"],
  ];
  for (const code of codes) {
    assert.ok(isOfOneApp(new SignInError("no", { code })), code);
  }
  assert.ok(isOfOneApp(new AssertionError("no", { code: "identity_center" })));
});

Deno.test("a sign-in that is refused is refused for every app", () => {
  const keys = [
    ...["incorrectPassword", "errors.E0000004", "errors.E0000150", "tooManyRequests"],
    ...["authfactor.challenge.suspended_factor", "idx.session.expired", "access_denied"],
    ...["core.factor.user.locked", "idx.unknown.user", "idx.error.identity.provider"],
    ...["api.authn.poll.error.push_rejected", "idx.error.server.safe.mode.enrollment.unavailable"],
  ];
  for (const key of keys) assert.ok(!isOfOneApp(refusal(key)), key);
  const codes = [
    ...["E0000004", "E0000047", "E0000069", "E0000085", "E0000119", "access_denied"],
    ...["password_refused_before", "push_timeout", "captcha", "external_idp", "sign_in_circle"],
  ];
  for (const code of codes) assert.ok(!isOfOneApp(new SignInError("no", { code })), code);
  assert.ok(!isOfOneApp(new NetworkError("no", { code: "not_assigned" })));
});
