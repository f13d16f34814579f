/**
 * The `pass` backend: files encrypted by gpg, through `pass` (passwordstore.org) or `gopass`. An item
 * is `okta-aws/NAME`, one line of `v1:` and base64.
 *
 * @module
 */

import { findProgram } from "../processes/find_program.ts";
import { SecretStoreError } from "../../errors.ts";
import type { Environment, Files, SecretStore } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { pathIn } from "../files/paths.ts";
import { damagedItem, decodeItem, encodeItem, notStored } from "./entries.ts";
import { type EndedRun, runStoreProgram, type StoreProgramRun } from "./store_program.ts";
import {
  catchStoreError,
  checkAccountName,
  errorOf,
  type FailureMeaning,
  OTHER_BACKEND,
  SERVICE,
  type StoreLockSettings,
  withStoreLock,
} from "./store_rules.ts";

/** How the program is run. */
export interface PassSettings {
  /** Has `PASSWORD_STORE_DIR`, `GNUPGHOME` and what else gpg reads. */
  environment: Pick<Environment, "all" | "get" | "home">;
  files: Pick<Files, "facts" | "list">;
}

export interface PassStoreSettings extends PassSettings, Omit<StoreLockSettings, "files"> {
  files: PassSettings["files"] & StoreLockSettings["files"];
  /** Time limit of a run, the user's passphrase included (default: 60,000). */
  timeoutMilliseconds?: number;
}

type PassProgram = "pass" | "gopass";
type PassRun = Pick<StoreProgramRun, "args" | "input" | "timeoutMilliseconds">;

const PROGRAM_MILLISECONDS = 60_000;
const PROBE_MILLISECONDS = 2_000;
/** The suffix of an item being written. No account has `~` in its name. */
const UNFINISHED = "~new";
/** gopass rejects an empty text. */
const PREFIX = "v1:";

const MEANINGS: readonly (FailureMeaning & { pattern: RegExp })[] = [
  {
    pattern: /no valid openpgp data|(?:bad|invalid) packet|ciphertext has been modified/i,
    code: "damaged",
    message: "the item in the password store is damaged",
    hint: "restore it from a backup, or run okta-aws init to store the secrets again",
  },
  {
    // `pass` has gpg be quiet: a missing key, a cancelled question and no pinentry look the same.
    pattern: /no secret key|decryption failed|pinentry|cancell?ed|bad passphrase|no passphrase/i,
    code: "locked",
    message: "gpg could not decrypt the item: no passphrase for its key, or the key is missing",
    hint: "run pass show in a terminal, with GPG_TTY=$(tty) set; unlock or import the key",
  },
  {
    pattern: /no public key|unusable public key|public key not found|no valid recipient/i,
    code: "unavailable",
    message: "gpg does not have the key of the password store",
    hint: `import it, or use another key (pass init GPG-ID), ${OTHER_BACKEND}`,
  },
  {
    pattern: /password store is empty|not initialized|before you may use the password store/i,
    code: "unavailable",
    message: "there is no password store yet",
    hint: `create one (pass init GPG-ID), ${OTHER_BACKEND}`,
  },
];

function passError(program: PassProgram, stderr: string): SecretStoreError {
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(stderr));
  if (meaning !== undefined) return errorOf(meaning);
  return new SecretStoreError(
    `${program} failed: ${showUntrusted(stderr.trim()) || "no reason given"}`,
    { code: "unavailable", hint: `check that it works (${program} ls), ${OTHER_BACKEND}` },
  );
}

function passFolder(environment: PassSettings["environment"]): string {
  return environment.get("PASSWORD_STORE_DIR") ?? pathIn(environment.home, ".password-store");
}

/** Tells gpg-agent on which terminal to ask, as its client has none of ours. */
async function gpgTerminal({ environment }: PassSettings): Promise<Record<string, string>> {
  if (environment.get("GPG_TTY") !== undefined || !Deno.stdin.isTerminal()) return {};
  try {
    const { stdout, success } = await new Deno.Command(findProgram("tty", environment.get), {
      stdin: "inherit",
      stderr: "null",
    }).output();
    return success ? { GPG_TTY: new TextDecoder().decode(stdout).trim() } : {};
  } catch {
    return {};
  }
}

/** `pass` first if it has a store; otherwise `gopass`, which knows more places. */
async function candidates(settings: PassSettings): Promise<PassProgram[]> {
  const key = await settings.files.facts(pathIn(passFolder(settings.environment), ".gpg-id"));
  return key === undefined ? ["gopass", "pass"] : ["pass", "gopass"];
}

/**
 * Runs the first program that exists, and returns what it printed, whatever its exit code.
 *
 * @throws {SecretStoreError} `unavailable` if neither can be started, `timeout` if it was killed.
 */
async function runPass(
  settings: PassSettings,
  runFor: (program: PassProgram) => PassRun,
): Promise<{ program: PassProgram; result: EndedRun }> {
  // MEANINGS matches English messages.
  const variables = { LANGUAGE: "en", GOPASS_NO_NOTIFY: "true", NO_COLOR: "1" };
  const terminal = await gpgTerminal(settings);
  for (const program of await candidates(settings)) {
    const result = await runStoreProgram({
      environment: settings.environment,
      program,
      ...runFor(program),
      variables: { ...variables, ...terminal },
      ownGroup: true,
    });
    if (result.kind === "ended") return { program, result };
    if (result.kind === "timeout") {
      throw new SecretStoreError(`${program} timed out`, {
        code: "timeout",
        hint: `check whether gpg waits for a passphrase or a smart card, ${OTHER_BACKEND}`,
      });
    }
  }
  throw new SecretStoreError("could not start pass or gopass", {
    code: "unavailable",
    hint: `install pass (https://www.passwordstore.org), ${OTHER_BACKEND}`,
  });
}

