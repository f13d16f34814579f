/**
 * The `pass` backend: files under gpg, by `pass` or `gopass`. An item is `okta-aws/NAME`, `v1:` and
 * base64 on one line.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { SecretStore } from "../../ports.ts";
import { catchStoreError } from "./entry_store.ts";
import type { Secret } from "../../secret.ts";
import { pathIn } from "../files/paths.ts";
import { checkAccountName, SERVICE } from "./account_name.ts";
import { damagedItem, decodeItem, encodeItem } from "./entries.ts";
import {
  passError,
  passFolder,
  type PassProgram,
  type PassResult,
  type PassSettings,
  runPass,
} from "./pass_program.ts";
import { type StoreLockSettings, withStoreLock } from "./store_lock.ts";

/** What the `pass` backend needs. */
export interface PassStoreSettings extends PassSettings, Omit<StoreLockSettings, "files"> {
  /** The file system. */
  files: PassSettings["files"] & StoreLockSettings["files"];
  /** How long a run may take, a person's passphrase included; 60,000 if left out. */
  timeoutMilliseconds?: number;
}

const PROGRAM_MILLISECONDS = 60_000;
const PROBE_MILLISECONDS = 2_000;
/** No account has `~` in its name. */
const UNFINISHED = "~new";
/** gopass takes an empty text for a mistake. */
const PREFIX = "v1:";

const MISSING: Record<PassProgram, (result: PassResult) => boolean> = {
  pass: ({ stderr }) => /is not in the password store/.test(stderr),
  // gopass has an exit code for "not found"; `rm` and `ls` use another one.
  gopass: ({ code, stderr }) =>
    code === 11 || /not in the password store|does not exist|not found/.test(stderr),
};

async function run(
  settings: PassStoreSettings,
  args: (program: PassProgram) => readonly string[],
  input?: string,
): Promise<PassResult | undefined> {
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
    // Without them gopass adds what it reads out of the text.
    program === "pass" ? ["show", name] : ["show", "--noparsing", "--password", name]);
  return result?.stdout.trim();
}

async function read(account: string, settings: PassStoreSettings): Promise<Secret | undefined> {
  const text = await show(entry(account), settings);
  if (text === undefined) return undefined;
  if (!text.startsWith(PREFIX)) throw damagedItem("pass");
  return decodeItem(text.slice(PREFIX.length), "pass");
}

/** gpg writes the file in place: a new one, which then takes the old one's. */
async function write(account: string, item: Secret, settings: PassStoreSettings): Promise<void> {
  const name = entry(account);
  const unfinished = name + UNFINISHED;
  const text = PREFIX + encodeItem(item);
  await run(settings, () => ["insert", "--multiline", "--force", unfinished], `${text}\n`);
  if (await show(unfinished, settings) !== text) {
    throw new SecretStoreError("the password store gives back something else than was stored", {
      code: "not_stored",
      hint: "choose another backend (--backend file)",
    });
  }
  await run(settings, () => ["mv", "--force", unfinished, name]);
}

async function remove(account: string, settings: PassStoreSettings): Promise<boolean> {
  return await run(settings, () => ["rm", "--force", entry(account)]) !== undefined;
}

/** `pass ls` draws a tree; its files say the same without one. */
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

/**
 * Whether there is a password store that can be used. Nothing in it is opened.
 *
 * @param settings How the program is run.
 * @returns `undefined` where there is one, else why not; known within 2 seconds.
 */
export async function probePass(settings: PassSettings): Promise<SecretStoreError | undefined> {
  return await catchStoreError(async () => {
    const { program, result } = await runPass(settings, (program) => ({
      args: program === "pass" ? ["ls"] : ["ls", "--flat"],
      timeoutMilliseconds: PROBE_MILLISECONDS,
    }));
    return result.code === 0 ? undefined : passError(program, result.stderr);
  });
}

/**
 * Items in the person's password store.
 *
 * @param settings How the program is run, and where the lock between writers stands.
 * @returns The store. Its methods reject with a `SecretStoreError`: `locked`, `unavailable`, `timeout`, `damaged`; `write` also with `not_stored`.
 */
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
