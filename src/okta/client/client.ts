/**
 * Requests to one org: its cookies, its origins, its clock. Nothing is sent anywhere else.
 *
 * @module
 */

import { sendWithRetry } from "../../http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import type { CookieJar } from "./cookie_jar.ts";
import { isSecureUrl } from "../../settings/sign_in_address.ts";
import { leftOrg, type OrgDescription, processOrgDescription } from "./org.ts";
import { SignInError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** A request's JSON body: secrets are revealed only when it is written out. */
export type OktaBody = Record<string, string | boolean | Secret | undefined | object>;

/** What the client needs. */
export interface OktaClientOptions {
  /** The org's origin. */
  org: string;
  /** Its cookies. */
  jar: CookieJar;
  /** Sends the requests. */
  http: HttpClient;
  /** Tells the time and waits. */
  clock: Clock;
  /** Told, once a second, how long a rate limit still holds things up. */
  onWait?: (secondsLeft: number, reason: string) => void;
}

/** Tokens that Okta takes once: asked for a second time, the page would be the sign-in page. */
const ONE_TIME = /[?&](?:token|sessionToken|onetimetoken|stateToken)=/i;

const JSON_TYPE = "application/json";

/** How a page is asked for. */
const PAGE = "text/html,application/xhtml+xml";

/** The most bytes of an app's page; a SAML page over 1 MB has been seen, one over 8 MB is none. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** The most redirects that are followed for one page. */
const REDIRECTS = 10;

function encode(body: OktaBody): string {
  return JSON.stringify(reveal(body));
}

/** Not by `JSON.stringify`'s replacer: that is given what `toJSON` has hidden already. */
function reveal(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(reveal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, reveal(one)]));
}

/** How JSON is sent and asked for. */
export interface JsonTypes {
  /** The body's media type. */
  contentType?: string;
  /** The answer's media type. */
  accept?: string;
}

function pageRequest(url: URL): HttpRequest {
  return { method: "GET", url: url.href, headers: { "Accept": PAGE }, maxBodyBytes: PAGE_BYTES };
}

function formRequest(url: URL, form: URLSearchParams): HttpRequest {
  const headers = { "Accept": PAGE, "Content-Type": "application/x-www-form-urlencoded" };
  return { ...pageRequest(url), method: "POST", headers, body: form.toString() };
}

function tooManyRedirects(at: URL): SignInError {
  return new SignInError(
    `Okta redirected more than ${REDIRECTS} times, at last to ${showUntrusted(at.pathname)}`,
    { code: "too_many_redirects", hint: "open the AWS app in a browser: does it work there?" },
  );
}

/** @throws {SignInError} `bad_link` */
function resolveLink(link: string, org: string): URL {
  const url = URL.parse(link, org);
  if (url !== null && url.username + url.password === "") return url;
  throw new SignInError(`not an address that can be opened: ${showUntrusted(link)}`, {
    code: "bad_link",
    hint: "check org and app in the settings, or set the account up again: okta-aws init",
  });
}

/** Talks to one org. */
export class OktaClient {
  /** The org's origin. */
  readonly org: string;
  /** Its cookies. */
  readonly jar: CookieJar;
  /** Okta's clock minus ours, milliseconds, as of the last answer. */
  clockOffsetMilliseconds = 0;
  /** Tells the time and waits. */
  readonly clock: Clock;
  readonly #options: OktaClientOptions;
  #origins: Set<string>;
  #description: Promise<OrgDescription> | undefined;

  /**
   * Makes a client; nothing is sent yet.
   *
   * @param options The org (its origin; what stands behind that is dropped) and the ports.
   */
  constructor(options: OktaClientOptions) {
    this.#options = options;
    this.org = new URL(options.org).origin;
    this.jar = options.jar;
    this.clock = options.clock;
    this.#origins = new Set([this.org]);
  }

  /**
   * POSTs JSON to the authn, session or Identity Engine API.
   *
   * @param url Absolute, as Okta's `_links` give it, or a path on the org.
   * @param body The body.
   * @param options `idempotent`: it may be sent again where the answer was lost, as a poll may; a
   * password or a code may not (the default). `contentType`, `accept`: where they are not plain JSON.
   * @returns The answer, whatever its status.
   */
  post(
    url: string,
    body: OktaBody,
    options: { idempotent?: boolean } & JsonTypes = {},
  ): Promise<HttpResponse> {
    const { idempotent = false, contentType = JSON_TYPE, accept = JSON_TYPE } = options;
    const headers = { "Accept": accept, "Content-Type": contentType };
    return this.#send({ method: "POST", url, headers, body: encode(body) }, idempotent);
  }

