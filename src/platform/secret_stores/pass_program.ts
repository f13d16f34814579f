/**
 * Running `pass` (passwordstore.org) or `gopass`, and what their words and gpg's mean.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, Files } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { pathIn } from "../files/paths.ts";
import { runStoreProgram, type StoreProgramResult } from "./store_program.ts";

/** How the program is run. */
export interface PassSettings {
  /** The variables: `PASSWORD_STORE_DIR`, `GNUPGHOME` and whatever gpg wants. */
  environment: Pick<Environment, "all" | "get" | "home">;
  /** Where `pass` keeps its files. */
  files: Pick<Files, "facts" | "list">;
}

/** Either of the programs. */
export type PassProgram = "pass" | "gopass";

/** One run. */
export interface PassRun {
  /** The arguments; none is a secret. */
  args: readonly string[];
  /** What it reads on standard input. */
  input?: string;
  /** The run is killed after this long. */
  timeoutMilliseconds: number;
}

/** A run that came to its end. */
export type PassResult = Extract<StoreProgramResult, { kind: "ended" }>;

const OTHER_BACKEND = "or choose another backend (--backend file)";

const MEANINGS: readonly { pattern: RegExp; code: string; says: string; hint: string }[] = [
  {
    pattern: /no valid openpgp data|(?:bad|invalid) packet|ciphertext has been modified/i,
    code: "damaged",
    says: "the item in the password store is damaged",
    hint: "restore it from a backup, or store the secrets anew with okta-aws init",
  },
  {
    // `pass` has gpg be quiet: a missing key, a cancelled question and no pinentry look the same.
    pattern: /no secret key|decryption failed|pinentry|cancell?ed|bad passphrase|no passphrase/i,
    code: "locked",
    says: "gpg could not open the item: its key's passphrase was not given, or the key is not here",
    hint:
      "see what pass show says at a terminal, with GPG_TTY=$(tty) set; unlock or import the key",
  },
  {
    pattern: /no public key|unusable public key|public key not found|no valid recipient/i,
    code: "unavailable",
    says: "gpg lacks the key of the password store",
    hint: `import it, or choose one that is there (pass init GPG-ID), ${OTHER_BACKEND}`,
  },
  {
    pattern: /password store is empty|not initialized|before you may use the password store/i,
    code: "unavailable",
    says: "there is no password store yet",
    hint: `make one (pass init GPG-ID), ${OTHER_BACKEND}`,
  },
];

/**
 * The error that a failed run tells of.
 *
 * @param stderr Its standard error.
 * @returns A `SecretStoreError`: `locked`, `damaged` or `unavailable`.
 */
export function passError(program: PassProgram, stderr: string): SecretStoreError {
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(stderr));
  if (meaning !== undefined) {
    return new SecretStoreError(meaning.says, { code: meaning.code, hint: meaning.hint });
  }
  return new SecretStoreError(
    `${program} failed: ${showUntrusted(stderr.trim()) || "it gives no reason"}`,
    { code: "unavailable", hint: `see whether it works (${program} ls), ${OTHER_BACKEND}` },
  );
}

/**
 * The folder of `pass`.
 *
 * @param environment The variables.
 * @returns Its path.
 */
export function passFolder(environment: PassSettings["environment"]): string {
  return environment.get("PASSWORD_STORE_DIR") ?? pathIn(environment.home, ".password-store");
}

/** gpg-agent asks on the terminal that it is told of, and we give its client none of ours. */
async function gpgTerminal({ environment }: PassSettings): Promise<Record<string, string>> {
  if (environment.get("GPG_TTY") !== undefined || !Deno.stdin.isTerminal()) return {};
  try {
    const { stdout, success } = await new Deno.Command("tty", {
      stdin: "inherit",
      stderr: "null",
    }).output();
    return success ? { GPG_TTY: new TextDecoder().decode(stdout).trim() } : {};
  } catch {
    return {};
  }
}

function attempt(
  program: PassProgram,
  settings: PassSettings,
  run: PassRun,
  variables: Record<string, string>,
): Promise<StoreProgramResult> {
  return runStoreProgram({
    environment: settings.environment,
    program,
    ...run,
    // gpg's words are matched, so they have to be English; gopass asks nobody anything.
    variables: { LANGUAGE: "en", GOPASS_NO_NOTIFY: "true", NO_COLOR: "1", ...variables },
    ownGroup: true,
  });
}

/** `pass` where it has a store; else `gopass`, which knows of more places. */
async function candidates(settings: PassSettings): Promise<PassProgram[]> {
  const key = await settings.files.facts(pathIn(passFolder(settings.environment), ".gpg-id"));
  return key === undefined ? ["gopass", "pass"] : ["pass", "gopass"];
}

/**
 * Runs the program that is there.
 *
 * @param settings How.
 * @param runFor The run, for either program.
 * @returns Which one ran, and what it gave, whatever its exit code.
 * @throws {SecretStoreError} `unavailable` where neither can be started, `timeout` where it took too
 * long and was killed.
 */
export async function runPass(
  settings: PassSettings,
  runFor: (program: PassProgram) => PassRun,
): Promise<{ program: PassProgram; result: PassResult }> {
  const variables = await gpgTerminal(settings);
  for (const program of await candidates(settings)) {
    const result = await attempt(program, settings, runFor(program), variables);
    if (result.kind === "ended") return { program, result };
    if (result.kind === "late") {
      throw new SecretStoreError(`${program} does not answer`, {
        code: "timeout",
        hint: `see whether gpg waits for a passphrase or a smart card somewhere, ${OTHER_BACKEND}`,
      });
    }
  }
  throw new SecretStoreError("neither pass nor gopass can be started", {
    code: "unavailable",
    hint: `install pass (https://www.passwordstore.org), ${OTHER_BACKEND}`,
  });
}
