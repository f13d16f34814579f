import * as z from "zod/mini";
import { SignInError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import type { FactorAnswer } from "../factors/authenticator.ts";
import type { Factor } from "./authn_transaction.ts";
import type { OktaBody, OktaClient } from "../client/client.ts";
import { oktaError } from "../client/error_codes.ts";

/**
 * The members of the body, besides the stateToken.
 *
 * @returns Them, and nothing else: Okta takes `answer` for questions alone.
 */
export function answerBody(answer: Exclude<FactorAnswer, { kind: "duo" }>): OktaBody {
  switch (answer.kind) {
    case "code":
      return { passCode: answer.passCode };
    case "question":
      return { answer: answer.answer };
    case "password":
      return { password: answer.password };
    case "webauthn":
    case "u2f": {
      const { kind: _, ...fields } = answer;
      return fields;
    }
  }
}

const verificationSchema = z.object({
  _links: z.object({ complete: z.object({ href: z.string() }) }),
});

/**
 * Hands Duo's answer to Okta: the form that Duo's frame would send (protocol.md, a.4).
 *
 * @param factor `_embedded.factor` of the challenge.
 * @throws {SignInError} Okta's refusal.
 */
export async function completeDuo(
  client: OktaClient,
  stateToken: Secret,
  factor: Factor | undefined,
  { signedResponse }: Extract<FactorAnswer, { kind: "duo" }>,
): Promise<void> {
  const parsed = verificationSchema.safeParse(factor?.embedded.verification);
  if (!parsed.success) {
    throw new SignInError("Okta's answer lacks the link that Duo's goes to", {
      code: "bad_answer",
      hint: "run the command again, or choose another factor",
    });
  }
  const response = await client.postForm(parsed.data._links.complete.href, {
    id: factor!.id,
    stateToken,
    sig_response: signedResponse,
  });
  if (response.status >= 400) throw oktaError(response, "take Duo's answer");
}
