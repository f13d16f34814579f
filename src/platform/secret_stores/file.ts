/**
 * The `file` backend: one encrypted file per account (0600) in `secrets` beside the settings. The
 * passphrase comes from `OKTA_AWS_FILE_PASSPHRASE`, or the user is asked.
 *
 * @module
 */

import { InteractionError, SecretStoreError } from "../../errors.ts";
import type { Environment, Files, SecretStore, Terminal } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { pathIn } from "../files/paths.ts";
import { isDpapiDocument } from "./dpapi.ts";
import type { KeyCache } from "./key_cache.ts";
import * as envelopes from "./envelope.ts";
import { checkAccountName, damagedFile, withStoreLock } from "./store_rules.ts";

export interface FileStoreSettings {
  environment: Pick<Environment, "get">;
  terminal: Pick<Terminal, "canAsk" | "askSecret" | "write">;
  /** The folder `secrets` beside the settings, absolute. */
  secretsFolder: string;
  files: Files;
  /** Keeps the keys of a passphrase that was asked for; default: nothing does. */
  cache?: { keys: KeyCache; seconds: number } | undefined;
}

/** A store while the program runs: nobody is asked twice, and no key is derived twice. */
interface OpenStore extends FileStoreSettings {
  passphrase?: Secret;
  /** The salt of the cache's key that opened an item; new items are sealed with it. */
  unlocked?: envelopes.Envelope["kdf"];
  keys: Map<string, envelopes.EnvelopeKeys>;
}

const PASSPHRASE_VARIABLE = "OKTA_AWS_FILE_PASSPHRASE";
const QUESTION_MILLISECONDS = 60_000;
const MOST_TRIES = 3;
const START_AGAIN = "start again: okta-aws signout --forget, then okta-aws init";

function damaged(path: string): SecretStoreError {
  return damagedFile(path, START_AGAIN);
}

function wrongPassphrase(path: string, isGiven: boolean): SecretStoreError {
  return new SecretStoreError(`wrong passphrase for ${showUntrusted(path)}`, {
    code: "wrong_passphrase",
    hint: `${
      isGiven ? `check ${PASSPHRASE_VARIABLE}; if` : "if"
    } the passphrase is lost, ${START_AGAIN}`,
  });
}

function givenPassphrase({ environment }: Pick<OpenStore, "environment">): Secret | undefined {
  const given = environment.get(PASSPHRASE_VARIABLE);
  return given === undefined ? undefined : new Secret(given);
}

/** @throws {InteractionError} `passphrase_needed` if nobody can be asked. */
async function askPassphrase({ terminal }: OpenStore, question: string): Promise<Secret> {
  if (!await terminal.canAsk()) {
    throw new InteractionError("the saved secrets need a passphrase", {
      code: "passphrase_needed",
      hint: `set ${PASSPHRASE_VARIABLE}, or run the command in a terminal`,
    });
  }
  return await terminal.askSecret({ question, timeoutMilliseconds: QUESTION_MILLISECONDS });
}

/**
 * Asks for a new passphrase, twice, until both match.
 *
 * @throws {InteractionError} `passphrase_needed` if nobody can be asked, or after three attempts.
 */
async function askNewPassphrase(store: OpenStore): Promise<Secret> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const first = await askPassphrase(store, "New passphrase for your saved secrets");
    if (first.reveal() === "") {
      store.terminal.write("The passphrase can't be empty.\n");
      continue;
    }
    const second = await askPassphrase(store, "Confirm passphrase");
    if (first.reveal().normalize("NFC") === second.reveal().normalize("NFC")) return first;
    store.terminal.write("Passphrases don't match.\n");
  }
  throw new InteractionError("no passphrase was chosen for the saved secrets", {
    code: "passphrase_needed",
    hint: `set ${PASSPHRASE_VARIABLE}, or try again`,
  });
}

