import { sendWithRetry } from "../../http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import type { CookieJar } from "./cookie_jar.ts";
import { isSecureUrl } from "../../settings/sign_in_address.ts";
import { leftOrg, type OrgDescription, processOrgDescription } from "./org.ts";
import { SignInError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** A JSON body. Secrets are revealed only when the request is written. */
export type OktaBody = Record<string, string | boolean | Secret | undefined | object>;

export interface OktaClientOptions {
  org: string;
  jar: CookieJar;
  http: HttpClient;
  clock: Clock;
  /** What the org said of itself to an earlier run. */
  remembered?: RememberedOrg;
  /** Called once a second while a rate limit delays a request. */
  onWait?: (secondsLeft: number, reason: string) => void;
}

/** Keeps an org's description between runs. */
export interface RememberedOrg {
  read(): Promise<OrgDescription | undefined>;
  write(description: OrgDescription): Promise<void>;
}

/** One-time tokens: a second request would get the sign-in page. */
const ONE_TIME = /[?&](?:token|sessionToken|onetimetoken|stateToken)=/i;

const JSON_TYPE = "application/json";

const PAGE = "text/html,application/xhtml+xml";

/** Largest page accepted. SAML pages over 1 MB exist. */
const PAGE_BYTES = 8 * 1024 * 1024;

const REDIRECTS = 10;

function encode(body: OktaBody): string {
  return JSON.stringify(reveal(body));
}

/** `JSON.stringify`'s replacer would be too late: it sees the output of `toJSON`. */
function reveal(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(reveal);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, reveal(one)]));
}

/** How a request may be sent again. */
export interface SendOptions {
  idempotent?: boolean;
  password?: boolean;
}

/** After a 429: each attempt may count towards a lockout. */
const PASSWORD_RETRIES = 2;

export interface JsonTypes {
  contentType?: string;
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
    `Okta redirected more than ${REDIRECTS} times (last: ${showUntrusted(at.pathname)})`,
    { code: "too_many_redirects", hint: "check whether the AWS app opens in a browser" },
  );
}

/** @throws {SignInError} `bad_link` */
function resolveLink(link: string, org: string): URL {
  const url = URL.parse(link, org);
  if (url !== null && url.username + url.password === "") return url;
  throw new SignInError(`not a valid URL: ${showUntrusted(link)}`, {
    code: "bad_link",
    hint: "check org and app in the settings, or run okta-aws init again",
  });
}

export class OktaClient {
  readonly org: string;
  readonly jar: CookieJar;
  /** Okta's clock minus ours in milliseconds, as of the last response. */
  clockOffsetMilliseconds = 0;
  readonly clock: Clock;
  readonly #options: OktaClientOptions;
  #origins: Set<string>;
  #description: Promise<OrgDescription> | undefined;

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
   * @param url Absolute (Okta's `_links`) or a path on the org.
   * @param options `idempotent` (default: false): may be sent again if the response was lost. Polls
   * may; passwords and codes may not. `password`: after a 429, it is sent at most twice more.
   */
  post(
    url: string,
    body: OktaBody,
    options: SendOptions & JsonTypes = {},
  ): Promise<HttpResponse> {
    const { contentType = JSON_TYPE, accept = JSON_TYPE } = options;
    const headers = { "Accept": accept, "Content-Type": contentType };
    return this.#send({ method: "POST", url, headers, body: encode(body) }, options);
  }

  /** POSTs a form. Undefined fields are omitted. */
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
    return this.#send({ method: "POST", url, headers, body: form.toString() });
  }

  /** GETs or DELETEs a JSON resource. The URL is absolute or a path on the org. */
  get(
    url: string,
    method: "GET" | "DELETE" = "GET",
    accept = "application/json",
  ): Promise<HttpResponse> {
    return this.#send({ method, url, headers: { "Accept": accept } }, { idempotent: true });
  }

  /** GETs a JSON resource with an access token instead of a session. */
  getWithToken(url: string, token: Secret): Promise<HttpResponse> {
    const headers = { "Accept": "application/json", "Authorization": `Bearer ${token.reveal()}` };
    return this.#send({ method: "GET", url, headers }, { idempotent: true });
  }

