import assert from "node:assert/strict";
import { processIdentifyResponse } from "../../../src/okta/idx/idx_password.ts";
import { onlyBrowser } from "../../../src/okta/idx/idx_errors.ts";
import { idxFactorResult } from "../../../src/okta/idx/idx_factor_response.ts";
import { idxChoices } from "../../../src/okta/idx/idx_choices.ts";
import { parseIdxTransaction } from "../../../src/okta/idx/parse_idx_transaction.ts";

const ORG = "https://acme.okta.com";

function form(name: string, more: Record<string, unknown> = {}) {
  return { name, href: `${ORG}/idp/idx/${name}`, method: "POST", value: [], ...more };
}

function error(key: string, message: string) {
  return { value: [{ class: "ERROR", i18n: { key }, message }] };
}

function body(forms: unknown[], more: Record<string, unknown> = {}): string {
  return JSON.stringify({ stateHandle: "02", remediation: { value: forms }, ...more });
}

function identified(text: string, status = 200) {
  return processIdentifyResponse({ status, headers: new Headers(), body: text }, "jane");
}

const SAFE_MODE = error(
  "idx.error.server.safe.mode.enrollment.unavailable",
  "Set up is temporarily unavailable",
);
const DEVICE = error(
  "idx.error.code.access_denied.device_assurance.remediation.option_index",
  "Option 1:",
);

Deno.test("processIdentifyResponse() continues after an error beside a next step", () => {
  const steps: [string[], unknown][] = [
    [["device-assurance-grace-period"], DEVICE],
    [["skip"], SAFE_MODE],
    [["select-authenticator-enroll", "skip"], SAFE_MODE],
    [["select-authenticator-authenticate"], error("some.warning", "Update your device")],
  ];
  for (const [names, messages] of steps) {
    const result = identified(body(names.map((name) => form(name)), { messages }));
    assert.equal(result.kind, "next", names.join());
  }
});

Deno.test("processIdentifyResponse() returns refused where Okta starts again or rejects", () => {
  const refusals: [string[], string][] = [
    [["identify"], "errors.E0000004"],
    [["challenge-authenticator"], "incorrectPassword"],
    [["select-authenticator-authenticate"], "authfactor.challenge.suspended_factor"],
    [["unlock-account"], "oie.locked"],
    [["select-identify"], "some.error"],
  ];
  for (const [names, key] of refusals) {
    const text = body(names.map((name) => form(name)), { messages: error(key, "No.") });
    assert.equal(identified(text, 400).kind, "refused", key);
  }
});

Deno.test("idxFactorResult() continues after an error beside a lone skip", () => {
  const asked = body([form("challenge-authenticator")], {
    currentAuthenticator: { value: { key: "google_otp", methods: [{ type: "otp" }] } },
  });
  const [choice] = idxChoices(parseIdxTransaction(asked)!);
  const answered = parseIdxTransaction(body([form("skip")], { messages: SAFE_MODE }))!;
  const result = idxFactorResult(answered, { choice: choice!, org: ORG, step: "answer" });
  assert.equal(result.kind, "next");
});

Deno.test("onlyBrowser() names the org's own page for a new password", () => {
  const url = "https://passwords.example.com/reset";
  const text = body([{
    name: "reenroll-custom-password-expiry",
    customExpiredPasswordName: "Acme",
    customExpiredPasswordURL: url,
  }]);
  const transaction = parseIdxTransaction(text)!;
  const thrown = onlyBrowser(["reenroll-custom-password-expiry"], transaction);
  assert.equal(thrown.code, "password_expired");
  assert.ok(thrown.hint!.includes(url));
});

Deno.test("idxChoices() lists Duo once, and a custom app by its own name", () => {
  const option = (key: string, label: string, methods: string[]) => ({
    label,
    value: {
      form: {
        value: [
          { name: "id", value: `aut${key}` },
          { name: "methodType", options: methods.map((value) => ({ label: value, value })) },
        ],
      },
    },
    relatesTo: key,
  });
  const related = { duo: ["duo", "idp"], custom_app: ["push"] };
  const names = { duo: "Duo Security", custom_app: "Acme Approve" };
  const keys = ["duo", "custom_app"] as const;
  const text = body(
    [
      form("select-authenticator-authenticate", {
        value: [{
          name: "authenticator",
          options: keys.map((key, at) => ({
            ...option(key, names[key], related[key]),
            relatesTo: `$.authenticators.value[${at}]`,
          })),
        }],
      }),
    ],
    {
      authenticators: {
        value: keys.map((key) => ({
          key,
          id: `aut${key}`,
          displayName: names[key],
          methods: related[key].map((type) => ({ type })),
        })),
      },
    },
  );
  const choices = idxChoices(parseIdxTransaction(text)!);
  assert.deepEqual(choices.map(({ authenticator: { name } }) => name), [
    "Duo",
    "Acme Approve (push)",
  ]);
  assert.equal(choices[0]!.method, "duo");
});
