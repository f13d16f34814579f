/** Duo as an Okta factor: the frame's parameters, its callback, and polling. */

import { oktaNow } from "../../clock.ts";
import { checkDuo, signDuo } from "../../duo/signature.ts";
import type { Transaction } from "../../state.ts";
import type { SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { acceptFactor } from "./factor_verdict.ts";
import { showTransaction } from "./transaction_body.ts";

/** The frame's parameter: `TX|…:APP|…`. */
export async function duoSignature(
  context: OktaContext,
  login: string,
  factor: SimFactor,
): Promise<string> {
  const { ikey, skey, akey } = factor.duo!.keys;
  const now = oktaNow(context.world.clock);
  const sign = (prefix: "TX" | "APP", key: string) => signDuo(key, prefix, login, ikey, now);
  return `${await sign("TX", skey)}:${await sign("APP", akey)}`;
}

/** Starts Duo, or polls for its answer; both are the same request. */
export async function verifyDuo(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Promise<Response> {
  if (transaction.duoProven === factor.id) {
    delete transaction.duoProven;
    return acceptFactor(context, transaction, factor);
  }
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factor.id;
  transaction.factorResult = "WAITING";
  const path = `/api/v1/authn/factors/${factor.id}/lifecycle/duoCallback`;
  transaction.challenge = {
    embedded: {
      verification: {
        host: factor.duo!.host,
        signature: await duoSignature(context, transaction.user!.login, factor),
        factorResult: "WAITING",
        _links: {
          complete: { href: `${context.origin}${path}`, hints: { allow: ["POST"] } },
          script: {
            href: `${context.origin}/js/sections/duo/Duo-Web-v2.js`,
            type: "text/javascript; charset=utf-8",
          },
        },
      },
    },
  };
  return showTransaction(context, transaction);
}

/** Whether both parts of Duo's signed answer (`AUTH|…:APP|…`) are valid for the user. */
export async function checkDuoAnswer(
  { world }: OktaContext,
  login: string,
  factor: SimFactor,
  signed: string,
): Promise<boolean> {
  const { ikey, skey, akey } = factor.duo!.keys;
  const [auth = "", app = ""] = signed.split(":");
  const now = oktaNow(world.clock);
  const users = await Promise.all([
    checkDuo(skey, "AUTH", ikey, auth, now),
    checkDuo(akey, "APP", ikey, app, now),
  ]);
  return users.every((user) => user === login);
}

/** `POST …/lifecycle/duoCallback`: the form that Duo's frame posts, with both parts of the signature. */
export async function duoCallback(context: OktaContext): Promise<Response> {
  const { world, state, request } = context;
  const transaction = state.transactions.get(request.form.get("stateToken") ?? "");
  const now = oktaNow(world.clock);
  const factor = transaction?.user?.factors.find(({ id }) => id === transaction.factorId);
  const isDuo = factor?.duo !== undefined && request.form.get("id") === factor.id;
  if (!transaction || !isDuo || transaction.expiresAt <= now) return oktaError(world, "E0000011");
  const signed = request.form.get("sig_response") ?? "";
  const right = await checkDuoAnswer(context, transaction.user!.login, factor, signed);
  if (!right) return oktaError(world, "E0000068");
  transaction.duoProven = factor.id;
  return new Response("", { headers: { "content-type": "text/html;charset=utf-8" } });
}