  /**
   * Opens a page like a browser, following redirects only within the org. Returns the first
   * response that is not a redirect, and its URL.
   *
   * @param stopAt Which redirect is not followed: its address is returned with the redirect itself.
   * @throws {SignInError} `left_org`, `too_many_redirects`
   */
  async page(
    url: string,
    form?: URLSearchParams,
    stopAt?: (next: URL) => boolean,
  ): Promise<{ url: URL; response: HttpResponse }> {
    let at = resolveLink(url, this.org);
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const response = hop === 0 && form !== undefined
        ? await this.#send(formRequest(at, form), {}, "a form")
        : await this.#send(
          pageRequest(at),
          { idempotent: !ONE_TIME.test(at.search) },
          hop === 0 ? "the URL" : "a redirect",
        );
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return { url: at, response };
      }
      const next = URL.parse(location, at);
      if (next === null) return { url: at, response };
      at = next;
      if (stopAt?.(next)) return { url: at, response };
    }
    throw tooManyRedirects(at);
  }

  /** Whether a URL belongs to the org: its own origin, or one that the org lists. */
  async owns(url: URL): Promise<boolean> {
    if (!isSecureUrl(url)) return false;
    if (this.#origins.has(url.origin)) return true;
    await this.#describe();
    return this.#origins.has(url.origin);
  }

  /** `v1` for Classic, `idx` for Identity Engine, `undefined` if the org does not say. */
  async pipeline(): Promise<string | undefined> {
    return (await this.#describe()).pipeline;
  }

  /** As {@linkcode pipeline}, but asks the org even if an earlier run has. */
  async pipelineNow(): Promise<string | undefined> {
    this.#description = this.#learn(this.#ask());
    return await this.pipeline();
  }

  /** As {@linkcode pipeline}, if that is known already: nothing is sent. */
  async knownPipeline(): Promise<string | undefined> {
    return (await (this.#description ?? this.#options.remembered?.read()))?.pipeline;
  }

  /** Requested lazily: custom domains are rare, and each request costs time. */
  #describe(): Promise<OrgDescription> {
    return this.#description ??= this.#learn(this.#readDescription());
  }

  #learn(reading: Promise<OrgDescription>): Promise<OrgDescription> {
    return reading.then((description) => {
      for (const origin of description.origins) this.#origins.add(origin);
      return description;
    }).catch((error) => {
      this.#description = undefined;
      throw error;
    });
  }

  async #readDescription(): Promise<OrgDescription> {
    return await this.#options.remembered?.read() ?? await this.#ask();
  }

  /** It may be asked before a session is restored: cookies of its own would pass for one. */
  async #ask(): Promise<OrgDescription> {
    const url = "/.well-known/okta-organization";
    const request: HttpRequest = { method: "GET", url, headers: { "Accept": JSON_TYPE } };
    const response = await this.#send(request, { idempotent: true, takesCookies: false });
    const description = processOrgDescription(response.status === 200 ? response.body : "");
    if (description.pipeline !== undefined) await this.#options.remembered?.write(description);
    return description;
  }

  async #send(
    request: HttpRequest,
    { idempotent = false, password = false, takesCookies = true }: SendOptions & {
      takesCookies?: boolean;
    } = {},
    what = "a link in Okta's response",
  ): Promise<HttpResponse> {
    const { http, clock, onWait } = this.#options;
    const url = resolveLink(request.url, this.org);
    if (!await this.owns(url)) throw leftOrg(url, what);
    const cookie = this.jar.header(url, clock.now());
    const headers = { ...request.headers, ...(cookie === undefined ? {} : { "Cookie": cookie }) };
    // The time of the last attempt: a rate limit may have delayed it by a minute.
    let sent = clock.now();
    const timed: HttpClient = {
      ...http,
      send(attempt) {
        sent = clock.now();
        return http.send(attempt);
      },
    };
    const ready = { ...request, url: url.href, headers };
    const mostRetries = password ? PASSWORD_RETRIES : undefined;
    const options = { idempotent, mostRetries, onWait };
    const response = await sendWithRetry({ http: timed, clock }, ready, options);
    if (takesCookies) this.jar.accept(url, response.headers, clock.now());
    this.#readClock(response, (sent + clock.now()) / 2);
    return response;
  }

  #readClock(response: HttpResponse, localNow: number): void {
    const date = Date.parse(response.headers.get("date") ?? "");
    // The header has whole seconds; the middle of the second is the best guess.
    if (!Number.isNaN(date)) this.clockOffsetMilliseconds = date + 500 - localNow;
  }
}
