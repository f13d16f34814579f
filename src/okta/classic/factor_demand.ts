import * as z from "zod/mini";
import { Secret } from "../../secret.ts";
import type { Authenticator, FactorDemand } from "../factors/authenticator.ts";
import type { AuthnState, Factor } from "./authn_transaction.ts";

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

/** One factor with a challenge of its own, or all of a type with one for them together. */
function securityKeyDemand(
  factors: Factor[],
  given: unknown,
  org: string,
): FactorDemand | undefined {
  const parsed = challengeSchema.safeParse(given);
  if (!parsed.success) return undefined;
  const { challenge, nonce, userVerification, extensions } = parsed.data;
  const random = challenge ?? nonce;
  const credentialIds = factors.flatMap(({ profile }) => profile.credentialId ?? []);
  const [first] = factors;
  if (random === undefined || first === undefined || credentialIds.length === 0) return undefined;
  return {
    kind: first.factorType === "u2f" ? "u2f" : "webauthn",
    challenge: random,
    credentialIds,
    appId: first.profile.appId ?? extensions?.appid,
    rpId: new URL(org).hostname,
    origin: org,
    userVerification,
  };
}

/**
 * What the challenge of a factor wants.
 *
 * @param transaction The answer: its factor, or all of a type (protocol.md, a.4).
 * @returns The demand, or `undefined` where it is a code, or nothing yet but patience.
 */
export function demandOf(
  { kind }: Authenticator,
  { factor, factors, challenge }: Pick<AuthnState, "factor" | "factors" | "challenge">,
  org: string,
): FactorDemand | undefined {
  if (kind === "duo" && factor !== undefined) return duoDemand(factor, org);
  if (kind !== "security_key") return undefined;
  return factor === undefined
    ? securityKeyDemand(factors, challenge, org)
    : securityKeyDemand([factor], factor.embedded.challenge, org);
}
