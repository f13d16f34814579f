/**
 * The key that an account's sessions are sealed with: the stored one, or one derived from secrets that
 * we don't store (`env`, `command`).
 *
 * @module
 */

import { SecretStoreError, SettingsError } from "../errors.ts";
import { Secret } from "../secret.ts";
import { KeyMaterial, type SealKey } from "../store/seal.ts";
import { decodeBase32 } from "../totp/base32.ts";
import { parseTotpSecret } from "../totp/otpauth_uri.ts";
import type { AccountSecrets } from "./secret_item.ts";

/** A shorter TOTP secret could be found by trying all, with a copy of the session file. */
const LEAST_TOTP_BYTES = 10;

/** The key, or `undefined` if there is none and so no session is kept. */
export async function sessionKeyOf(secrets: AccountSecrets): Promise<SealKey | undefined> {
  if (secrets.sessionKey !== undefined) return secrets.sessionKey;
  const key = strongTotpKey(await totpSecretOf(secrets));
  if (key === undefined) return undefined;
  return new KeyMaterial(
    new Secret(JSON.stringify([key.reveal(), secrets.password?.reveal() ?? ""])),
  );
}

/** Base32; `undefined` if it is no TOTP secret, or a short one. */
export function strongTotpKey(totp: Secret | undefined): Secret | undefined {
  const key = totp && totpKey(totp);
  const isStrong = key !== undefined && decodeBase32(key.reveal()).length >= LEAST_TOTP_BYTES;
  return isStrong ? key : undefined;
}

async function totpSecretOf(
  { totp, lastOneTimeCode }: AccountSecrets,
): Promise<Secret | undefined> {
  if (totp !== undefined) return totp;
  try {
    return await lastOneTimeCode?.();
  } catch (error) {
    // If a sign-in needs the program's answer, that reports the failure.
    if (error instanceof SecretStoreError) return undefined;
    throw error;
  }
}

/** Base32; `undefined` for a one-time code and for anything else that is not a secret. */
function totpKey(totp: Secret): Secret | undefined {
  try {
    return parseTotpSecret(totp.reveal()).key;
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}
