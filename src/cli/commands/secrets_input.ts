/**
 * What `init --secrets-stdin` reads.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { type GivenSecrets, secretOf, totpOf } from "./init_questions.ts";

/**
 * Reads what `--secrets-stdin` takes.
 *
 * @param input `{"password": "…", "totp": "otpauth://… or base32"}`, each key optional.
 * @returns The secrets, the second as an `otpauth://` URI.
 * @throws {UsageError} `bad_secrets_input`; the message holds no part of the input.
 */
export function parseSecretsInput(input: Secret): GivenSecrets {
  let document: unknown;
  try {
    document = JSON.parse(input.reveal());
  } catch {
    throw badInput("is not JSON");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw badInput("is not a JSON object");
  }
  const unknown = Object.keys(document).find((key) => key !== "password" && key !== "totp");
  if (unknown !== undefined) throw badInput("has a key that is neither password nor totp");
  const { password, totp } = document as Record<string, unknown>;
  for (const value of [password, totp]) {
    if (value !== undefined && typeof value !== "string") throw badInput("has a value of no text");
  }
  return { password: secretOf(password as string), totp: totpOf(totp as string) };
}

function badInput(what: string): UsageError {
  return new UsageError(`what came on standard input ${what}`, {
    code: "bad_secrets_input",
    hint: 'give {"password": "…", "totp": "otpauth://… or base32"}',
  });
}
