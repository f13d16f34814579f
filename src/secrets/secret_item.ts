/**
 * The one item that a secret store keeps for an account: a small JSON document.
 *
 * @module
 */

import { SecretStoreError } from "../errors.ts";
import type { SecretStore } from "../ports.ts";
import { Secret } from "../secret.ts";
import type { StoredSecrets } from "../store/account_state.ts";
import { isSealKey, newSealKey } from "../store/seal.ts";

/** What an account's item holds. */
export interface AccountSecrets {
  /**
   * Random, new with every password: names the item in files that may not hold secrets. `undefined`
   * if
   * nothing is stored (the backend `env`).
   */
  id: string | undefined;
  password: Secret | undefined;
  /** The TOTP secret as an `otpauth://` URI. */
  totp: Secret | undefined;
  /** Gives a one-time code, or the TOTP secret, if another program does (`command`). */
  oneTimeCode?: () => Promise<Secret>;
  /** What `oneTimeCode` gave last; calls it if it has given nothing yet. */
  lastOneTimeCode?: () => Promise<Secret>;
  /** The random key that sessions are sealed with; `undefined` if nothing is stored. */
  sessionKey: Secret | undefined;
}

/**
 * An item with a new id.
 *
 * @param sessionKey The key of an older item, so that its sessions still open.
 */
export function newAccountSecrets(
  secrets: { password: Secret | undefined; totp: Secret | undefined },
  sessionKey: Secret = newSealKey(),
): AccountSecrets & { id: string; sessionKey: Secret } {
  const id = crypto.getRandomValues(new Uint8Array(16)).toHex();
  return { id, sessionKey, password: secrets.password, totp: secrets.totp };
}

/** JSON */
export function formatSecretItem(secrets: AccountSecrets): Secret {
  const { id, password, totp, sessionKey } = secrets;
  return new Secret(JSON.stringify({
    version: 1,
    id,
    password: password?.reveal(),
    totp: totp?.reveal(),
    sessionKey: sessionKey?.reveal(),
  }));
}

function optionalSecret(value: unknown): Secret | undefined {
  return typeof value === "string" && value !== "" ? new Secret(value) : undefined;
}

/** @throws {SecretStoreError} `damaged` */
export function parseSecretItem(item: Secret): AccountSecrets {
  let document: Record<string, unknown>;
  try {
    document = JSON.parse(item.reveal());
  } catch {
    // The parser's message would quote the secret: it is not kept as a cause.
    throw damaged();
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) throw damaged();
  const { version, id, password, totp, sessionKey } = document;
  const secrets = { password: optionalSecret(password), totp: optionalSecret(totp) };
  // The backend `env` has nothing but the secrets themselves.
  if (version === undefined) return { ...secrets, id: undefined, sessionKey: undefined };
  const key = optionalSecret(sessionKey);
  const isWhole = version === 1 && typeof id === "string" && key !== undefined && isSealKey(key);
  if (!isWhole) throw damaged();
  return { ...secrets, id, sessionKey: key };
}

function damaged(): SecretStoreError {
  return new SecretStoreError("the secret store has an unknown item under this account's name", {
    code: "damaged",
    hint: "set the account up again: okta-aws init",
  });
}

/** The secrets, with `oneTimeCode` if their store has a program for that. */
export function withOneTimeCode(
  secrets: AccountSecrets,
  { oneTimeCode }: SecretStore,
  account: string,
): AccountSecrets {
  if (oneTimeCode === undefined) return secrets;
  let last: Promise<Secret> | undefined;
  const next = () => last = oneTimeCode(account);
  return { ...secrets, oneTimeCode: next, lastOneTimeCode: () => last ?? next() };
}

/** What the account's state keeps about its secrets: which there are, where, and why nowhere better. */
export function storedSecrets(
  { password, totp, oneTimeCode }: AccountSecrets,
  { name: backend, passedOver = [] }: SecretStore,
): StoredSecrets {
  return {
    backend,
    password: password !== undefined,
    totp: totp !== undefined || oneTimeCode !== undefined,
    ...(passedOver.length > 0 && {
      passedOver: passedOver.map(({ name, why = "" }) => ({ name, why })),
    }),
  };
}
