/**
 * Requests to Duo: to the one host that Okta names, and to no host that is not Duo's.
 *
 * @module
 */

import { NetworkError, SignInError } from "../../errors.ts";
import { sendWithRetry } from "../../http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { CookieJar } from "../client/cookie_jar.ts";
import { isSecureUrl } from "../../settings/sign_in_address.ts";

/** What a frame is opened with. */
export interface DuoPorts {
  /** Sends the requests. */
  http: HttpClient;
  /** Tells the time and waits. */
  clock: Clock;
}

const DUO_HOST = /^[a-z0-9.-]+\.(?:duosecurity|duofederal)\.com$/;
const FORM = "application/x-www-form-urlencoded";

/** Fields of a form. */
export type DuoFields = Record<string, string | Secret>;

/** Sends a request to Duo, with its cookies; a POST is a form. */
export type DuoSend = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * Duo's origin.
 *
 * @param host The host that Okta names.
 * @returns Its origin: https, or http where it is this machine's.
 * @throws {SignInError} `bad_answer` where it is not Duo's: the factor goes to Duo and nobody else.
 */
export function duoOrigin(host: string): string {
  const url = URL.parse(`https://${host}`);
  if (url?.host === host && DUO_HOST.test(host)) return url.origin;
  const local = URL.parse(`http://${host}`);
  if (local?.host === host && isSecureUrl(local)) return local.origin;
  throw new SignInError(`Okta names ${showUntrusted(host)} for Duo, which is not a host of Duo's`, {
    code: "bad_answer",
    hint: "nothing was sent there; choose another factor, or ask your Okta administrator",
  });
}

/**
 * The error where Duo has but its Universal Prompt to offer.
 *
 * @returns The error, to be thrown.
 */
export function onlyUniversal(): SignInError {
  return new SignInError("Duo asks by its Universal Prompt, which needs a browser", {
    code: "factor_not_supported",
    hint: "choose another factor; your Okta administrator can also let Duo be used with its " +
      "passcodes as a code of its own",
  });
}

/**
 * The error of an answer that is not Duo's, or of a Duo that we don't know.
 *
 * @param what What it said.
 * @returns A `duo_failed`, to be thrown.
 */
export function duoFailed(what: string): NetworkError {
  return new NetworkError(`Duo's answer is not one that okta-aws knows: ${showUntrusted(what)}`, {
    code: "duo_failed",
    hint: "try again, or choose another factor",
  });
}

/**
 * Fields as a form's body.
 *
 * @param fields The fields.
 * @returns `application/x-www-form-urlencoded`
 */
export function duoForm(fields: DuoFields): string {
  const pairs = Object.entries(fields).map(([name, value]) =>
    [name, value instanceof Secret ? value.reveal() : value] as [string, string]
  );
  return new URLSearchParams(pairs).toString();
}

/**
 * Sends to one origin of Duo's, with the cookies that it sets.
 *
 * @param origin The origin.
 * @param ports The network and the time.
 * @returns The sender. It rejects with `factor_not_supported` where a page leads elsewhere.
 */
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
    // A prompt sends a push: what may have arrived is not sent again.
    const idempotent = request.method === "GET";
    const response = await sendWithRetry({ http, clock }, { ...request, headers }, { idempotent });
    jar.accept(url, response.headers, clock.now());
    return response;
  };
}