const MISSING: Record<PassProgram, (result: EndedRun) => boolean> = {
  pass: ({ stderr }) => /is not in the password store/.test(stderr),
  // gopass has an exit code for "not found"; `rm` and `ls` use another one.
  gopass: ({ code, stderr }) =>
    code === 11 || /not in the password store|does not exist|not found/.test(stderr),
};

async function run(
  settings: PassStoreSettings,
  args: (program: PassProgram) => readonly string[],
  input?: string,
): Promise<EndedRun | undefined> {
  const timeoutMilliseconds = settings.timeoutMilliseconds ?? PROGRAM_MILLISECONDS;
  const { program, result } = await runPass(settings, (program) => ({
    args: args(program),
    timeoutMilliseconds,
    ...(input !== undefined && { input }),
  }));
  if (result.code === 0) return result;
  if (MISSING[program](result)) return undefined;
  throw passError(program, result.stderr);
}

function entry(account: string): string {
  return `${SERVICE}/${checkAccountName(account)}`;
}

async function show(name: string, settings: PassStoreSettings): Promise<string | undefined> {
  const result = await run(settings, (program) =>
    // Without these flags gopass also prints what it parses out of the text.
    program === "pass" ? ["show", name] : ["show", "--noparsing", "--password", name]);
  return result?.stdout.trim();
}

async function read(account: string, settings: PassStoreSettings): Promise<Secret | undefined> {
  const text = await show(entry(account), settings);
  if (text === undefined) return undefined;
  if (!text.startsWith(PREFIX)) throw damagedItem("pass");
  return decodeItem(text.slice(PREFIX.length), "pass");
}

/** gpg writes files in place, so we write another one, which then replaces the old one. */
async function write(account: string, item: Secret, settings: PassStoreSettings): Promise<void> {
  const name = entry(account);
  const unfinished = name + UNFINISHED;
  const text = PREFIX + encodeItem(item);
  const problem = await probePass(settings);
  if (problem !== undefined) throw problem;
  await run(settings, () => ["insert", "--multiline", "--force", unfinished], `${text}\n`);
  if (await show(unfinished, settings) !== text) throw notStored("pass");
  await run(settings, () => ["mv", "--force", unfinished, name]);
}

async function remove(account: string, settings: PassStoreSettings): Promise<boolean> {
  return await run(settings, () => ["rm", "--force", entry(account)]) !== undefined;
}

/** `pass ls` draws a tree, so its files are listed instead. */
async function list(settings: PassStoreSettings): Promise<string[]> {
  const files = await settings.files.list(pathIn(passFolder(settings.environment), SERVICE));
  const names = files.flatMap((name) => /^(.*)\.gpg$/.exec(name)?.[1] ?? []);
  const { program, result } = await runPass(settings, (program) => ({
    args: program === "pass" ? ["ls"] : ["ls", "--flat", SERVICE],
    timeoutMilliseconds: settings.timeoutMilliseconds ?? PROGRAM_MILLISECONDS,
  }));
  if (result.code !== 0 && !MISSING[program](result)) throw passError(program, result.stderr);
  const listed = result.stdout.matchAll(/^okta-aws\/(\S+)$/gm);
  const all = program === "pass" ? names : Array.from(listed, ([, name]) => name!);
  return all.filter((name) => !name.endsWith(UNFINISHED)).sort();
}

/** Why there is no usable password store; within 2 seconds. Opens nothing in it. */
export async function probePass(settings: PassSettings): Promise<SecretStoreError | undefined> {
  return await catchStoreError(async () => {
    const { program, result } = await runPass(settings, (program) => ({
      args: program === "pass" ? ["ls"] : ["ls", "--flat"],
      timeoutMilliseconds: PROBE_MILLISECONDS,
    }));
    if (result.code !== 0) return passError(program, result.stderr);
    // The folder alone is no store: pass creates it even when it fails.
    return program === "gopass" || await hasKey(settings)
      ? undefined
      : passError(program, NO_STORE);
  });
}

/** What pass says itself. */
const NO_STORE = "before you may use the password store";

async function hasKey({ files, environment }: PassSettings): Promise<boolean> {
  if (environment.get("PASSWORD_STORE_KEY") !== undefined) return true;
  const folder = passFolder(environment);
  const places = [folder, pathIn(folder, SERVICE)];
  const keys = await Promise.all(places.map((place) => files.facts(pathIn(place, ".gpg-id"))));
  return keys.some((key) => key !== undefined);
}

/** Error codes: `locked`, `unavailable`, `timeout`, `damaged`, `not_stored`. */
export function passStore(settings: PassStoreSettings): SecretStore {
  return {
    name: "pass",
    read: async (account) => await read(account, settings),
    write: async (account, item) => {
      checkAccountName(account);
      await withStoreLock(settings, () => write(account, item, settings));
    },
    remove: async (account) => {
      checkAccountName(account);
      return await withStoreLock(settings, () => remove(account, settings));
    },
    list: () => list(settings),
  };
}
