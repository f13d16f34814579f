/**
 * What an app's authentication policy still wants, and with which authenticators it can be had.
 *
 * @module
 */

import type { AppFactors, SimApp, SimUser } from "../../world.ts";
import { authenticatorsOf, type SimAuthenticator } from "./authenticators.ts";
import { type IonMessage, problem } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";

/** RFC 8176's names by authenticator's key and method. */
const AMR: Record<string, string[]> = {
  okta_password: ["pwd"],
  security_question: ["kba"],
  push: ["swk"],
  signed_nonce: ["swk", "phr"],
  sms: ["sms"],
  voice: ["tel"],
  webauthn: ["hwk", "phr"],
};

/** What is known, and what is had: two kinds. */
const KNOWN = new Set(["pwd", "kba"]);

/** @returns What answering with a method proves. */
export function amrOf(key: string, method: string): string[] {
  return AMR[key] ?? AMR[method] ?? ["otp"];
}

/** @returns The app's rule; without one, what Classic's sign-on policy asks of the person. */
function ruleOf(app: SimApp, user: SimUser): AppFactors {
  if (app.policy?.factors !== undefined) return app.policy.factors;
  return user.mfa === "none" || user.factors.length === 0 ? "one" : "password_and_any";
}

/** @returns Whether what has been proven is enough for the app. */
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

/** @returns Whether answering with the method brings the person nearer. */
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

/** @returns The authenticators, each with the methods, that bring the person nearer. */
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

/** What the person would have to change about the device. */
export const DEVICE_MENDS: IonMessage[] = [
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
