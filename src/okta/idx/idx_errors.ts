import { SignInError } from "../../errors.ts";
import type { IdxTransaction } from "./idx_transaction.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** Forms for Okta Verify on this computer (FastPass). */
const DEVICE = /^device-|launch-authenticator|sso-extension|probing/;

const PROVIDERS = ["redirect-idp", "piv-idp", "redirect-idverify"];

/** The error if all forms need a browser. */
export function onlyBrowser(
  names: readonly string[],
  { remediations }: IdxTransaction,
  address: string,
): SignInError {
  const browser = `finish this in the browser: ${showUntrusted(address)}`;
  if (names.length > 0 && names.every((name) => PROVIDERS.includes(name))) {
    const provider = remediations.find(({ providerName }) => providerName)?.providerName;
    return new SignInError(
      `Okta sends you on to another provider, ${showUntrusted(provider ?? names.join(", "))}`,
      {
        code: "external_idp",
        hint: `okta-aws has no password to send there, and sent none: ${browser}`,
      },
    );
  }
  if (names.length > 0 && names.every((name) => DEVICE.test(name))) {
    return new SignInError(
      "Okta asks for Okta Verify on this device (FastPass), and nothing else",
      {
        code: "fastpass_only",
        hint:
          `a terminal can't answer that: ${browser}; your Okta administrator can allow the AWS ` +
          "app another authenticator",
      },
    );
  }
  const asked = names.map(showUntrusted).join(", ") || "nothing that okta-aws knows";
  return new SignInError(`Okta asks for ${asked}: that needs a browser`, {
    code: "idx_browser",
    hint: `${browser}, then try again`,
  });
}

/** The error if the org wants a captcha with the user name. No password has been sent. */
export function captchaAsked(address: string): SignInError {
  return new SignInError("Okta asks for a captcha before the password: that needs a browser", {
    code: CAPTCHA,
    hint:
      `nothing was sent; sign in by the browser (${showUntrusted(address)}), or ask your Okta ` +
      "administrator to do without the captcha for your network",
  });
}

export const CAPTCHA = "captcha";
