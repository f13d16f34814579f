/**
 * Finds the stateToken of a page that asks for more before it opens the app (step-up), and of a
 * URL that leads to such a page: MFA for one app on Okta Classic, every sign-in page on OIE.
 *
 * @module
 */

import { Secret } from "../secret.ts";
import type { HtmlPage } from "./html_scan.ts";

/** `var stateToken = '…'`, `"stateToken":"…"`, `stateToken: '…'`. */
const ASSIGNED = /(?<!\w)stateToken["']?\s*[:=]\s*["']([\w.~+/=:%-]+)["']/;

/** `…?stateToken=…` in a URL; one that goes on with an escape is taken when that is undone. */
const IN_URL = /[?&;]stateToken=([\w.~+%-]+)(?![\w.~+%\\-])/;

/** How deep strings within strings (JSON in a JavaScript string in JSON) are unescaped. */
const MAX_UNESCAPES = 3;

/**
 * The stateToken that a page carries, in whichever way: a script's variable or property, JSON in a
 * script, a string or an attribute, a form's field, a link or a form's address.
 *
 * @returns The stateToken with JavaScript's escapes decoded, or `undefined` where there is none or
 * only empty ones.
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
 * The stateToken in a URL's query, such as the Location of a redirect to `/login/step-up/…`.
 *
 * @returns The stateToken, percent-decoded, or `undefined`.
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

/** Undoes one level of `\xNN`, `\uNNNN`, `\u{N}`, and of a backslash before any other character. */
function unescapeJavaScript(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|([^]))/g,
    (_, byte?: string, unit?: string, point?: string, character?: string) => {
      if (character !== undefined) return character;
      return String.fromCodePoint(Math.min(parseInt((byte ?? unit ?? point)!, 16), 0x10ffff));
    },
  );
}
