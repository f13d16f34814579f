/**
 * Duo's traditional prompt, as its frame speaks it: open the frame, choose a device, wait, take the
 * signed cookie home. Nothing but what the frame would send goes to Duo, and only to Duo's hosts.
 *
 * The protocol is Duo's own (Duo Web v2); https://duo.com/docs/duoweb-v2 documents its ends, what
 * lies between is as Duo-Web-v2.js and other clients of Okta have it (protocol.md, a.4).
 *
 * @module
 */

import { NetworkError, SignInError } from "../errors.ts";
import { sendWithRetry } from "../http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../ports.ts";
import { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { DuoDemand } from "./authenticator.ts";
import { CookieJar } from "./cookie_jar.ts";
import { type DuoMethod, type DuoPromptPage, parseDuoPromptPage } from "./duo_prompt_page.ts";
import { type DuoStatus, processDuoStatus } from "./duo_status.ts";
import { isSecureUrl } from "./org.ts";

/** An opened frame. */
export interface DuoFrame {
  /** What Duo offers, in its order; never empty. */
  readonly methods: readonly DuoMethod[];
  /**
   * Has Duo send the push, place the call, or check the passcode.
   *
   * @param method One of `methods`.
   * @param passCode For `Passcode`.
   * @returns Duo's transaction.
   */
  prompt(method: DuoMethod, passCode?: Secret): Promise<Secret>;
  /**
   * How a transaction stands. Duo answers when something has changed, or after a while.
   *
   * @param transaction What `prompt` gave.
   */
  status(transaction: Secret): Promise<DuoStatus>;
}

/** What a frame is opened with. */
export interface DuoPorts {
  /** Sends the requests. */
  http: HttpClient;
  /** Tells the time and waits. */
  clock: Clock;
}

/** Duo keeps a status request open until the person has done something. */
const STATUS_TIMEOUT_MILLISECONDS = 90_000;

/** The version of Duo-Web.js that we speak as. */
const VERSION = "2.6";

const DUO_HOST = /^[a-z0-9.-]+\.(?:duosecurity|duofederal)\.com$/;
const HOPS = 5;

type Fields = Record<string, string | Secret>;
type Post = (path: string, fields: Fields, timeoutMilliseconds?: number) => Promise<HttpResponse>;

/** @throws {SignInError} `bad_answer`: the person's factor goes to Duo and nobody else. */
function originOf(host: string): string {
  const url = URL.parse(`https://${host}`);
  if (url?.host === host && DUO_HOST.test(host)) return url.origin;
  const local = URL.parse(`http://${host}`);
  if (local?.host === host && isSecureUrl(local)) return local.origin;
  throw new SignInError(`Okta names ${showUntrusted(host)} for Duo, which is not a host of Duo's`, {
    code: "bad_answer",
    hint: "nothing was sent there; choose another factor, or ask your Okta administrator",
  });
}

function onlyUniversal(): SignInError {
  return new SignInError("Duo asks by its Universal Prompt, which needs a browser", {
    code: "factor_not_supported",
    hint: "choose another factor; your Okta administrator can also let Duo be used with its " +
      "passcodes as a code of its own",
  });
}

/** @throws {NetworkError} `duo_failed` */
export function duoFailed(what: string): NetworkError {
  return new NetworkError(`Duo's answer is not one that okta-aws knows: ${showUntrusted(what)}`, {
    code: "duo_failed",
    hint: "try again, or choose another factor",
  });
}

function formOf(fields: Fields): string {
  const pairs = Object.entries(fields).map(([name, value]) =>
    [name, value instanceof Secret ? value.reveal() : value] as [string, string]
  );
  return new URLSearchParams(pairs).toString();
}

/**
 * Opens Duo's frame.
 *
 * @param demand What Okta wants of Duo.
 * @param ports The network and the time.
 * @returns The frame.
 * @throws {SignInError} `factor_not_supported` where Duo has but its Universal Prompt to offer,
 * `bad_answer` where the host is not Duo's.
 * @throws {NetworkError}
 */
export async function openDuoFrame(demand: DuoDemand, ports: DuoPorts): Promise<DuoFrame> {
  const origin = originOf(demand.host);
  const send = sender(origin, ports);
  const page = await openPage(demand, origin, send);
  const { sid } = page;
  if (sid === undefined) throw page.isUniversal ? onlyUniversal() : duoFailed("no session");
  const post: Post = (path, fields, timeoutMilliseconds) =>
    send({
      method: "POST",
      url: new URL(path, origin).href,
      headers: { "X-Requested-With": "XMLHttpRequest", "Accept": "application/json" },
      body: formOf({ sid, ...fields }),
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    });
  return {
    methods: page.methods,
    prompt: (method, passCode) => prompt(post, page, method, passCode),
    status: (transaction) => status(post, origin, transaction),
  };
}

type Send = (request: HttpRequest) => Promise<HttpResponse>;

/** Cookies, form encoding and retries; only to Duo's origin. */
function sender(origin: string, { http, clock }: DuoPorts): Send {
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
    const response = await sendWithRetry(http, clock, { ...request, headers }, { idempotent });
    jar.accept(url, response.headers, clock.now());
    return response;
  };
}

