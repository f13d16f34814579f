/**
 * The `secret-service` backend: the keyring of a Linux desktop (GNOME Keyring, KWallet, KeePassXC),
 * through libsecret's `secret-tool`.
 *
 * Items are stored as base64, long ones in several entries: the tool reads at most 8,192 bytes and
 * silently drops the rest. Its exit code says little: 1 is "no such item" as well as "locked" and
 * "no D-Bus".
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, SecretStore } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Entries, type EntryStep, entryStore, runInOrder } from "./entries.ts";
import { type EndedRun, runStoreProgram } from "./store_program.ts";
import {
  catchStoreError,
  checkAccountName,
  errorOf,
  type FailureMeaning,
  OTHER_BACKEND,
  SERVICE,
  type StoreLockSettings,
} from "./store_rules.ts";

/** How the tool is run. */
export interface SecretToolSettings {
  /** What the tool inherits, without our own secrets. */
  environment: Pick<Environment, "all">;
  /** The program (default: `secret-tool`, looked up in PATH). */
  tool?: string;
}

export interface SecretServiceSettings extends SecretToolSettings, StoreLockSettings {
  /** Time limit of a read, unlocking the keyring included (default: 30,000). */
  readTimeoutMilliseconds?: number;
}

interface SecretToolRun {
  /** Holds no secret. */
  args: string[];
  /** One line for standard input. */
  input?: string;
  timeoutMilliseconds: number;
}

/** What `secret-tool store` reads of its standard input (libsecret, tool/secret-tool.c), less `\n`. */
const MOST_LENGTH = 8_191;
const READ_MILLISECONDS = 30_000;
/** Includes choosing a password for a new keyring. */
const WRITE_MILLISECONDS = 120_000;
const PROBE_MILLISECONDS = 2_000;

const MEANINGS: readonly (FailureMeaning & { pattern: RegExp })[] = [
  {
    pattern: /dismissed|cancell?ed/i,
    code: "cancelled",
    message: "unlocking the keyring was cancelled",
    hint: "try again and unlock the keyring when asked",
  },
  {
    pattern: /locked/i,
    code: "locked",
    message: "the keyring is locked",
    hint: "unlock it (log in to the desktop, or gnome-keyring-daemon --unlock), " + OTHER_BACKEND,
  },
  {
    pattern: /not provided by any \.service|ServiceUnknown|NameHasNoOwner/i,
    code: "unavailable",
    message: "no secret service runs on this D-Bus session",
    hint: "install gnome-keyring, KWallet or KeePassXC, " + OTHER_BACKEND,
  },
  {
    pattern: /does not exist at path|no such (object|collection)/i,
    code: "unavailable",
    message: "the secret service has no default keyring yet",
    hint: "create one (log in to the desktop, or use seahorse), " + OTHER_BACKEND,
  },
  {
    pattern: /D-?Bus|could not connect|connection (is )?closed/i,
    code: "unavailable",
    message: "no D-Bus session is running",
    hint: "log in to a desktop session, or run under dbus-run-session, " + OTHER_BACKEND,
  },
];

/** The error that the tool's standard error tells of. */
export function secretToolError(stderr: string): SecretStoreError {
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(stderr));
  if (meaning !== undefined) return errorOf(meaning);
  const reason = showUntrusted(stderr.replace(/^secret-tool:\s*/, "")) || "no reason given";
  return new SecretStoreError(`secret-tool failed: ${reason}`, {
    code: "unavailable",
    hint: `check that the keyring works (secret-tool search service okta-aws), ${OTHER_BACKEND}`,
  });
}

function notStarted(cause: unknown): SecretStoreError {
  return new SecretStoreError("could not start secret-tool", {
    code: "unavailable",
    hint: `install it (package libsecret-tools or libsecret), ${OTHER_BACKEND}`,
    cause,
  });
}

/** A shell's exit code for a program that does not exist. */
const NOT_FOUND = 127;

/**
 * Passes on one whole line, or starts nothing: if we are killed before the line is complete, the tool
 * would store an empty secret. `echo` is a shell builtin, so the line is in no process's arguments.
 */
export const WHOLE_LINE: string = 'IFS= read -r line && echo "$line" | "$@"';

/**
 * Returns what the tool printed, whatever its exit code.
 *
 * @throws {SecretStoreError} `unavailable` if it can't be started, `timeout` if it was killed.
 */
