/**
 * Running macOS's `security`. Secrets go in by the standard input of its interactive mode (`-i`),
 * which reads lines of at most 4,095 bytes, splits longer ones and prints what it does not
 * understand: its standard error is never shown.
 *
 * Source: https://github.com/apple-oss-distributions/Security, SecurityTool/macOS/security.c
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { runStoreProgram, type StoreProgramResult } from "./store_program.ts";

/** How the tool is run. */
export interface SecurityProgramSettings {
  /** What the tool inherits, but for our own secrets. */
  environment: Pick<Environment, "all">;
  /** The program; `/usr/bin/security` where it is left out. */
  tool?: string;
}

/** A run that came to its end. */
export type SecurityProgramResult = Extract<StoreProgramResult, { kind: "ended" }>;

/** Exit code of `security` where there is no such item (errSecItemNotFound, -25300). */
export const ITEM_NOT_FOUND = 44;

/** The most bytes of a command line that are not split, with some to spare. */
export const MOST_LINE_BYTES = 4_000;

const OTHER_BACKEND = "or choose another backend (--backend file)";

/** By exit code: the lowest byte of the OSStatus (SecBase.h). */
const MEANINGS: Record<number, { code: string; says: string; hint: string }> = {
  // errSecInteractionNotAllowed, -25308
  36: {
    code: "locked",
    says: "the keychain is locked, and macOS can't ask for its password here",
    hint: "unlock it: security unlock-keychain; or run the command in a desktop session",
  },
  // errSecInteractionRequired, -25315
  29: {
    code: "locked",
    says: "the keychain wants somebody to answer, and macOS can't ask here",
    hint: "unlock it: security unlock-keychain; or run the command in a desktop session",
  },
  // errSecAuthFailed, -25293
  51: {
    code: "denied",
    says: "the keychain refused access: the password was wrong, or access was denied",
    hint: "run the command again and allow it, " + OTHER_BACKEND,
  },
  // userCanceledErr, -128
  128: {
    code: "cancelled",
    says: "the keychain's question was cancelled",
    hint: "run the command again and answer it",
  },
  // errSecNoDefaultKeychain, -25307
  37: {
    code: "unavailable",
    says: "there is no default keychain",
    hint: "make one: security create-keychain, security default-keychain -s; " + OTHER_BACKEND,
  },
  // errSecNoSuchKeychain, -25294
  50: {
    code: "unavailable",
    says: "there is no such keychain",
    hint: "mend keychain in the account's settings, " + OTHER_BACKEND,
  },
  // errSecInvalidKeychain, -25295
  49: {
    code: "damaged",
    says: "the keychain is damaged",
    hint: "restore it from a backup, " + OTHER_BACKEND,
  },
  // errSecReadOnly, -25292
  52: {
    code: "unavailable",
    says: "the keychain is read-only",
    hint: "name another one (keychain in the account's settings), " + OTHER_BACKEND,
  },
  // errSecNotAvailable, -25291
  53: {
    code: "unavailable",
    says: "no keychain is available in this session",
    hint: "run the command in a session of yours (not under sudo or cron), " + OTHER_BACKEND,
  },
};

/**
 * The error that an exit code tells of.
 *
 * @param code The exit code, not 0 and not {@linkcode ITEM_NOT_FOUND}.
 * @returns A `SecretStoreError`: `locked`, `denied`, `cancelled`, `damaged` or `unavailable`.
 */
export function securityError(code: number): SecretStoreError {
  const meaning = MEANINGS[code];
  if (meaning !== undefined) {
    return new SecretStoreError(meaning.says, { code: meaning.code, hint: meaning.hint });
  }
  return new SecretStoreError(`security failed with exit code ${code}`, {
    code: "unavailable",
    hint: `see what it means: security error ${code - 256}; ${OTHER_BACKEND}`,
  });
}

/**
 * Quotes a word for a line of the interactive mode.
 *
 * @param word The word, without line breaks.
 * @returns The word, in double quotes where it needs them: `\` escapes in and out of quotes, and
 * quotes count at the start of a word alone.
 */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9._:+/=@-]+$/.test(word)) return word;
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}

async function run(
  { environment, tool = "/usr/bin/security" }: SecurityProgramSettings,
  args: readonly string[],
  timeoutMilliseconds: number,
  input?: string,
): Promise<SecurityProgramResult> {
  const result = await runStoreProgram({
    environment,
    program: tool,
    args,
    timeoutMilliseconds,
    ...(input !== undefined && { input }),
  });
  if (result.kind === "ended") return result;
  if (result.kind === "not_started") {
    throw new SecretStoreError("the program security can't be started", {
      code: "unavailable",
      hint: `it is a part of macOS: see whether /usr/bin/security is there, ${OTHER_BACKEND}`,
      cause: result.error,
    });
  }
  throw new SecretStoreError("the keychain does not answer", {
    code: "timeout",
    hint: `see whether macOS asks for a password in some window, ${OTHER_BACKEND}`,
  });
}

/**
 * Runs the tool once.
 *
 * @param settings How.
 * @param args The arguments; none is a secret.
 * @param timeoutMilliseconds The run is killed after this long.
 * @returns What it gave, whatever its exit code.
 * @throws {SecretStoreError} `unavailable` where it can't be started, `timeout`
 */
export function runSecurity(
  settings: SecurityProgramSettings,
  args: readonly string[],
  timeoutMilliseconds: number,
): Promise<SecurityProgramResult> {
  return run(settings, args, timeoutMilliseconds);
}

/**
 * Runs one command of the tool whose words nobody else may see.
 *
 * @param settings How.
 * @param words The command and its arguments.
 * @param timeoutMilliseconds The run is killed after this long.
 * @returns Its exit code.
 * @throws {SecretStoreError} `too_large`, and as {@linkcode runSecurity}
 */
export async function runSecurityLine(
  settings: SecurityProgramSettings,
  words: readonly string[],
  timeoutMilliseconds: number,
): Promise<number> {
  const line = words.map(quoteWord).join(" ");
  if (new TextEncoder().encode(line).length > MOST_LINE_BYTES || line.includes("\n")) {
    throw new SecretStoreError("the keychain's program does not take lines as long as this one", {
      code: "too_large",
      hint: "give the keychain file a shorter path",
    });
  }
  return (await run(settings, ["-i"], timeoutMilliseconds, `${line}\n`)).code;
}
