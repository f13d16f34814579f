/**
 * What a challenged factor of the authn API wants beyond a code: out of `_embedded.factor`.
 *
 * @module
 */

import * as z from "zod/mini";
import { Secret } from "../secret.ts";
import type { Authenticator, FactorDemand } from "./authenticator.ts";
import type { Factor } from "./authn_transaction.ts";

const text = z.catch(z.optional(z.string()), undefined);

/** Duo's: `_embedded.factor._embedded.verification`. */
const verificationSchema = z.object({ host: z.string(), signature: z.string() });

/** WebAuthn's and U2F's: `_embedded.factor._embedded.challenge`. */
const challengeSchema = z.object({
  challenge: text,
  nonce: text,
  userVerification: text,
  extensions: z.catch(z.optional(z.object({ appid: text })), undefined),
});

function duoDemand(factor: Factor, org: string): FactorDemand | undefined {
  const parsed = verificationSchema.safeParse(factor.embedded.verification);
  if (!parsed.success) return undefined;
  const { host, signature } = parsed.data;
  return {
    kind: "duo",
    host,
    signature: new Secret(signature),
    parent: `${org}/signin/verify/duo`,
  };
}

function securityKeyDemand(factor: Factor, org: string): FactorDemand | undefined {
  const parsed = challengeSchema.safeParse(factor.embedded.challenge);
  if (!parsed.success) return undefined;
  const { challenge, nonce, userVerification, extensions } = parsed.data;
  const random = challenge ?? nonce;
  const { credentialId, appId } = factor.profile;
  if (random === undefined || credentialId === undefined) return undefined;
  return {
    kind: factor.factorType === "u2f" ? "u2f" : "webauthn",
    challenge: random,
    credentialIds: [credentialId],
    appId: appId ?? extensions?.appid,
    rpId: new URL(org).hostname,
    origin: org,
    userVerification,
  };
}

/**
 * What the challenge of a factor wants.
 *
 * @param authenticator The factor, as it was chosen.
 * @param factor `_embedded.factor` of the answer.
 * @param org The org's origin.
 * @returns The demand, or `undefined` where it is a code, or nothing yet but patience.
 */
export function demandOf(
  { kind }: Authenticator,
  factor: Factor | undefined,
  org: string,
): FactorDemand | undefined {
  if (factor === undefined) return undefined;
  if (kind === "duo") return duoDemand(factor, org);
  if (kind === "security_key") return securityKeyDemand(factor, org);
  return undefined;
}