const FORM = "application/x-www-form-urlencoded";

/**
 * The frame's first page: a redirect to the prompt, or a form about the browser (certificates) that
 * a script would send off; ours has its fields as they are.
 */
async function openPage(demand: DuoDemand, origin: string, send: Send): Promise<DuoPromptPage> {
  const [tx = ""] = demand.signature.reveal().split(":");
  const query = new URLSearchParams({ tx, parent: demand.parent, v: VERSION });
  const first = `${origin}/frame/web/v1/auth?${query}`;
  let request: HttpRequest = { method: "GET", url: first };
  let sid: string | undefined;
  for (let hop = 0; hop < HOPS; hop++) {
    const response = await send(request);
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      const next = new URL(location, request.url);
      if (next.pathname.includes("/frameless/")) throw onlyUniversal();
      sid = next.searchParams.get("sid") ?? sid;
      request = { method: "GET", url: next.href };
      continue;
    }
    if (response.status !== 200) throw duoFailed(`HTTP ${response.status}`);
    const page = parseDuoPromptPage(response.body);
    if (page.isUniversal) throw onlyUniversal();
    const known = sid === undefined ? page : { ...page, sid: new Secret(sid) };
    if (sid !== undefined || !page.fields.has("tx") && page.sid !== undefined) return known;
    request = { method: "POST", url: first, body: formOf(Object.fromEntries(page.fields)) };
  }
  throw duoFailed("its pages go round in a circle");
}

async function prompt(
  post: Post,
  { fields }: DuoPromptPage,
  { device, factor }: DuoMethod,
  passCode?: Secret,
): Promise<Secret> {
  const response = await post("/frame/prompt", {
    device,
    factor,
    ...(passCode === undefined ? {} : { passcode: passCode }),
    out_of_date: fields.get("out_of_date") || "False",
    days_out_of_date: fields.get("days_out_of_date") || "0",
  });
  const answer = processDuoStatus(response);
  if (answer.kind === "started") return answer.transaction;
  throw duoFailed(answer.kind === "refused" ? answer.message : "no transaction");
}

async function status(post: Post, origin: string, transaction: Secret): Promise<DuoStatus> {
  const response = await post("/frame/status", { txid: transaction }, STATUS_TIMEOUT_MILLISECONDS);
  const answer = processDuoStatus(response);
  if (answer.kind !== "redirect") return answer;
  const url = URL.parse(answer.path, origin);
  if (url?.origin !== origin) throw duoFailed("its result is elsewhere");
  return processDuoStatus(await post(url.pathname, {}));
}
