import { NetworkError, SignInError } from "../../errors.ts";
import { sendWithRetry } from "../../http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { CookieJar } from "../client/cookie_jar.ts";
import { isSecureUrl } from "../../settings/sign_in_address.ts";

export interface DuoPorts {
  http: HttpClient;
  clock: Clock;
}

const DUO_HOST = /^[a-z0-9.-]+\.(?:duosecurity|duofederal)\.com$/;
const FORM = "application/x-www-form-urlencoded";

export type DuoFields = Record<string, string | Secret>;

/** Sends a request with Duo's cookies; a POST is a form. */
export type DuoSend = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Duo's origin: https, or http on this computer (tests).
 *
 * @throws {SignInError} `bad_answer` if the host is not Duo's.
 */
export function duoOrigin(host: string): string {
  const url = URL.parse(`https://${host}`);
  if (url?.host === host && DUO_HOST.test(host)) return url.origin;
  const local = URL.parse(`http://${host}`);
  if (local?.host === host && isSecureUrl(local)) return local.origin;
  throw new SignInError(`${showUntrusted(host)} is not a Duo host`, {
    code: "bad_answer",
    hint: "choose another factor, or ask your Okta administrator; nothing was sent",
  });
}

export function onlyUniversal(): SignInError {
  return new SignInError("Duo uses its Universal Prompt, which needs a browser", {
    code: "factor_not_supported",
    hint: "choose another factor, or ask your Okta administrator to allow Duo passcodes",
  });
}

/** `duo_failed`: a response that is not Duo's or not known. */
export function duoFailed(what: string): NetworkError {
  return new NetworkError(`unexpected response from Duo: ${showUntrusted(what)}`, {
    code: "duo_failed",
    hint: "try again, or choose another factor",
  });
}

export function duoForm(fields: DuoFields): string {
  const pairs = Object.entries(fields).map(([name, value]) =>
    [name, value instanceof Secret ? value.reveal() : value] as [string, string]
  );
  return new URLSearchParams(pairs).toString();
}

/** Sends to one origin with its cookies. Rejects with `factor_not_supported` for any other. */
export function duoSender(origin: string, { http, clock }: DuoPorts): DuoSend {
  const jar = new CookieJar();
  return async (request) => {
    const url = new URL(request.url);
    if (url.origin !== origin) throw onlyUniversal();
    const cookie = jar.header(url, clock.now());
    const headers = {
      "Accept": "text/html",
      "Origin": origin,
      ...(request.method === "POST" ? { "Content-Type": FORM } : {}),
      ...request.headers,
      ...(cookie === undefined ? {} : { "Cookie": cookie }),
    };
    // A prompt sends a push: never send it twice.
    const idempotent = request.method === "GET";
    const response = await sendWithRetry({ http, clock }, { ...request, headers }, { idempotent });
    jar.accept(url, response.headers, clock.now());
    return response;
  };
}
