/** What an app's authentication policy requires, and which authenticators help. */

import type { AppFactors, SimApp, SimUser } from "../../world.ts";
import { authenticatorsOf, type SimAuthenticator } from "./authenticators.ts";
import { type IonMessage, problem } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";

/** RFC 8176 names, by the authenticator's key or method. */
const AMR: Record<string, string[]> = {
  okta_password: ["pwd"],
  security_question: ["kba"],
  push: ["swk"],
  signed_nonce: ["swk", "phr"],
  sms: ["sms"],
  voice: ["tel"],
  webauthn: ["hwk", "phr"],
};

/** Knowledge factors; all others are possession factors. */
const KNOWN = new Set(["pwd", "kba"]);

/** The authentication methods that an answer adds. */
export function amrOf(key: string, method: string): string[] {
  return AMR[key] ?? AMR[method] ?? ["otp"];
}

/** The app's rule; default: what Classic's sign-on policy asks of the user. */
function ruleOf(app: SimApp, user: SimUser): AppFactors {
  if (app.policy?.factors !== undefined) return app.policy.factors;
  return user.mfa === "none" || user.factors.length === 0 ? "one" : "password_and_any";
}

export function isEnough(app: SimApp, user: SimUser, amr: Iterable<string>): boolean {
  const all = [...amr].filter((one) => one !== "mfa");
  const known = all.filter((one) => KNOWN.has(one));
  const had = all.filter((one) => !KNOWN.has(one));
  const rules: Record<AppFactors, boolean> = {
    one: all.length > 0,
    password_and_any: known.includes("pwd") && all.length > 1,
    two_kinds: known.length > 0 && had.length > 0,
    phishing_resistant: had.includes("phr"),
  };
  return rules[ruleOf(app, user)];
}

/** Whether answering with the method helps to satisfy the policy. */
function helps({ app, user, amr }: IdxTransaction, key: string, method: string): boolean {
  const would = amrOf(key, method);
  if (would.every((one) => amr.has(one)) || key === "okta_password" && amr.has("pwd")) return false;
  const isKnown = would.some((one) => KNOWN.has(one));
  const hasKnown = [...amr].some((one) => KNOWN.has(one));
  const hasHad = [...amr].some((one) => one !== "mfa" && !KNOWN.has(one));
  switch (ruleOf(app, user!)) {
    case "phishing_resistant":
      return would.includes("phr");
    case "password_and_any": {
      const hasOther = [...amr].some((one) => one !== "pwd" && one !== "mfa");
      return key === "okta_password" || !hasOther;
    }
    case "two_kinds":
      return isKnown ? !hasKnown : !hasHad;
    default:
      return true;
  }
}

/** The authenticators, each with the methods, that help to satisfy the policy. */
export function helpful(transaction: IdxTransaction): SimAuthenticator[] {
  const { user } = transaction;
  return authenticatorsOf(user!)
    .map((one) => ({
      ...one,
      methods: new Map([...one.methods].filter(([method]) => helps(transaction, one.key, method))),
    }))
    .filter(({ methods }) => methods.size > 0);
}

function assurance(key: string, message: string, params?: unknown[]): IonMessage {
  const prefix = "idx.error.code.access_denied.device_assurance.remediation.";
  return problem(prefix + key, message, params);
}

/** How to make the device satisfy the device assurance policy. */
export const DEVICE_FIXES: IonMessage[] = [
  assurance("title", "Your device doesn't meet the security requirements"),
  assurance(
    "explanation_one_rule",
    "To sign in, make the following updates. Then, access the app again.",
  ),
  {
    links: [{ url: "https://okta.com/android-upgrade-os" }],
    ...assurance("android.upgrade_os_version", "Update to Android 100", ["100"]),
  },
];