async function keysFor(
  passphrase: Secret,
  kdf: envelopes.Envelope["kdf"],
  { keys: known }: OpenStore,
): Promise<envelopes.EnvelopeKeys> {
  const id = `${kdf.iterations} ${kdf.salt} ${passphrase.reveal()}`;
  const keys = known.get(id) ?? await envelopes.deriveKeys(passphrase, kdf);
  known.set(id, keys);
  return keys;
}

/** The cache, unless the environment has the passphrase. */
function cacheOf(store: OpenStore): OpenStore["cache"] {
  return givenPassphrase(store) === undefined ? store.cache : undefined;
}

/** The keys of a salt out of the cache. */
async function cachedKeys(
  { salt, iterations }: envelopes.Envelope["kdf"],
  store: OpenStore,
): Promise<envelopes.EnvelopeKeys | undefined> {
  const all = await cacheOf(store)?.keys.read() ?? [];
  const found = all.find((one) => one.salt === salt && one.iterations === iterations);
  return found && await envelopes.keysOfMaster(Uint8Array.fromBase64(found.master));
}

/** Keeps the keys of a passphrase that somebody typed. Returns whether they are kept. */
async function remember(
  passphrase: Secret,
  kdf: envelopes.Envelope["kdf"],
  store: OpenStore,
): Promise<boolean> {
  const cache = cacheOf(store);
  if (cache === undefined) return false;
  const master = await envelopes.deriveMaster(passphrase, kdf);
  const { salt, iterations } = kdf;
  return await cache.keys.add({ salt, iterations, master: master.toBase64() });
}

interface StoredItem {
  path: string;
  envelope: envelopes.Envelope;
}

function pathOf(account: string, { secretsFolder }: Pick<OpenStore, "secretsFolder">): string {
  return pathIn(secretsFolder, checkAccountName(account));
}

/** Returns `undefined` if there is no file, or if it is an item of `dpapi`. */
async function readStored(
  account: string,
  store: Pick<OpenStore, "files" | "secretsFolder">,
): Promise<StoredItem | undefined> {
  const path = pathOf(account, store);
  const bytes = await store.files.read(path);
  if (bytes === undefined || isDpapiDocument(bytes)) return undefined;
  const envelope = await envelopes.parseEnvelope(bytes);
  // On a file system that ignores case, two accounts may share a file.
  if (envelope === undefined || envelope.account !== account) throw damaged(path);
  return { path, envelope };
}

/** Begins to derive the key of an account's item, if the environment has the passphrase. */
export async function unlockAhead(
  account: string,
  settings: Pick<FileStoreSettings, "environment" | "files" | "secretsFolder">,
): Promise<void> {
  const passphrase = givenPassphrase(settings);
  const stored = passphrase && await readStored(account, settings);
  if (stored !== undefined) envelopes.deriveKeysAhead(passphrase!, stored.envelope.kdf);
}

/** Returns `undefined` if the passphrase is wrong. */
async function tryPassphrase(
  { path, envelope }: StoredItem,
  passphrase: Secret,
  store: OpenStore,
): Promise<Secret | undefined> {
  const opened = await envelopes.open(envelope, await keysFor(passphrase, envelope.kdf, store));
  if (opened.kind === "damaged") throw damaged(path);
  if (opened.kind === "wrong_passphrase") return undefined;
  store.passphrase = passphrase;
  return opened.item;
}

async function askAndOpen(stored: StoredItem, store: OpenStore): Promise<Secret> {
  const question = "Passphrase to unlock your saved secrets";
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const passphrase = await askPassphrase(store, question);
    const item = await tryPassphrase(stored, passphrase, store);
    if (item !== undefined) {
      tellKept(store, await remember(passphrase, stored.envelope.kdf, store));
      return item;
    }
    store.terminal.write("Wrong passphrase.\n");
  }
  throw wrongPassphrase(stored.path, false);
}

/** Only once a run, and only to a person who was just asked. */
function tellKept({ terminal, cache }: OpenStore, isKept: boolean): void {
  if (cache === undefined) return;
  const hours = Math.floor(cache.seconds / 3600);
  const span = hours > 0 ? `${hours} h` : `${Math.ceil(cache.seconds / 60)} min`;
  terminal.write(
    isKept
      ? `Unlocked for ${span} (to lock: okta-aws signout --all).\n`
      : `To be asked less often, install keyutils or set ${PASSPHRASE_VARIABLE}.\n`,
  );
}

