import type { OktaAwsError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type HtmlForm, type HtmlPage, scanHtml } from "./html_scan.ts";

/** The form that posts an assertion to the service provider. */
export interface SamlForm {
  /** As written: may be relative; empty if the page names none. */
  readonly action: string;
  /** Base64 without white space, padded, as STS wants it. */
  readonly samlResponse: Secret;
  /** As written, may be empty; `undefined` if the form has none. */
  readonly relayState: string | undefined;
}

/** A form that a browser submits automatically on the way to another page. */
export interface IntermediateForm {
  /** As written: may be relative; empty means the page's own URL. */
  readonly action: string;
  readonly method: "GET" | "POST";
  /** By name; the last of repeated names counts. */
  readonly fields: ReadonlyMap<string, Secret>;
}

/** The kind of page. Messages and titles have gone through `showUntrusted`. */
export type ClassifiedPage =
  | { readonly kind: "saml_response"; readonly form: SamlForm }
  /** An assertion for IAM Identity Center, which `AssumeRoleWithSAML` rejects. */
  | { readonly kind: "identity_center"; readonly action: string }
  | { readonly kind: "not_assigned"; readonly message: string }
  | { readonly kind: "saml_request_form"; readonly form: IntermediateForm }
  /** Okta asks for more (MFA or a whole sign-in): continue with the stateToken. */
  | { readonly kind: "step_up"; readonly stateToken: Secret }
  /** A sign-in page without a stateToken: no session. */
  | { readonly kind: "sign_in_page" }
  | { readonly kind: "relay_form"; readonly form: IntermediateForm }
  | {
    readonly kind: "error_page";
    readonly message: string;
    /** The error to report in place of the message. */
    readonly failure?: OktaAwsError;
  }
  | { readonly kind: "unknown"; readonly title: string };

const IDENTITY_CENTER_ACTION = /\/platform\/saml\/acs\//;

/** What Okta says of an app that the user does not have. */
export const NOT_ASSIGNED: RegExp = /not assigned (?:to )?this app|app(?:lication)? not assigned/i;

const SIGN_IN_IDS = [
  "okta-sign-in",
  "okta-login-container",
  "signin-container",
  "okta-signin-form",
];

/** "Acme - Sign In", "Sign-in", but not "Signing in...". */
const SIGN_IN_TITLE = /\bsign[ -]?in\b|\blog[ -]?in\b/i;

/** The first form with a non-empty `SAMLResponse`. */
export function findSamlForm(html: string): SamlForm | undefined {
  return samlFormOf(scanHtml(html));
}

/**
 * Classifies a page; `unknown` if nothing matches. Linear in the size of the page. A status of 400
 * or more makes an otherwise unknown page an error.
 */
export function classifyPage(html: string, status: number): ClassifiedPage {
  const page = scanHtml(html);
  return classifySamlResponse(page) ?? classifyNotAssigned(page) ?? classifySamlRequest(page) ??
    classifySignIn(page) ?? classifyRelay(page) ?? classifyError(page, status) ??
    (SIGN_IN_TITLE.test(page.title)
      ? { kind: "sign_in_page" }
      : { kind: "unknown", title: showUntrusted(page.title) });
}

function classifySamlResponse(page: HtmlPage): ClassifiedPage | undefined {
  const form = samlFormOf(page);
  if (form === undefined) return undefined;
  if (IDENTITY_CENTER_ACTION.test(form.action)) {
    return { kind: "identity_center", action: showUntrusted(form.action) };
  }
  return { kind: "saml_response", form };
}

function classifyNotAssigned(page: HtmlPage): ClassifiedPage | undefined {
  const place = page.text.search(NOT_ASSIGNED);
  if (place === -1 && !NOT_ASSIGNED.test(page.title)) return undefined;
  const around = page.text.slice(Math.max(0, place - 100), place + 200);
  return { kind: "not_assigned", message: showUntrusted(page.errorText || around) };
}

function classifySamlRequest(page: HtmlPage): ClassifiedPage | undefined {
  const form = page.forms.find((candidate) => fieldOf(candidate, "SAMLRequest"));
  return form && { kind: "saml_request_form", form: intermediate(form) };
}

function classifySignIn(page: HtmlPage): ClassifiedPage | undefined {
  const stateToken = findStateToken(page);
  if (stateToken !== undefined) return { kind: "step_up", stateToken };
  const isSignIn = SIGN_IN_IDS.some((id) => page.ids.has(id)) ||
    page.forms.some((form) => form.fields.some((field) => field.type === "password")) ||
    page.scripts.some((script) => script.includes("new OktaSignIn("));
  return isSignIn ? { kind: "sign_in_page" } : undefined;
}

/**
 * All fields are hidden, and either one is a RelayState or it is the only form and a script submits
 * it.
 */
