/**
 * Items of any size for stores whose entries are small: base64 in one entry if it fits, otherwise in
 * several parts named by a head. The head is written last, so that a writer killed halfway leaves the
 * old item complete.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { BackendName, SecretStore } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { type StoreLockSettings, withStoreLock } from "./store_rules.ts";

/** One step of a batch. A part's name has letters, digits and `.` only; without one it is the head. */
export type EntryStep =
  | { kind: "read"; part?: string }
  | { kind: "write"; part?: string; text: string }
  | { kind: "remove"; part?: string };

/** The small entries of one account, each one line of ASCII. */
export interface Entries {
  /** For messages. */
  readonly backend: BackendName;
  /** The longest text of an entry, characters. */
  readonly mostLength: number;
  /**
   * Runs the steps in order; the first failure ends it. Returns one result per step: the text read
   * (`undefined` if there was no entry); for a removed entry its text or `""`, `undefined` if there
   * was none.
   */
  run(steps: readonly EntryStep[]): Promise<(string | undefined)[]>;
}

/** What {@linkcode entryStore} needs from a backend. */
export interface EntryBackend {
  name: BackendName;
  /** An account's entries; throws for a name that the backend can't take. */
  entries: (account: string) => Entries;
  /** The accounts that have an item, sorted. */
  list: () => Promise<string[]>;
}

/** Makes a store from a backend's entries. */
export function entryStore(
  { name, entries, list }: EntryBackend,
  settings: StoreLockSettings,
): SecretStore {
  return {
    name,
    read: async (account) => await readItem(entries(account)),
    write: async (account, item) => {
      const own = entries(account);
      await withStoreLock(settings, () => writeItem(own, item));
    },
    remove: async (account) => {
      const own = entries(account);
      return await withStoreLock(settings, () => removeItem(own));
    },
    list,
  };
}

/** Runs steps one after the other, for tools that do one step per call. */
export async function runInOrder(
  steps: readonly EntryStep[],
  run: (step: EntryStep) => Promise<string | undefined>,
): Promise<(string | undefined)[]> {
  const results: (string | undefined)[] = [];
  for (const step of steps) results.push(await run(step));
  return results;
}

/** `parts:GENERATION:COUNT`. Base64 has no `:`. */
const HEAD = /^parts:([0-9a-f]{16}):([1-9]\d{0,3})$/;

export function damagedItem(backend: BackendName): SecretStoreError {
  return new SecretStoreError(`the item of this account in ${backend} is damaged`, {
    code: "damaged",
    hint: "run okta-aws init to store the secrets again",
  });
}

function partsOf(head: string | undefined): string[] {
  const [, generation, count] = HEAD.exec(head ?? "") ?? [];
  return Array.from({ length: Number(count ?? 0) }, (_, at) => `${generation}.${at}`);
}

/** The item's UTF-8 as base64, which every store accepts. */
export function encodeItem(item: Secret): string {
  return new TextEncoder().encode(item.reveal()).toBase64();
}

/** @throws {SecretStoreError} `damaged` */
export function decodeItem(base64: string, backend: BackendName): Secret {
  try {
    const bytes = Uint8Array.fromBase64(base64);
    return new Secret(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw damagedItem(backend);
  }
}

/** The item's text, joined; `undefined` if a part is missing. */
function joined(head: string, parts: readonly (string | undefined)[]): string | undefined {
  if (!HEAD.test(head)) return head;
  return parts.includes(undefined) ? undefined : parts.join("");
}

function readSteps(parts: readonly string[]): EntryStep[] {
  return parts.map((part) => ({ kind: "read", part }));
}

/** @throws {SecretStoreError} `damaged`, and what the entries throw. */
export async function readItem(entries: Entries): Promise<Secret | undefined> {
  const [head] = await entries.run([{ kind: "read" }]);
  if (head === undefined) return undefined;
  const names = partsOf(head);
  const parts = names.length === 0 ? [] : await entries.run(readSteps(names));
  const text = joined(head, parts);
  if (text === undefined) throw damagedItem(entries.backend);
  return decodeItem(text, entries.backend);
}

interface Layout {
  head: string;
  parts: { part: string; text: string }[];
}

function layOut(text: string, mostLength: number): Layout {
  if (text.length <= mostLength) return { head: text, parts: [] };
  const generation = crypto.getRandomValues(new Uint8Array(8)).toHex();
  const count = Math.ceil(text.length / mostLength);
  const parts = Array.from({ length: count }, (_, at) => ({
    part: `${generation}.${at}`,
    text: text.slice(at * mostLength, (at + 1) * mostLength),
  }));
  return { head: `parts:${generation}:${count}`, parts };
}

function removeSteps(parts: readonly string[]): EntryStep[] {
  return parts.map((part) => ({ kind: "remove", part }));
}

/** What a store throws that does not return what was written to it. */
export function notStored(backend: BackendName): SecretStoreError {
  return new SecretStoreError(
    `could not store the secrets: ${backend} returned a different value when read back`,
    {
      code: "not_stored",
      hint: "choose another backend (--backend file)",
    },
  );
}

/**
 * Replaces the item, and reads it back.
 *
 * @throws {SecretStoreError} `not_stored` if something else is read back, and what the entries throw.
 */
export async function writeItem(entries: Entries, item: Secret): Promise<void> {
  const text = encodeItem(item);
  const { head, parts } = layOut(text, entries.mostLength);
  const names = parts.map(({ part }) => part);
  const [before, ...rest] = await entries.run([
    { kind: "read" },
    ...parts.map(({ part, text }): EntryStep => ({ kind: "write", part, text })),
    { kind: "write", text: head },
    { kind: "read" },
    ...readSteps(names),
  ]);
  const [newHead, ...read] = rest.slice(parts.length + 1);
  if (newHead !== head || joined(head, read) !== text) throw notStored(entries.backend);
  const old = partsOf(before);
  if (old.length > 0) await entries.run(removeSteps(old));
}

/** Returns whether there was an item. */
export async function removeItem(entries: Entries): Promise<boolean> {
  const [before] = await entries.run([{ kind: "read" }]);
  if (before === undefined) return false;
  const steps: EntryStep[] = [{ kind: "remove" }, ...removeSteps(partsOf(before))];
  const [removed] = await entries.run(steps);
  return removed !== undefined;
}
