/**
 * Running libsecret's `secret-tool`, and what its words mean. It tells little by its exit code: 1 is
 * as well "there is none" as "locked" and "no D-Bus".
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { runStoreProgram } from "./store_program.ts";

/** How the tool is run. */
export interface SecretToolSettings {
  /** What the tool inherits, but for our own secrets. */
  environment: Pick<Environment, "all">;
  /** The program; `secret-tool`, looked up in PATH, where it is left out. */
  tool?: string;
}

/** One run. */
export interface SecretToolRun {
  /** The arguments; none is a secret. */
  args: string[];
  /** The one line that it reads on standard input; nothing where it is left out. */
  input?: string;
  /** The run is killed after this long. */
  timeoutMilliseconds: number;
}

/** What a run gave. */
export interface SecretToolResult {
  /** The exit code. */
  code: number;
  /** Standard output: may hold the secret, and is never shown. */
  stdout: string;
  /** Standard error, in English. */
  stderr: string;
}

const OTHER_BACKEND = "or choose another backend (--backend file)";

const MEANINGS: readonly { pattern: RegExp; code: string; says: string; hint: string }[] = [
  {
    pattern: /dismissed|cancell?ed/i,
    code: "cancelled",
    says: "the question of the secret service was cancelled",
    hint: "run the command again and unlock the keyring when asked",
  },
  {
    pattern: /locked/i,
    code: "locked",
    says: "the keyring is locked",
    hint: "unlock it (log in to the desktop, or gnome-keyring-daemon --unlock), " + OTHER_BACKEND,
  },
  {
    pattern: /not provided by any \.service|ServiceUnknown|NameHasNoOwner/i,
    code: "unavailable",
    says: "no secret service runs on this D-Bus session",
    hint: "install gnome-keyring, KWallet or KeePassXC, " + OTHER_BACKEND,
  },
  {
    pattern: /does not exist at path|no such (object|collection)/i,
    code: "unavailable",
    says: "the secret service has no default keyring yet",
    hint: "make one (log in to the desktop, or use seahorse), " + OTHER_BACKEND,
  },
  {
    pattern: /D-?Bus|could not connect|connection (is )?closed/i,
    code: "unavailable",
    says: "there is no D-Bus session to reach the secret service through",
    hint: "log in to a desktop session, or run under dbus-run-session, " + OTHER_BACKEND,
  },
];

/**
 * The error that the tool's standard error tells of.
 *
 * @param stderr Standard error of a failed run.
 * @returns A `SecretStoreError`: `cancelled`, `locked` or `unavailable`.
 */
export function secretToolError(stderr: string): SecretStoreError {
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(stderr));
  if (meaning !== undefined) {
    return new SecretStoreError(meaning.says, { code: meaning.code, hint: meaning.hint });
  }
  const words = showUntrusted(stderr.replace(/^secret-tool:\s*/, "")) || "it gives no reason";
  return new SecretStoreError(`secret-tool failed: ${words}`, {
    code: "unavailable",
    hint: `see whether the keyring works (secret-tool search service okta-aws), ${OTHER_BACKEND}`,
  });
}

function notStarted(cause: unknown): SecretStoreError {
  return new SecretStoreError("the program secret-tool can't be started", {
    code: "unavailable",
    hint: `install it (package libsecret-tools or libsecret), ${OTHER_BACKEND}`,
    cause,
  });
}

/** What a shell answers where it finds no such program. */
const NOT_FOUND = 127;

/**
 * Passes on one whole line, or starts nothing: were we killed before we have written it, the tool by
 * itself would take the end of its input for an empty secret. `echo` is the shell's own everywhere,
 * so that the line is in nobody's arguments.
 */
export const WHOLE_LINE: string = 'IFS= read -r line && echo "$line" | "$@"';

/**
 * Runs the tool.
 *
 * @param settings How.
 * @param run The arguments, the input and the time limit.
 * @returns What it gave, whatever its exit code.
 * @throws {SecretStoreError} `unavailable` where it can't be started, `timeout` where it took too
 * long and was killed.
 */
export async function runSecretTool(
  { environment, tool = "secret-tool" }: SecretToolSettings,
  { args, input, timeoutMilliseconds }: SecretToolRun,
): Promise<SecretToolResult> {
  const guarded = input !== undefined;
  const result = await runStoreProgram({
    environment,
    program: guarded ? "/bin/sh" : tool,
    args: guarded ? ["-c", WHOLE_LINE, "sh", tool, ...args] : args,
    // Its words are matched, so they have to be English.
    variables: { LC_ALL: "C", LANGUAGE: "C" },
    ...(guarded && { input: `${input}\n` }),
    timeoutMilliseconds,
    ownGroup: true,
  });
  if (result.kind === "not_started") throw notStarted(result.error);
  if (result.kind === "ended") {
    if (guarded && result.code === NOT_FOUND) throw notStarted(undefined);
    return result;
  }
  throw new SecretStoreError("the secret service does not answer", {
    code: "timeout",
    hint: `see whether it waits for a password somewhere on the desktop, ${OTHER_BACKEND}`,
  });
}