/** Opens an item with a key of the cache; a stale key opens nothing. */
async function openCached(stored: StoredItem, store: OpenStore): Promise<Secret | undefined> {
  const { envelope, path } = stored;
  const keys = await cachedKeys(envelope.kdf, store);
  const opened = keys && await envelopes.open(envelope, keys);
  if (opened?.kind === "damaged") throw damaged(path);
  if (opened?.kind !== "item") return undefined;
  store.unlocked = envelope.kdf;
  return opened.item;
}

async function read(account: string, store: OpenStore): Promise<Secret | undefined> {
  const stored = await readStored(account, store);
  if (stored === undefined) return undefined;
  const given = givenPassphrase(store);
  const known = given ?? store.passphrase;
  const item = known && await tryPassphrase(stored, known, store);
  if (item !== undefined) return item;
  if (given !== undefined) throw wrongPassphrase(stored.path, true);
  return await openCached(stored, store) ?? await askAndOpen(stored, store);
}

async function write(account: string, item: Secret, store: OpenStore): Promise<void> {
  const path = pathOf(account, store);
  const { kdf, keys } = await sealingKeys(account, store);
  const bytes = await envelopes.seal({ account, item, kdf }, keys);
  await withStoreLock(store, async () => {
    await store.files.writeAtomic(path, bytes, 0o600);
    const stored = await readStored(account, store);
    const opened = stored && await envelopes.open(stored.envelope, keys);
    if (opened?.kind !== "item" || opened.item.reveal() !== item.reveal()) throw damaged(path);
  });
}

interface SealingKeys {
  kdf: envelopes.Envelope["kdf"];
  keys: envelopes.EnvelopeKeys;
}

/** Of the passphrase, if it is known; else those in the cache, else a new passphrase is asked for. */
async function sealingKeys(account: string, store: OpenStore): Promise<SealingKeys> {
  const known = givenPassphrase(store) ?? store.passphrase;
  if (known === undefined) {
    const kdf = store.unlocked ?? (await readStored(account, store))?.envelope.kdf;
    const keys = kdf && await cachedKeys(kdf, store);
    if (keys !== undefined) return { kdf: kdf!, keys };
  }
  const passphrase = known ?? await askNewPassphrase(store);
  const kdf = envelopes.newKdf();
  const keys = await keysFor(passphrase, kdf, store);
  store.passphrase = passphrase;
  await remember(passphrase, kdf, store);
  return { kdf, keys };
}

/** The folder also holds the lock, items of `dpapi`, and what killed writers left. */
async function list({ secretsFolder, files }: OpenStore): Promise<string[]> {
  const accounts: string[] = [];
  for (const name of await files.list(secretsFolder)) {
    const bytes = await files.read(pathIn(secretsFolder, name));
    const envelope = bytes && await envelopes.parseEnvelope(bytes);
    if (envelope?.account === name) accounts.push(name);
  }
  return accounts;
}

/** Leaves an item of `dpapi` under the same name alone. */
async function remove(account: string, store: OpenStore): Promise<boolean> {
  const path = pathOf(account, store);
  const bytes = await store.files.read(path);
  if (bytes !== undefined && isDpapiDocument(bytes)) return false;
  return await store.files.remove(path);
}

/**
 * Error codes: `wrong_passphrase`, `damaged` (found without a passphrase), `timeout`;
 * `passphrase_needed` (an `InteractionError`) if nobody can be asked.
 */
export function fileStore(settings: FileStoreSettings): SecretStore {
  const store: OpenStore = { ...settings, keys: new Map() };
  return {
    name: "file",
    read: (account) => read(account, store),
    write: (account, item) => write(account, item, store),
    remove: (account) => remove(account, store),
    list: () => list(store),
    lock: async () => await store.cache?.keys.clear(),
  };
}