export async function runSecretTool(
  { environment, tool = "secret-tool" }: SecretToolSettings,
  { args, input, timeoutMilliseconds }: SecretToolRun,
): Promise<EndedRun> {
  const guarded = input !== undefined;
  const result = await runStoreProgram({
    environment,
    program: guarded ? "/bin/sh" : tool,
    args: guarded ? ["-c", WHOLE_LINE, "sh", tool, ...args] : args,
    // MEANINGS matches English messages.
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
  throw new SecretStoreError("the secret service timed out", {
    code: "timeout",
    hint: `check whether it waits for a password on the desktop, ${OTHER_BACKEND}`,
  });
}

/** `lookup` returns any item with these attributes, so a part has another service than the head. */
function attributes(account: string, part?: string): string[] {
  if (part === undefined) return ["service", SERVICE, "account", account];
  return ["service", `${SERVICE}-part`, "account", account, "part", part];
}

/**
 * Throws unless the item is missing, after a failed `lookup` or `clear`. `search` tells a locked item
 * from a missing one; its standard output may hold the secret.
 */
async function refuseUnlessMissing(
  wanted: string[],
  settings: SecretServiceSettings,
): Promise<void> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["search", ...wanted],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
  if (stdout !== "" || /locked/i.test(stderr)) throw secretToolError("locked");
}

async function read(
  wanted: string[],
  settings: SecretServiceSettings,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["lookup", ...wanted],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code === 0) return stdout.trim();
  if (/dismissed|cancell?ed/i.test(stderr)) throw secretToolError(stderr);
  await refuseUnlessMissing(wanted, settings);
  return undefined;
}

async function store(
  settings: SecretServiceSettings,
  entry: { label: string; wanted: string[]; text: string },
): Promise<void> {
  const { code, stderr } = await runSecretTool(settings, {
    args: ["store", `--label=${entry.label}`, ...entry.wanted],
    input: entry.text,
    timeoutMilliseconds: WRITE_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
}

async function clear(wanted: string[], settings: SecretServiceSettings): Promise<boolean> {
  const { code } = await runSecretTool(settings, {
    args: ["clear", ...wanted],
    timeoutMilliseconds: WRITE_MILLISECONDS,
  });
  if (code === 0) return true;
  await refuseUnlessMissing(wanted, settings);
  return false;
}

function entriesOf(account: string, settings: SecretServiceSettings): Entries {
  checkAccountName(account);
  const run = async (step: EntryStep): Promise<string | undefined> => {
    const wanted = attributes(account, step.part);
    if (step.kind === "read") return await read(wanted, settings);
    if (step.kind === "remove") return await clear(wanted, settings) ? "" : undefined;
    const label = `okta-aws (${account})${step.part === undefined ? "" : ", part"}`;
    await store(settings, { label, wanted, text: step.text });
    return undefined;
  };
  return {
    backend: "secret-service",
    mostLength: MOST_LENGTH,
    run: (steps) => runInOrder(steps, run),
  };
}

/** Standard output also has the secrets, one line of base64 each, which can't look like attributes. */
async function list(settings: SecretServiceSettings): Promise<string[]> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["search", "--all", "service", SERVICE],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
  const found = `${stdout}\n${stderr}`.matchAll(/^attribute\.account = (\S+)$/gm);
  return Array.from(found, ([, account]) => account!).sort();
}

/**
 * Why the secret service can't be used (no tool, D-Bus session or service); within 2 seconds. Reads no
 * item and asks nobody.
 */
export async function probeSecretService(
  settings: SecretToolSettings,
): Promise<SecretStoreError | undefined> {
  return await catchStoreError(async () => {
    const { code, stderr } = await runSecretTool(settings, {
      args: ["search", "service", `${SERVICE}-probe`],
      timeoutMilliseconds: PROBE_MILLISECONDS,
    });
    return code === 0 ? undefined : secretToolError(stderr);
  });
}

/** Error codes: `locked`, `cancelled`, `unavailable`, `timeout`, `damaged`, `not_stored`. */
export function secretServiceStore(settings: SecretServiceSettings): SecretStore {
  const entries = (account: string): Entries => entriesOf(account, settings);
  const backend = { name: "secret-service", entries, list: () => list(settings) } as const;
  return entryStore(backend, settings);
}
