import * as z from "zod/mini";
import type { HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { RefusalReason } from "../factors/authenticator.ts";

/** How a transaction of Duo's stands. */
export type DuoStatus =
  | { kind: "started"; transaction: Secret }
  /** The person has not answered; `message` is Duo's, safe to show. */
  | { kind: "waiting"; message: string }
  /** Granted: the cookie is at `path`, on Duo's host. */
  | { kind: "redirect"; path: string }
  /** Granted. The cookie (`AUTH|…`) is what Okta wants to see. */
  | { kind: "granted"; cookie: Secret }
  /** Not granted; `message` is Duo's, safe to show. */
  | { kind: "refused"; reason: RefusalReason; message: string };

const text = z.catch(z.optional(z.string()), undefined);
const answerSchema = z.object({
  stat: text,
  message: text,
  response: z.catch(
    z.optional(z.object({
      txid: text,
      status: text,
      status_code: text,
      reason: text,
      result: text,
      result_url: text,
      cookie: text,
    })),
    undefined,
  ),
});

function refused(reason: RefusalReason, message: string | undefined): DuoStatus {
  return { kind: "refused", reason, message: showUntrusted(message ?? "Duo says no") };
}

/** `deny` is a wrong passcode as well as a no on the phone: only the words tell them apart. */
function reasonOf(code: string | undefined, message: string): RefusalReason {
  if (code === "timeout" || /timed out/i.test(message)) return "timeout";
  if (/passcode/i.test(message)) return "wrong";
  return code === "deny" || code === "fraud" ? "rejected" : "ended";
}

/** Reads an answer of `/frame/prompt`, `/frame/status` or a result page. */
export function processDuoStatus(response: HttpResponse): DuoStatus {
  const parsed = answerSchema.safeParse(parseJson(response.body));
  if (!parsed.success || response.status >= 500) {
    return refused("ended", `HTTP ${response.status} without an answer`);
  }
  const { stat, message, response: answer } = parsed.data;
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
