/**
 * Decides the next step of an Identity Engine transaction. Each known remediation has a rule here;
 * any other is named and left to the browser.
 *
 * @module
 */

import { errorMessage, type IdxForm, type IdxTransaction, remediation } from "./idx_transaction.ts";

export type IdxMove =
  | { kind: "done"; href: string }
  /** Send the user name and, if the form has a field for it, the password. */
  | { kind: "identify"; form: IdxForm; takesPassword: boolean }
  /** Choose an authenticator, or answer the one that Okta chose. */
  | { kind: "authenticate" }
  | { kind: "change_password"; form: IdxForm }
  | { kind: "warn_password" }
  | { kind: "enroll" }
  | { kind: "keep_signed_in"; form: IdxForm }
  | { kind: "go_on"; form: IdxForm }
  | { kind: "wait"; form: IdxForm }
  /** Okta refuses, though it shows a form to start again. */
  | { kind: "refused" }
  /** Only a browser can continue. */
  | { kind: "browser"; names: string[] };

/** Forms that we ignore unless there is no other. */
const ASIDE = new Set([
  "select-enroll-profile",
  "unlock-account",
  "identify-recovery",
  "currentAuthenticator-recover",
  "select-identify",
  "cancel",
]);

type Rule = (transaction: IdxTransaction) => IdxMove | undefined;

function whenOffered(names: string[], move: (form: IdxForm) => IdxMove): Rule {
  return (transaction) => {
    const form = remediation(transaction, ...names);
    return form && move(form);
  };
}

function isPassword({ current }: IdxTransaction): boolean {
  return current === undefined || current.key === "okta_password";
}

/** More specific rules come first. */
const RULES: readonly Rule[] = [
  ({ success }) => success === undefined ? undefined : { kind: "done", href: success },
  whenOffered(["failure-redirect"], () => ({ kind: "refused" })),
  (transaction) => {
    const form = remediation(transaction, "identify");
    if (form === undefined) return undefined;
    if (errorMessage(transaction) !== undefined) return { kind: "refused" };
    const takesPassword = form.fields.some(({ name }) => name === "credentials");
    return { kind: "identify", form, takesPassword };
  },
  (transaction) => {
    const form = remediation(transaction, "reenroll-authenticator", "reset-authenticator");
    return form && isPassword(transaction) ? { kind: "change_password", form } : undefined;
  },
  (transaction) => {
    const form = remediation(transaction, "reenroll-authenticator-warning");
    if (form === undefined) return undefined;
    const maySkip = remediation(transaction, "skip") !== undefined;
    return maySkip ? { kind: "warn_password" } : { kind: "change_password", form };
  },
  whenOffered(["keep-me-signed-in"], (form) => ({ kind: "keep_signed_in", form })),
  whenOffered(["device-assurance-grace-period"], (form) => ({ kind: "go_on", form })),
  whenOffered(
    [
      "select-authenticator-authenticate",
      "challenge-authenticator",
      "challenge-poll",
      "authenticator-verification-data",
      "resend",
    ],
    () => ({ kind: "authenticate" }),
  ),
  whenOffered(["select-authenticator-enroll", "enroll-authenticator"], () => ({ kind: "enroll" })),
  whenOffered(["skip"], (form) => ({ kind: "go_on", form })),
  whenOffered(["poll"], (form) => ({ kind: "wait", form })),
  // Okta looks for Okta Verify on this computer; it would not talk to us.
  ({ cancelProbing }) => cancelProbing && { kind: "go_on", form: cancelProbing },
  whenOffered(["cancel-transaction"], (form) => ({ kind: "go_on", form })),
  ({ remediations }) => {
    const form = remediations.find(({ name }) => name === "select-identify");
    return form && remediations.every(({ name }) => ASIDE.has(name))
      ? { kind: "go_on", form }
      : undefined;
  },
];

/** Forms that continue after a warning of class ERROR. */
const CONTINUING = ["device-assurance-grace-period", "skip"];

/**
 * Whether Okta has accepted the last answer, although a message of class ERROR may be there: the
 * sign-in has another step than an answer or a new start.
 */
export function movesOn(transaction: IdxTransaction): boolean {
  const move = idxMove(transaction);
  if (move.kind === "go_on") return CONTINUING.includes(move.form.name);
  return !["identify", "authenticate", "refused", "browser"].includes(move.kind);
}

export function idxMove(transaction: IdxTransaction): IdxMove {
  for (const rule of RULES) {
    const move = rule(transaction);
    if (move !== undefined) return move;
  }
  const all = transaction.remediations.map(({ name }) => name);
  const own = all.filter((name) => !ASIDE.has(name));
  return { kind: "browser", names: own.length > 0 ? own : all };
}
