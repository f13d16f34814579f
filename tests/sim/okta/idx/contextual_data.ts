/**
 * What an authenticator needs in order to be answered: a key's challenge, Duo's signature.
 *
 * @module
 */

import type { OktaContext } from "../context.ts";
import { duoSignature } from "../duo_factor.ts";
import { form, ion } from "./ion.ts";
import type { Members } from "./step.ts";
import type { IdxTransaction } from "./transaction.ts";

/** What a security key is to sign. */
export function keyChallenge({ world }: OktaContext, transaction: IdxTransaction): Members {
  const { user, keyChallenge: challenge } = transaction;
  const { appId, userVerification = "preferred" } = user!.factors.find(({ factorType }) =>
    factorType === "webauthn"
  )!.key!;
  const extensions = appId === undefined ? {} : { appid: appId };
  const hints = world.idx.keyHints ? { hints: ["security-key"] } : {};
  return { challengeData: { challenge, userVerification, ...hints, extensions } };
}

/** What Duo's frame is opened with. */
export async function duoData(context: OktaContext, { user }: IdxTransaction): Promise<Members> {
  const factor = user!.factors.find(({ duo }) => duo)!;
  return {
    integrationType: "IFRAME",
    host: factor.duo!.host,
    signedToken: await duoSignature(context, user!.login, factor),
    script: `${context.origin}/js/sections/duo/Duo-Web-v2.6.js`,
  };
}

/** FastPass: what Okta Verify on this very computer would have to sign. */
export function loopback(context: OktaContext, transaction: IdxTransaction): Members {
  const cancel = form(
    context,
    transaction,
    "cancel-polling",
    "/idp/idx/authenticators/poll/cancel",
  );
  const challenge = {
    challengeMethod: "LOOPBACK",
    challengeRequest: "eyJraWQiOiI1",
    domain: "http://localhost",
    ports: ["2000", "6511", "6512", "6513"],
  };
  return { cancel, contextualData: { challenge: ion(challenge) } };
}