  /**
   * POSTs a form, as a page would.
   *
   * @param url Absolute, as Okta's links give it.
   * @param fields The form's fields; undefined ones are left out.
   * @param options `accept`: the type that is asked for; any where it is left out.
   * @returns The answer, whatever its status.
   */
  postForm(
    url: string,
    fields: Record<string, string | Secret | undefined>,
    { accept }: { accept?: string } = {},
  ): Promise<HttpResponse> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) form.set(name, value instanceof Secret ? value.reveal() : value);
    }
    const headers = {
      ...(accept && { "Accept": accept }),
      "Content-Type": "application/x-www-form-urlencoded",
    };
    return this.#send({ method: "POST", url, headers, body: form.toString() }, false);
  }

  /**
   * GETs (or DELETEs) a JSON resource.
   *
   * @param url Absolute, or a path on the org.
   * @param method The method.
   * @param accept The type that is asked for.
   * @returns The answer, whatever its status.
   */
  get(
    url: string,
    method: "GET" | "DELETE" = "GET",
    accept = "application/json",
  ): Promise<HttpResponse> {
    return this.#send({ method, url, headers: { "Accept": accept } }, true);
  }

  /**
   * GETs a JSON resource with an access token in place of a session.
   *
   * @param url Absolute, or a path on the org.
   * @param token The access token.
   * @returns The answer, whatever its status.
   */
  getWithToken(url: string, token: Secret): Promise<HttpResponse> {
    const headers = { "Accept": "application/json", "Authorization": `Bearer ${token.reveal()}` };
    return this.#send({ method: "GET", url, headers }, true);
  }

  /**
   * Opens a page as a browser would, following redirects by hand and only within the org.
   *
   * @param url Absolute, or a path on the org.
   * @param form A form's fields, where the page is what the form leads to: they are posted.
   * @returns The first answer that is no redirect, and where it came from.
   * @throws {SignInError} `left_org`, `too_many_redirects`
   */
  async page(url: string, form?: URLSearchParams): Promise<{ url: URL; response: HttpResponse }> {
    let at = resolveLink(url, this.org);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const response = hop === 0 && form !== undefined
        ? await this.#send(formRequest(at, form), false, "a form")
        : await this.#send(
          pageRequest(at),
          !ONE_TIME.test(at.search),
          hop === 0 ? "the address" : "a redirect",
        );
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return { url: at, response };
      }
      const next = URL.parse(location, at);
      if (next === null) return { url: at, response };
      at = next;
    }
    throw tooManyRedirects(at);
  }

  /**
   * Whether a URL belongs to the org: its own origin, or one that the org itself names.
   *
   * @param url The URL.
   * @returns Whether it may be sent something.
   */
  async owns(url: URL): Promise<boolean> {
    if (!isSecureUrl(url)) return false;
    if (this.#origins.has(url.origin)) return true;
    await this.#describe();
    return this.#origins.has(url.origin);
  }

  /**
   * What the org runs.
   *
   * @returns `v1` for Classic, `idx` for Identity Engine, `undefined` where the org does not say.
   */
  async pipeline(): Promise<string | undefined> {
    return (await this.#describe()).pipeline;
  }

  /** Asked only when it matters: custom domains are rare, requests cost time. */
  #describe(): Promise<OrgDescription> {
    // What belongs to the org is asked while this very request is under way.
    return this.#description ??= this.get("/.well-known/okta-organization").then((response) => {
      const description = processOrgDescription(response.status === 200 ? response.body : "");
      for (const origin of description.origins) this.#origins.add(origin);
      return description;
    }).catch((error) => {
      this.#description = undefined;
      throw error;
    });
  }

  async #send(
    request: HttpRequest,
    idempotent: boolean,
    what = "a link of Okta's answer",
  ): Promise<HttpResponse> {
    const { http, clock, onWait } = this.#options;
    const url = resolveLink(request.url, this.org);
    if (!await this.owns(url)) throw leftOrg(url, what);
    const cookie = this.jar.header(url, clock.now());
    const headers = { ...request.headers, ...(cookie === undefined ? {} : { "Cookie": cookie }) };
    // The time of the try that was answered: a rate limit may have held it up for a minute.
    let sent = clock.now();
    const timed: HttpClient = {
      ...http,
      send(attempt) {
        sent = clock.now();
        return http.send(attempt);
      },
    };
    const ready = { ...request, url: url.href, headers };
    const response = await sendWithRetry({ http: timed, clock }, ready, { idempotent, onWait });
    this.jar.accept(url, response.headers, clock.now());
    this.#readClock(response, (sent + clock.now()) / 2);
    return response;
  }

  #readClock(response: HttpResponse, localNow: number): void {
    const date = Date.parse(response.headers.get("date") ?? "");
    // The header counts whole seconds: its middle is the best guess.
    if (!Number.isNaN(date)) this.clockOffsetMilliseconds = date + 500 - localNow;
  }
}
