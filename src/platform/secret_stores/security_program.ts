/**
 * Runs macOS's `security`. Secrets go through standard input in its interactive mode (`-i`), which
 * reads lines of at most 4,095 bytes, splits longer ones and prints what it does not understand: its
 * standard error is never shown.
 *
 * Source: https://github.com/apple-oss-distributions/Security, SecurityTool/macOS/security.c
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { type EndedRun, runStoreProgram } from "./store_program.ts";
import { errorOf, type FailureMeaning, OTHER_BACKEND } from "./store_rules.ts";

export interface SecurityProgramSettings {
  /** What the tool inherits, without our own secrets. */
  environment: Pick<Environment, "all">;
  /** The program (default: `/usr/bin/security`). */
  tool?: string;
}

/** Exit code if there is no such item (errSecItemNotFound, -25300). */
export const ITEM_NOT_FOUND = 44;

/** Longer command lines may be split. */
export const MOST_LINE_BYTES = 4_000;

/** By exit code: the lowest byte of the OSStatus (SecBase.h). */
const MEANINGS: Record<number, FailureMeaning> = {
  // errSecInteractionNotAllowed, -25308
  36: {
    code: "locked",
    message: "the keychain is locked, and macOS can't ask for its password here",
    hint: "unlock it: security unlock-keychain; or run this in a desktop session",
  },
  // errSecInteractionRequired, -25315
  29: {
    code: "locked",
    message: "the keychain needs an answer, and macOS can't ask here",
    hint: "unlock it: security unlock-keychain; or run this in a desktop session",
  },
  // errSecAuthFailed, -25293
  51: {
    code: "denied",
    message: "the keychain refused access: the password was wrong, or access was denied",
    hint: "try again and allow access, " + OTHER_BACKEND,
  },
  // userCanceledErr, -128
  128: {
    code: "cancelled",
    message: "unlocking the keychain was cancelled",
    hint: "try again and answer the question",
  },
  // errSecNoDefaultKeychain, -25307
  37: {
    code: "unavailable",
    message: "there is no default keychain",
    hint: "create one: security create-keychain, security default-keychain -s; " + OTHER_BACKEND,
  },
  // errSecNoSuchKeychain, -25294
  50: {
    code: "unavailable",
    message: "the keychain file does not exist",
    hint: "fix keychain in the account's settings, " + OTHER_BACKEND,
  },
  // errSecInvalidKeychain, -25295
  49: {
    code: "damaged",
    message: "the keychain is damaged",
    hint: "restore it from a backup, " + OTHER_BACKEND,
  },
  // errSecReadOnly, -25292
  52: {
    code: "unavailable",
    message: "the keychain is read-only",
    hint: "name another one (keychain in the account's settings), " + OTHER_BACKEND,
  },
  // errSecNotAvailable, -25291
  53: {
    code: "unavailable",
    message: "no keychain is available in this session",
    hint: "run this in your own session (not under sudo or cron), " + OTHER_BACKEND,
  },
};

/** For any exit code but 0 and {@linkcode ITEM_NOT_FOUND}. */
export function securityError(code: number): SecretStoreError {
  const meaning = MEANINGS[code];
  if (meaning !== undefined) return errorOf(meaning);
  return new SecretStoreError(`security failed with exit code ${code}`, {
    code: "unavailable",
    hint: `look it up: security error ${code - 256}; ${OTHER_BACKEND}`,
  });
}

/**
 * Quotes a word (without line breaks) for the interactive mode. There `\` escapes in and out of quotes,
 * and quotes only count at the start of a word.
 */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9._:+/=@-]+$/.test(word)) return word;
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}

interface SecurityRun {
  /** Holds no secret. */
  args: readonly string[];
  input?: string;
  timeoutMilliseconds: number;
}

async function run(
  { environment, tool = "/usr/bin/security" }: SecurityProgramSettings,
  run: SecurityRun,
): Promise<EndedRun> {
  const result = await runStoreProgram({ environment, program: tool, ...run });
  if (result.kind === "ended") return result;
  if (result.kind === "not_started") {
    throw new SecretStoreError("could not start security", {
      code: "unavailable",
      hint: `it is part of macOS: check that /usr/bin/security exists, ${OTHER_BACKEND}`,
      cause: result.error,
    });
  }
  throw new SecretStoreError("the keychain timed out", {
    code: "timeout",
    hint: `check whether a window asks for a password, ${OTHER_BACKEND}`,
  });
}

/**
 * Returns what the tool printed, whatever its exit code. No argument is a secret.
 *
 * @throws {SecretStoreError} `unavailable` if it can't be started, `timeout`
 */
export function runSecurity(
  settings: SecurityProgramSettings,
  args: readonly string[],
  timeoutMilliseconds: number,
): Promise<EndedRun> {
  return run(settings, { args, timeoutMilliseconds });
}

/**
 * Runs a command that holds a secret, through standard input. Returns its exit code.
 *
 * @throws {SecretStoreError} `too_large`, and as {@linkcode runSecurity}
 */
export async function runSecurityLine(
  settings: SecurityProgramSettings,
  command: readonly string[],
  timeoutMilliseconds: number,
): Promise<number> {
  const line = command.map(quoteWord).join(" ");
  if (new TextEncoder().encode(line).length > MOST_LINE_BYTES || line.includes("\n")) {
    throw new SecretStoreError("the command line is too long for macOS's security", {
      code: "too_large",
      hint: "give the keychain file a shorter path",
    });
  }
  return (await run(settings, { args: ["-i"], input: `${line}\n`, timeoutMilliseconds })).code;
}
