/**
 * Security keys, as interfaces.
 *
 * @module
 */

/** What a security key is to sign. */
export interface SecurityKeyRequest {
  /** SHA-256 of the client data. */
  clientDataHash: Uint8Array<ArrayBuffer>;
  /** The relying party's id; U2F's appId. One line. */
  rpId: string;
  /** The credential that signs. */
  credentialId: Uint8Array<ArrayBuffer>;
  /** Whether to speak U2F (CTAP1), as keys enrolled before FIDO2 need it. */
  u2f: boolean;
  /** Whether to wait for a touch; without, only whether the key knows the credential is found out. */
  touch: boolean;
  /** Whether the key's PIN is asked for, at the terminal, by the program that talks to the key. */
  pin: boolean;
}

/** What a security key has answered. `code` is libfido2's: `FIDO_ERR_NO_CREDENTIALS`, … */
export type SecurityKeyResult =
  | { kind: "signed"; authenticatorData: Uint8Array; signature: Uint8Array }
  | { kind: "failed"; code: string };

/** Security keys (FIDO2, U2F) that are plugged in, by libfido2's tools. */
export interface SecurityKeys {
  /**
   * Looks which keys are plugged in.
   *
   * @returns Their device names.
   * @throws {InteractionError} `no_fido2_tools`
   */
  list(): Promise<string[]>;
  /**
   * Has a key sign.
   *
   * @param device One of `list()`.
   * @param request What is signed.
   * @param signal Gives up waiting for the touch: the promise rejects with the signal's reason.
   * @returns The assertion, or why there is none.
   * @throws {InteractionError} `no_fido2_tools`
   */
  sign(
    device: string,
    request: SecurityKeyRequest,
    signal?: AbortSignal,
  ): Promise<SecurityKeyResult>;
}