function classifyRelay(page: HtmlPage): ClassifiedPage | undefined {
  const form = page.forms.find((candidate) => {
    const sent = candidate.fields.filter((field) => !BUTTONS.has(field.type));
    if (sent.length === 0 || sent.some((field) => field.type !== "hidden")) return false;
    if (sent.some((field) => field.name === "RelayState")) return true;
    return page.submitsItself && page.forms.length === 1;
  });
  return form && { kind: "relay_form", form: intermediate(form) };
}

const BUTTONS = new Set(["submit", "button", "image", "reset"]);

function classifyError(page: HtmlPage, status: number): ClassifiedPage | undefined {
  if (status < 400 && page.errorText === "") return undefined;
  const message = page.errorText || page.heading || page.title || page.text;
  return { kind: "error_page", message: showUntrusted(message) };
}

function samlFormOf(page: HtmlPage): SamlForm | undefined {
  for (const form of page.forms) {
    const samlResponse = normalizeBase64(fieldOf(form, "SAMLResponse") ?? "");
    if (samlResponse === "") continue;
    const relayState = form.fields.find((field) => field.name === "RelayState")?.value;
    return { action: form.action, samlResponse: new Secret(samlResponse), relayState };
  }
  return undefined;
}

/** The first non-empty value of a field. */
function fieldOf(form: HtmlForm, name: string): string | undefined {
  return form.fields.find((field) => field.name === name && field.value.trim() !== "")?.value;
}

function intermediate(form: HtmlForm): IntermediateForm {
  const fields = form.fields.filter((field) => !BUTTONS.has(field.type));
  return {
    action: form.action,
    method: form.method,
    fields: new Map(fields.map(({ name, value }) => [name, new Secret(value)])),
  };
}

/** Base64 without white space, padded. */
export function normalizeBase64(text: string): string {
  const digits = text.replace(/\s+/g, "");
  // Not /=+$/, which takes quadratic time on malicious input.
  let end = digits.length;
  while (digits[end - 1] === "=") end--;
  return digits.slice(0, end).padEnd(Math.ceil(end / 4) * 4, "=");
}

/** `var stateToken = '…'`, `"stateToken":"…"`, `stateToken: '…'`. */
const ASSIGNED = /(?<!\w)stateToken["']?\s*[:=]\s*["']([\w.~+/=:%-]+)["']/;

/** `…?stateToken=…` in a URL. If an escape follows, it is unescaped first. */
const IN_URL = /[?&;]stateToken=([\w.~+%-]+)(?![\w.~+%\\-])/;

/** How many levels of strings in strings (JSON in a JavaScript string in JSON) are unescaped. */
const MAX_UNESCAPES = 3;

/**
 * The stateToken of a page that asks for more before it opens the app: MFA for one app on Classic,
 * each sign-in page on Identity Engine. It may be in a script, JSON, an attribute, a form field, a
 * link or a form action. JavaScript escapes are decoded.
 */
export function findStateToken(page: HtmlPage): Secret | undefined {
  const field = page.forms.flatMap((form) => form.fields)
    .find(({ name, value }) => name === "stateToken" && value.trim() !== "");
  if (field !== undefined) return new Secret(field.value.trim());
  for (const source of [...page.scripts, ...page.stateTokenAttributes, page.text]) {
    const found = findInSource(source);
    if (found !== undefined) return new Secret(found);
  }
  return undefined;
}

/**
 * The percent-decoded stateToken of a URL (absolute or relative), such as the Location of a
 * redirect to `/login/step-up/…`.
 */
export function stateTokenFromUrl(url: string): Secret | undefined {
  const token = URL.parse(url, "https://relative.invalid")?.searchParams.get("stateToken");
  return token ? new Secret(token) : undefined;
}

function findInSource(source: string): string | undefined {
  if (!source.includes("stateToken")) return undefined;
  let text = source;
  for (let unescapes = 0; unescapes <= MAX_UNESCAPES; unescapes++) {
    const assigned = ASSIGNED.exec(text)?.[1];
    if (assigned !== undefined) return assigned;
    const inUrl = IN_URL.exec(text)?.[1];
    if (inUrl !== undefined) return stateTokenFromUrl(`?stateToken=${inUrl}`)?.reveal();
    if (!text.includes("\\")) return undefined;
    text = unescapeJavaScript(text);
  }
  return undefined;
}

/** Removes one level of `\xNN`, `\uNNNN`, `\u{N}` and of a backslash before any other character. */
function unescapeJavaScript(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|([^]))/g,
    (_, byte?: string, unit?: string, point?: string, character?: string) => {
      if (character !== undefined) return character;
      return String.fromCodePoint(Math.min(parseInt((byte ?? unit ?? point)!, 16), 0x10ffff));
    },
  );
}
