/**
 * The `file` backend: one file an account under `secrets` beside the settings, 0600, encrypted under
 * a passphrase.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Files, SecretStore } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { pathIn } from "../files/paths.ts";
import { checkAccountName } from "./account_name.ts";
import { isDpapiDocument } from "./dpapi_document.ts";
import * as envelopes from "./envelope.ts";
import {
  askNewPassphrase,
  askPassphrase,
  givenPassphrase,
  type PassphraseSources,
} from "./passphrase.ts";
import { withStoreLock } from "./store_lock.ts";

/** What the `file` backend needs. */
export interface FileStoreSettings extends PassphraseSources {
  /** The folder `secrets` beside the settings, absolute. */
  secretsFolder: string;
  /** The file system. */
  files: Files;
}

/** What is kept while the program runs, so that nobody is asked twice and nothing derived twice. */
interface Memory {
  passphrase?: Secret;
  keys: Map<string, envelopes.EnvelopeKeys>;
}

const MOST_TRIES = 3;

function damaged(path: string): SecretStoreError {
  return new SecretStoreError(`${showUntrusted(path)} is damaged`, {
    code: "damaged",
    hint: "restore it from a backup, or start anew: okta-aws signout --forget, then okta-aws init",
  });
}

function wrongPassphrase(path: string): SecretStoreError {
  return new SecretStoreError(`that is not the passphrase of ${showUntrusted(path)}`, {
    code: "wrong_passphrase",
    hint:
      "check OKTA_AWS_FILE_PASSPHRASE; if it is lost: okta-aws signout --forget, then okta-aws init",
  });
}

async function keysFor(
  passphrase: Secret,
  kdf: envelopes.Envelope["kdf"],
  memory: Memory,
): Promise<envelopes.EnvelopeKeys> {
  const id = `${kdf.iterations} ${kdf.salt} ${passphrase.reveal()}`;
  const known = memory.keys.get(id);
  if (known !== undefined) return known;
  const keys = await envelopes.deriveKeys(passphrase, kdf);
  memory.keys.set(id, keys);
  return keys;
}

/** The envelope of an account, or `undefined` where there is no file. */
async function readEnvelope(
  path: string,
  account: string,
  files: Files,
): Promise<envelopes.Envelope | undefined> {
  const bytes = await files.read(path);
  if (bytes === undefined || isDpapiDocument(bytes)) return undefined;
  const envelope = await envelopes.parseEnvelope(bytes);
  // The names of two accounts may be one file's to a system that ignores case.
  if (envelope === undefined || envelope.account !== account) throw damaged(path);
  return envelope;
}

/** The item, or `undefined` where the passphrase is wrong. */
async function tryPassphrase(
  path: string,
  envelope: envelopes.Envelope,
  passphrase: Secret,
  memory: Memory,
): Promise<Secret | undefined> {
  const opened = await envelopes.open(envelope, await keysFor(passphrase, envelope.kdf, memory));
  if (opened.kind === "damaged") throw damaged(path);
  if (opened.kind === "wrong_passphrase") return undefined;
  memory.passphrase = passphrase;
  return opened.item;
}

async function askAndOpen(
  path: string,
  envelope: envelopes.Envelope,
  settings: FileStoreSettings,
  memory: Memory,
): Promise<Secret> {
  let question = "Passphrase of the file of secrets";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const passphrase = await askPassphrase(settings, question);
    const item = await tryPassphrase(path, envelope, passphrase, memory);
    if (item !== undefined) return item;
    question = "That was not it. Passphrase of the file of secrets";
  }
  throw wrongPassphrase(path);
}

async function read(
  account: string,
  settings: FileStoreSettings,
  memory: Memory,
): Promise<Secret | undefined> {
  const path = pathIn(settings.secretsFolder, checkAccountName(account));
  const envelope = await readEnvelope(path, account, settings.files);
  if (envelope === undefined) return undefined;
  const given = givenPassphrase(settings);
  const known = given ?? memory.passphrase;
  const item = known && await tryPassphrase(path, envelope, known, memory);
  if (item !== undefined) return item;
  if (given !== undefined) throw wrongPassphrase(path);
  return await askAndOpen(path, envelope, settings, memory);
}

async function write(
  account: string,
  item: Secret,
  settings: FileStoreSettings,
  memory: Memory,
): Promise<void> {
  const path = pathIn(settings.secretsFolder, checkAccountName(account));
  const passphrase = givenPassphrase(settings) ?? memory.passphrase ??
    await askNewPassphrase(settings);
  const kdf = envelopes.newKdf();
  const keys = await keysFor(passphrase, kdf, memory);
  const bytes = await envelopes.seal(account, item, kdf, keys);
  await withStoreLock(settings, async () => {
    await settings.files.writeAtomic(path, bytes, 0o600);
    const stored = await readEnvelope(path, account, settings.files);
    const opened = stored && await envelopes.open(stored, keys);
    if (opened?.kind !== "item" || opened.item.reveal() !== item.reveal()) throw damaged(path);
  });
  memory.passphrase = passphrase;
}

/** The folder also holds the lock, the items of `dpapi`, and what a killed writer has left. */
async function list({ secretsFolder, files }: FileStoreSettings): Promise<string[]> {
  const accounts: string[] = [];
  for (const name of await files.list(secretsFolder)) {
    const bytes = await files.read(pathIn(secretsFolder, name));
    const envelope = bytes && await envelopes.parseEnvelope(bytes);
    if (envelope?.account === name) accounts.push(name);
  }
  return accounts;
}

/** What `dpapi` keeps under the same name is not ours to remove. */
async function remove(
  account: string,
  { secretsFolder, files }: FileStoreSettings,
): Promise<boolean> {
  const path = pathIn(secretsFolder, checkAccountName(account));
  const bytes = await files.read(path);
  if (bytes !== undefined && isDpapiDocument(bytes)) return false;
  return await files.remove(path);
}

/**
 * Items in files under a passphrase, which `OKTA_AWS_FILE_PASSPHRASE` gives or the person is asked
 * for, twice where it is new.
 *
 * @param settings The folder and the ports.
 * @returns The store. Its methods reject with a `SecretStoreError`: `wrong_passphrase`; `damaged`
 * (found without a passphrase); `timeout` where another process holds the store for long; and with
 * an `InteractionError` `passphrase_needed` where nobody can be asked.
 */
export function fileStore(settings: FileStoreSettings): SecretStore {
  const memory: Memory = { keys: new Map() };
  return {
    name: "file",
    read: (account) => read(account, settings, memory),
    write: (account, item) => write(account, item, settings, memory),
    remove: (account) => remove(account, settings),
    list: () => list(settings),
  };
}
