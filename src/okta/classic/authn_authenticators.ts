import { showUntrusted } from "../../untrusted_text.ts";
import type { Authenticator, AuthenticatorKind } from "../factors/authenticator.ts";
import { kindOfFactor, nameOfFactor } from "../factors/authenticator_names.ts";
import type { Factor } from "./authn_transaction.ts";

function kindOf({ factorType, provider, verify }: Factor): AuthenticatorKind {
  if (verify === undefined) return "browser";
  return factorType === "web" && provider === "DUO" ? "duo" : kindOfFactor(factorType);
}

/**
 * What a factor is to a person.
 *
 * @returns The authenticator; `browser` where a terminal can't answer it.
 */
export function authenticatorOf(factor: Factor): Authenticator {
  const { factorType, provider, id, profile } = factor;
  const { questionText } = profile;
  return {
    kind: kindOf(factor),
    factorType,
    provider,
    id,
    name: nameOfFactor(factor),
    question: questionText === undefined ? undefined : showUntrusted(questionText),
  };
}
