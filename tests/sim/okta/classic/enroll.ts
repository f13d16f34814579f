import { oktaNow } from "../../clock.ts";
import { oktaId } from "../../random_text.ts";
import type { Transaction } from "../../state.ts";
import type { SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { acceptFactor, ILLEGAL } from "./factor_verdict.ts";
import { judgeTotpCode, refuseTotpCode } from "./totp_factor.ts";
import { showTransaction } from "./transaction_body.ts";

/** `POST /api/v1/authn/factors`: starts enrolling a TOTP factor; other types are rejected. */
export function enrollFactor(context: OktaContext, transaction: Transaction): Response {
  const { world, request } = context;
  if (transaction.status !== "MFA_ENROLL") return oktaError(world, "E0000079", [ILLEGAL]);
  const { factorType, provider } = request.json!;
  if (factorType !== "token:software:totp" || provider !== "GOOGLE" && provider !== "OKTA") {
    return oktaError(world, "E0000001", ["The simulator enrolls TOTP factors only."], "factorType");
  }
  transaction.enrolling = {
    ...newTotpFactor(provider, newSecret()),
    profile: { credentialId: transaction.user!.login },
  };
  transaction.status = "MFA_ENROLL_ACTIVATE";
  return showTransaction(context, transaction);
}

export function newTotpFactor(provider: "GOOGLE" | "OKTA", secret: string): SimFactor {
  return {
    id: oktaId(provider === "OKTA" ? "ost" : "uft"),
    factorType: "token:software:totp",
    provider,
    totp: { secret, algorithm: "SHA-1", digits: 6, period: 30 },
  };
}

/** Base32. */
export function newSecret(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => letters[byte % 32]).join("");
}

/** `POST …/lifecycle/activate`: checks the first code of the factor being enrolled. */
export async function activateFactor(
  context: OktaContext,
  transaction: Transaction,
  id: string,
): Promise<Response> {
  const { world, request } = context;
  const factor = transaction.enrolling;
  if (transaction.status !== "MFA_ENROLL_ACTIVATE" || factor?.id !== id) {
    return oktaError(world, "E0000079", [ILLEGAL]);
  }
  const passCode = String(request.json!.passCode ?? "");
  const verdict = await judgeTotpCode(factor, passCode, oktaNow(world.clock));
  if (verdict !== "right") return refuseTotpCode(context, transaction, verdict);
  transaction.user!.factors.push(factor);
  delete transaction.enrolling;
  transaction.done.add("enroll");
  return acceptFactor(context, transaction, factor);
}
