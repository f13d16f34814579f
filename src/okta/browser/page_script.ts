/**
 * What a sign-in page shows, and filling its form in: scripts for Okta's Sign-In Widget (Classic and
 * Identity Engine) and for plain forms. They run apart from the page's own scripts.
 *
 * @module
 */

import * as v from "valibot";
import { object } from "../../schemas.ts";

/** A field that we can fill in. */
export type FieldName = "username" | "password" | "code";

/** An entry of a list that we can choose. */
export type ChoiceName = "password" | "code";

const stateSchema = object({
  /** The page's origin. */
  origin: v.string(),
  path: v.string(),
  /** Whether it has been loaded. */
  ready: v.boolean(),
  /** Changes with what a person sees. */
  signature: v.string(),
  /** The beginning of what it says. */
  text: v.string(),
  fields: v.array(v.picklist(["username", "password", "code"])),
  /** Authenticators of a list that we can answer. */
  choices: v.array(v.picklist(["password", "code"])),
  /** A message about what was typed. */
  error: v.string(),
  /** Whether there is something that only a person can use. */
  forPerson: v.boolean(),
});

export type PageState = v.InferOutput<typeof stateSchema>;

/** `undefined` if it is not what our script returns. */
export function parsePageState(value: unknown): PageState | undefined {
  const parsed = v.safeParse(stateSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/** Finds fields; hidden, disabled and read-only ones don't count. */
const FIND = `
const shown = (one) => one.getClientRects().length > 0 && !one.disabled && !one.readOnly &&
  getComputedStyle(one).visibility !== "hidden";
const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
const textOf = (one) => (one?.innerText ?? "").replace(/\\s+/g, " ");
const kindOf = (one) => (one.getAttribute("type") ?? "text").toLowerCase();
const hints = (one) => one.name + " " + one.id + " " + (one.getAttribute("autocomplete") ?? "");
const near = (one) => one.closest("main, [role=main], body");
const marks = (one) => {
  let text = "";
  for (let at = one; at && at !== document.body; at = at.parentElement) {
    text += " " + at.getAttribute("class") + " " + at.getAttribute("data-se");
  }
  return text;
};
const passwords = all("input").filter((one) => kindOf(one) === "password");
const isPassword = (one) => passwords.length === 1 && one === passwords[0] &&
  (/current-password|(^| )(password|passwd)( |$)|okta_password|okta-signin-password/i.test(
    hints(one) + marks(one)) && !/new|confirm|answer/i.test(one.name) &&
    !/new-password/.test(hints(one)));
const isUsername = (one) => ["text", "email"].includes(kindOf(one)) &&
  /(^| )(username|identifier|user|login|email|okta-signin-username)( |$)/i.test(hints(one));
const APP = /factor-totp|google_otp|google-authenticator|mfa-verify-totp|credentials\\.totp/i;
const OTHER = /sms|text message|phone|voice|call|e-?mail|yubi|question|rsa|symantec|hotp|temporary access/i;
const isCode = (one) => ["text", "tel", "number", "password"].includes(kindOf(one)) && !isPassword(one) &&
  /(^| )(answer|passCode|passcode|credentials\\.passcode|credentials\\.totp|totp|otp|code|one-time-code)( |$)/
    .test(hints(one)) &&
  (APP.test(one.name + marks(one)) ||
    /authenticator|one-time|totp|verification code/i.test(textOf(near(one))) &&
      !OTHER.test(textOf(near(one)) + marks(one)));
const inputs = all("input");
const find = {
  username: inputs.find(isUsername),
  password: inputs.find(isPassword),
  code: inputs.find(isCode),
};
const choices = {
  password: all("[data-se=okta_password] a, [data-se=okta_password] button")[0],
  code: all("[data-se=google_otp] a, [data-se=google_otp] button")[0],
};
`;

const ERRORS = ".infobox-error, .o-form-has-errors .okta-form-infobox-error, " +
  "[data-se=callout], .okta-form-input-error, [role=alert], .error";

/** Describes the page. */
export const LOOK = `(() => {${FIND}
const text = textOf(document.body);
const error = all(${JSON.stringify(ERRORS)}).map(textOf).find((one) => one.trim() !== "") ?? "";
const usable = all("input, button, select, textarea, iframe, a[role=button], a.button")
  .filter((one) => kindOf(one) !== "hidden");
return {
  origin: location.origin,
  path: location.pathname,
  ready: document.readyState === "complete",
  signature: location.origin + location.pathname + "|" + text.slice(0, 4000) + "|" +
    inputs.map((one) => one.name + ":" + one.value.length).join(),
  text: text.slice(0, 300),
  fields: Object.keys(find).filter((name) => find[name] !== undefined),
  choices: Object.keys(choices).filter((name) => choices[name] !== undefined),
  error: error.slice(0, 300),
  forPerson: usable.length > 0,
};
})()`;

/**
 * Fills fields in and submits their form, all in the document that has them: only if it is on one of
 * the origins, at the top of its page. Returns whether it did.
 */
export function fillScript(
  origins: readonly string[],
  values: Partial<Record<FieldName, string>>,
): string {
  return `((origins, values) => {
if (!origins.includes(location.origin) || window.top !== window) return false;
${FIND}
const names = Object.keys(values);
if (names.some((name) => find[name] === undefined)) return false;
const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
for (const name of names) {
  const field = find[name];
  field.focus();
  set.call(field, values[name]);
  for (const type of ["input", "keyup", "change"]) {
    field.dispatchEvent(new Event(type, { bubbles: true }));
  }
}
const last = find[names.at(-1)];
const form = last.form ?? last.closest("form");
const BUTTONS = "input[type=submit], button[type=submit], [data-type=save], button:not([type])";
setTimeout(() => {
  const button = [...(form ?? document).querySelectorAll(BUTTONS)].find(shown);
  if (button) button.click();
  else form?.requestSubmit();
}, 50);
return true;
})(${JSON.stringify(origins)}, ${JSON.stringify(values)})`;
}

/** Chooses an authenticator of Identity Engine's list. */
export function chooseScript(origins: readonly string[], choice: ChoiceName): string {
  return `((origins) => {
if (!origins.includes(location.origin) || window.top !== window) return false;
${FIND}
choices[${JSON.stringify(choice)}]?.click();
return choices[${JSON.stringify(choice)}] !== undefined;
})(${JSON.stringify(origins)})`;
}
