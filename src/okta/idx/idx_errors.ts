import { SignInError } from "../../errors.ts";
import type { IdxTransaction } from "./idx_transaction.ts";
import { USE_BROWSER } from "../factors/factor_errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** Forms for Okta Verify on this computer (FastPass). */
const DEVICE = /^device-|launch-authenticator|sso-extension|probing/;

const PROVIDERS = ["redirect-idp", "piv-idp", "redirect-idverify"];

/** The error if all forms need a browser. */
export function onlyBrowser(
  names: readonly string[],
  { remediations }: IdxTransaction,
): SignInError {
  if (names.length > 0 && names.every((name) => PROVIDERS.includes(name))) {
    const provider = remediations.find(({ providerName }) => providerName)?.providerName;
    return new SignInError(
      `Okta redirects to another identity provider: ${showUntrusted(provider ?? names.join(", "))}`,
      {
        code: "external_idp",
        hint: `${USE_BROWSER}; no password was sent`,
      },
    );
  }
  if (names.length > 0 && names.every((name) => DEVICE.test(name))) {
    return new SignInError(
      "Okta accepts only Okta Verify on this device (FastPass)",
      {
        code: "fastpass_only",
        hint: USE_BROWSER,
      },
    );
  }
  const passwordPage = remediations.find(({ passwordPage }) => passwordPage)?.passwordPage;
  if (passwordPage !== undefined) {
    return new SignInError("your Okta password has expired", {
      code: "password_expired",
      hint: `change it at ${showUntrusted(passwordPage)}, then run: okta-aws secrets set password`,
    });
  }
  const asked = names.map(showUntrusted).join(", ") || "something unknown";
  return new SignInError(`Okta asks for ${asked}, which needs a browser`, {
    code: "idx_browser",
    hint: USE_BROWSER,
  });
}

/** The error if the org wants a captcha with the user name. No password has been sent. */
export function captchaAsked(): SignInError {
  return new SignInError("Okta asks for a captcha, which needs a browser", {
    code: CAPTCHA,
    hint: `${USE_BROWSER}; nothing was sent`,
  });
}

export const CAPTCHA = "captcha";
