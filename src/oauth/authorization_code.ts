/**
 * The parts of an authorization code sign-in in the browser: PKCE, `state`, and the redirect that
 * ends it with the page that the browser shows.
 *
 * Source: RFC 7636, sections 4.1 and 4.2; RFC 6749, sections 4.1.2 and 10.12; RFC 8252, section 8
 *
 * @module
 */

import { Secret } from "../secret.ts";
import { SignInError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** The secrets of one authorization request. */
export interface PkceRequest {
  codeVerifier: Secret;
  /** SHA-256 of the verifier, sent in the browser. */
  codeChallenge: string;
  state: string;
}

function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** The verifier has 43 to 128 characters; the challenge is its SHA-256, base64url. */
export async function codeChallengeOf(codeVerifier: Secret): Promise<string> {
  const bytes = new TextEncoder().encode(codeVerifier.reveal());
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Verifier and state have 32 random bytes each. */
export async function newPkceRequest(): Promise<PkceRequest> {
  const random = () => base64Url(crypto.getRandomValues(new Uint8Array(32)));
  const codeVerifier = new Secret(random());
  return { codeVerifier, codeChallenge: await codeChallengeOf(codeVerifier), state: random() };
}

/** Whether a redirect belongs to the request with this state. */
export function hasState(query: URLSearchParams, state: string): boolean {
  return query.get("state") === state && query.getAll("state").length === 1;
}

/**
 * The code in a redirect's query.
 *
 * @throws {SignInError} `state_mismatch` if the redirect belongs to another request,
 * `access_denied` or another error of the server, `no_code`.
 */
export function codeOfRedirect(query: URLSearchParams, state: string): Secret {
  const error = query.get("error");
  // Checked first: nothing of a foreign request is read.
  if (!hasState(query, state)) throw mismatch();
  if (error !== null) {
    const words = showUntrusted(query.get("error_description") || error);
    throw new SignInError(`the sign-in was denied in the browser: ${words}`, {
      code: showUntrusted(error),
      hint: "try again",
    });
  }
  const code = query.get("code");
  if (code) return new Secret(code);
  throw new SignInError("the browser returned no code", {
    code: "no_code",
    hint: "try again",
  });
}

function mismatch(): SignInError {
  return new SignInError("the browser returned from another sign-in", {
    code: "state_mismatch",
    hint: "close the page and try again",
  });
}

const STYLE = "body{font:1.1em/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;" +
  "padding:0 1em;color:#1a1a1a;background:#fff}" +
  "@media(prefers-color-scheme:dark){body{color:#eee;background:#1a1a1a}}";

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The result of the sign-in, as text for the page. */
export interface RedirectResult {
  ok: boolean;
  title: string;
  text: string;
}

export interface RedirectPage {
  status: number;
  /** Forbid loading, framing and caching, and send no referrer. */
  headers: Record<string, string>;
  body: string;
}

/** The page shown after the redirect. It has no script and no link. */
export async function redirectPage({ ok, title, text }: RedirectResult): Promise<RedirectPage> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(STYLE));
  const hash = new Uint8Array(digest).toBase64();
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></body>
</html>
`;
  return {
    status: ok ? 200 : 400,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${hash}'; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "DENY",
      "Referrer-Policy": "no-referrer",
      "Cross-Origin-Opener-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Cache-Control": "no-store",
      "Connection": "close",
    },
    body,
  };
}
