/** The errors of a sign-in in the browser. @module */

import {
  InteractionError,
  InterruptedError,
  NetworkError,
  SettingsError,
  SignInError,
} from "../../errors.ts";
import { signInCommand } from "../../app/browser_sign_in.ts";
import type { FoundBrowser } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { OktaIdentity } from "../factors/factor_context.ts";

export function browserEnded(
  end: "closed" | "crashed",
  visible: boolean,
  { path }: FoundBrowser,
): Error {
  if (end === "closed" && visible) return new InterruptedError("the browser window was closed");
  return new SettingsError(`the browser ended during the sign-in: ${showUntrusted(path)}`, {
    code: "browser_failed",
    hint: "run the command again; if it ends again, name another browser: browser_path",
  });
}

export function notReachable(target: string): NetworkError {
  const host = showUntrusted(new URL(target).host);
  return new NetworkError(`the browser could not open ${host}`, {
    code: "browser_network",
    hint: "check the connection, the proxy and the certificate: okta-aws doctor",
  });
}

export function nobodyActed(account: string): InteractionError {
  return new InteractionError("nobody used the browser window for 5 minutes", {
    code: "unanswered",
    hint: `run: ${signInCommand(account)}`,
  });
}

export function rejectedPassword({ username, name }: OktaIdentity): SignInError {
  return new SignInError(`Okta rejected the stored password of ${showUntrusted(username)}`, {
    code: "E0000004",
    hint: "it will not be sent again; store the right one: okta-aws secrets set password" +
      (name === "default" ? "" : ` --account ${name}`),
  });
}

export function issuerChanged(known: string, issuer: string): InteractionError {
  return new InteractionError(
    `the app's SAML issuer is now ${showUntrusted(issuer)}, not ${showUntrusted(known)}`,
    {
      code: "issuer_changed",
      hint: "if your administrator changed it, run okta-aws signin in a terminal and confirm it",
    },
  );
}
