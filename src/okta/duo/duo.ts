/**
 * Duo's traditional prompt (Duo Web v2): open the frame, choose a device, wait, take the signed
 * cookie. Requests are those of the frame, and go to Duo's hosts only.
 * https://duo.com/docs/duoweb-v2 documents both ends; the rest follows Duo-Web-v2.js and other Okta
 * clients.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { HttpRequest, HttpResponse } from "../../ports.ts";
import { lenient, object } from "../../schemas.ts";
import { Secret } from "../../secret.ts";
import type { DuoDemand, RefusalReason } from "../factors/authenticator.ts";
import {
  duoFailed,
  type DuoFields,
  duoForm,
  duoOrigin,
  type DuoPorts,
  type DuoSend,
  duoSender,
  onlyUniversal,
} from "./duo_client.ts";
import { type DuoMethod, type DuoPromptPage, parseDuoPromptPage } from "./duo_prompt_page.ts";
import * as v from "valibot";
import { showUntrusted } from "../../untrusted_text.ts";

export interface DuoFrame {
  /** In Duo's order; never empty. */
  readonly methods: readonly DuoMethod[];
  /** Sends the push, places the call or checks the passcode. Returns Duo's transaction. */
  prompt(method: DuoMethod, passCode?: Secret): Promise<Secret>;
  /** Long poll: Duo responds when something has changed, or after a while. */
  status(transaction: Secret): Promise<DuoStatus>;
}

/** Duo holds a status request until the user has answered. */
const STATUS_TIMEOUT_MILLISECONDS = 90_000;

/** The version of Duo-Web.js that we imitate. */
const VERSION = "2.6";

const HOPS = 7;

/**
 * Opens Duo's frame.
 *
 * @throws {SignInError} `factor_not_supported` if Duo has only its Universal Prompt, `bad_answer`
 * if the host is not Duo's.
 * @throws {NetworkError}
 */
export async function openDuoFrame(demand: DuoDemand, ports: DuoPorts): Promise<DuoFrame> {
  const origin = duoOrigin(demand.host);
  const send = duoSender(origin, ports);
  const page = await openPage(demand, origin, send);
  const { sid } = page;
  if (sid === undefined) throw page.isUniversal ? onlyUniversal() : duoFailed("no session");
  const post: Post = (path, fields, timeoutMilliseconds) =>
    send({
      method: "POST",
      url: new URL(path, origin).href,
      headers: { "X-Requested-With": "XMLHttpRequest", "Accept": "application/json" },
      body: duoForm({ sid, ...fields }),
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
    });
  return {
    methods: page.methods,
    prompt: (method, passCode) => prompt(post, page, method, passCode),
    status: (transaction) => status(post, origin, transaction),
  };
}

/**
 * The first page is a redirect to the prompt, or a form about the browser that a script would
 * submit; we submit its fields unchanged.
 */
async function openPage(demand: DuoDemand, origin: string, send: DuoSend): Promise<DuoPromptPage> {
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
      if (/\/(?:frameless|v4)\//.test(next.pathname)) throw onlyUniversal();
      sid = next.searchParams.get("sid") ?? sid;
      request = { method: "GET", url: next.href };
      continue;
    }
    if (response.status !== 200) throw duoFailed(`HTTP ${response.status}`);
    const page = parseDuoPromptPage(response.body);
    if (page.isUniversal) throw onlyUniversal();
    if (page.isBetween) {
      const body = duoForm(Object.fromEntries(page.fields));
      request = { method: "POST", url: request.url, body };
      continue;
    }
    const known = sid === undefined ? page : { ...page, sid: new Secret(sid) };
    if (sid !== undefined || !page.fields.has("tx") && page.sid !== undefined) return known;
    request = { method: "POST", url: first, body: duoForm(Object.fromEntries(page.fields)) };
  }
  throw duoFailed("too many redirects");
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
  if (answer.kind !== "refused") throw duoFailed("no transaction");
  throw new SignInError(`Duo refused: ${answer.message}`, {
    code: "duo_refused",
    hint: "choose another Duo method (--mfa-duo-device), or another factor",
  });
}

type Post = (
  path: string,
  fields: DuoFields,
  timeoutMilliseconds?: number,
) => Promise<HttpResponse>;

async function status(post: Post, origin: string, transaction: Secret): Promise<DuoStatus> {
  const response = await post("/frame/status", { txid: transaction }, STATUS_TIMEOUT_MILLISECONDS);
  const answer = processDuoStatus(response);
  if (answer.kind !== "redirect") return answer;
  const url = URL.parse(answer.path, origin);
  if (url?.origin !== origin) throw duoFailed("its result is on another host");
  return processDuoStatus(await post(url.pathname, {}));
}

export type DuoStatus =
  | { kind: "started"; transaction: Secret }
  /** Not answered yet; `message` is Duo's, safe to show. */
  | { kind: "waiting"; message: string }
  /** Granted; the cookie is at `path` on Duo's host. */
  | { kind: "redirect"; path: string }
  /** Granted; `cookie` (`AUTH|…`) is for Okta. */
  | { kind: "granted"; cookie: Secret }
  /** Not granted; `message` is Duo's, safe to show. */
  | { kind: "refused"; reason: RefusalReason; message: string };

const text = lenient(v.string());
const answerSchema = object({
  stat: text,
  message: text,
  response: lenient(object({
    txid: text,
    status: text,
    status_code: text,
    reason: text,
    result: text,
    result_url: text,
    cookie: text,
  })),
});

function refused(reason: RefusalReason, message: string | undefined): DuoStatus {
  return { kind: "refused", reason, message: showUntrusted(message ?? "Duo denied access") };
}

/** `deny` means a wrong passcode or a rejected push: only the message tells which. */
function reasonOf(code: string | undefined, message: string): RefusalReason {
  if (code === "timeout" || /timed out/i.test(message)) return "timeout";
  if (/passcode/i.test(message)) return "wrong";
  return code === "deny" || code === "fraud" ? "rejected" : "ended";
}

/** Reads a response of `/frame/prompt`, `/frame/status` or a result page. */
export function processDuoStatus(response: HttpResponse): DuoStatus {
  const parsed = v.safeParse(answerSchema, parseJson(response.body));
  if (!parsed.success || response.status >= 500) {
    return refused("ended", `unexpected response (HTTP ${response.status})`);
  }
  const { stat, message, response: answer } = parsed.output;
  if (stat === "FAIL" || answer === undefined) return refused("ended", message);
  const { txid, status = "", status_code, reason, result, result_url, cookie } = answer;
  if (cookie !== undefined) return { kind: "granted", cookie: new Secret(cookie) };
  if (result === "FAILURE") {
    return refused(reasonOf(status_code, `${status} ${reason ?? ""}`), status || reason);
  }
  if (result_url !== undefined) return { kind: "redirect", path: result_url };
  if (txid !== undefined && status_code === undefined) {
    return { kind: "started", transaction: new Secret(txid) };
  }
  return { kind: "waiting", message: showUntrusted(status) };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
