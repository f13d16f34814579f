/** Other programs, signals and security keys. @module */

import type { Secret } from "../secret.ts";

export interface BrowserOptions {
  /** A command to use instead of the default. */
  browser?: string | undefined;
  /** Name of the Firefox container, if the command uses one (default: `AWS`). */
  container?: string;
  /** A profile of Chrome, Chromium, Edge or Brave to open it in: its name, e-mail or folder. */
  chromeProfile?: string | undefined;
  /** The program with that profile, instead of the usual places. */
  chromePath?: string | undefined;
}

/** Starts other programs. */
export interface Processes {
  /**
   * Runs a program with our standard streams, terminal and signals, and the given environment only.
   * Returns its exit code; 128+n if signal n ended it; 127 not found, 126 not executable.
   */
  exec(command: [string, ...string[]], environment: Record<string, string>): Promise<number>;
  /** Opens a URL in the user's browser. */
  openBrowser(url: Secret, options?: BrowserOptions): Promise<void>;
  /** Shows a desktop notification if possible; never fails. */
  notify(title: string, text: string): Promise<void>;
  /** The name of the program that started us, if the system tells. */
  parentName(): Promise<string | undefined>;
}

/**
 * Runs `work` until Ctrl-C (SIGINT), SIGTERM or SIGHUP, which abort its signal and reject the promise
 * at once with an `InterruptedError`.
 */
export type Interruptible = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;

/** What a security key signs. */
export interface SecurityKeyRequest {
  /** SHA-256 of the client data. */
  clientDataHash: Uint8Array<ArrayBuffer>;
  /** The relying party's id, or U2F's appId. One line. */
  rpId: string;
  credentialId: Uint8Array<ArrayBuffer>;
  /** Whether to use U2F (CTAP1), for keys enrolled before FIDO2. */
  u2f: boolean;
  /** Whether to wait for a touch; otherwise only find out whether the key has the credential. */
  touch: boolean;
  /** Whether the program that talks to the key asks for its PIN on the terminal. */
  pin: boolean;
}

/** `code` is libfido2's: `FIDO_ERR_NO_CREDENTIALS`, … */
export type SecurityKeyResult =
  | { kind: "signed"; authenticatorData: Uint8Array; signature: Uint8Array }
  | { kind: "failed"; code: string };

/** Security keys (FIDO2, U2F) that are plugged in, through libfido2's tools. */
export interface SecurityKeys {
  /**
   * The device names of the keys.
   *
   * @throws {InteractionError} `no_fido2_tools`
   */
  list(): Promise<string[]>;
  /**
   * Has a key sign. Rejects with the signal's reason when it is aborted.
   *
   * @throws {InteractionError} `no_fido2_tools`
   */
  sign(
    device: string,
    request: SecurityKeyRequest,
    signal?: AbortSignal,
  ): Promise<SecurityKeyResult>;
}
