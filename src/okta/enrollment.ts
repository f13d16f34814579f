/**
 * Enrolling a time-based code of Google Authenticator's kind (protocol.md, a.6).
 *
 * Source: https://developer.okta.com/docs/reference/api/authn/#enroll-google-authenticator-factor
 *
 * @module
 */

import * as z from "zod/mini";
import type { HttpResponse } from "../ports.ts";
import { Secret } from "../secret.ts";
import type { AuthnTransaction, Factor } from "./authn_transaction.ts";
import type { OktaClient } from "./client.ts";

/** What Okta gives to make codes from. */
export interface TotpActivation {
  /** The shared key, base32. */
  sharedSecret: Secret;
  /** Seconds that a code lasts. */
  timeStepSeconds: number;
  /** Digits of a code. */
  digits: 6 | 7 | 8;
  /** Where the first code goes. */
  activate: string;
}

const number = z.catch(z.optional(z.number()), undefined);
const activationSchema = z.object({
  sharedSecret: z.string(),
  timeStep: number,
  keyLength: number,
  encoding: z.catch(z.optional(z.string()), undefined),
});

/**
 * The factor to enrol: Google's, since its secret is shown (Okta Verify's is not ours to keep).
 *
 * @param transaction In MFA_ENROLL.
 * @returns The factor, or `undefined` where Okta does not offer it.
 */
export function enrollableTotp({ factors }: AuthnTransaction): Factor | undefined {
  return factors.find(({ factorType, provider, enroll, status }) =>
    factorType === "token:software:totp" && provider === "GOOGLE" && enroll !== undefined &&
    status !== "ACTIVE"
  );
}

/**
 * Starts the enrolment.
 *
 * @param client The org.
 * @param enroll The factor's own link.
 * @param stateToken The transaction's.
 * @returns Okta's answer, unread: MFA_ENROLL_ACTIVATE.
 */
export function enrollTotpRequest(
  client: OktaClient,
  enroll: string,
  stateToken: Secret | undefined,
): Promise<HttpResponse> {
  const factor = { factorType: "token:software:totp", provider: "GOOGLE" };
  return client.post(enroll, { stateToken, ...factor });
}

/**
 * What to make codes from.
 *
 * @param transaction In MFA_ENROLL_ACTIVATE.
 * @returns The activation, or `undefined` where another kind of factor is being enrolled.
 */
export function processTotpActivation(
  { factor, next }: AuthnTransaction,
): TotpActivation | undefined {
  if (factor?.factorType !== "token:software:totp" || next?.name !== "activate") return undefined;
  const parsed = activationSchema.safeParse(factor.embedded.activation);
  if (!parsed.success || (parsed.data.encoding ?? "base32").toLowerCase() !== "base32") {
    return undefined;
  }
  const { sharedSecret, timeStep = 30, keyLength } = parsed.data;
  return {
    sharedSecret: new Secret(sharedSecret),
    timeStepSeconds: timeStep,
    // Some orgs give the key's own length here; codes have six digits then (RFC 6238's default).
    digits: keyLength === 7 || keyLength === 8 ? keyLength : 6,
    activate: next.href,
  };
}
