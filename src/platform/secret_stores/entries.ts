/**
 * Items of any size in stores whose entries are small: base64 in one entry where it fits, else in
 * several, with a head that names them. The head is written last, so that whoever is killed in
 * between leaves the old item whole.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { BackendName } from "../../ports.ts";
import { Secret } from "../../secret.ts";

/** One step of a batch. A part's name has letters, digits and `.` only; without one it is the head. */
export type EntryStep =
  | { kind: "read"; part?: string }
  | { kind: "write"; part?: string; text: string }
  | { kind: "remove"; part?: string };

/** Small entries of one account, ASCII text of one line each. */
export interface Entries {
  /** Whose they are, for messages. */
  readonly backend: BackendName;
  /** The longest text of an entry. */
  readonly mostLength: number;
  /**
   * Does steps in their order; the first that fails ends it.
   *
   * @returns For each step what was read (`undefined`: there is none), and for a removed entry its
   * text or the empty one where there was an entry, `undefined` where not.
   */
  run(steps: readonly EntryStep[]): Promise<(string | undefined)[]>;
}

/** `parts GENERATION COUNT`: `:` is in no base64. */
const HEAD = /^parts:([0-9a-f]{16}):([1-9]\d{0,3})$/;

/**
 * What is said of an item that can't be read.
 *
 * @param backend Where it is.
 * @returns A `SecretStoreError` `damaged`.
 */
export function damagedItem(backend: BackendName): SecretStoreError {
  return new SecretStoreError(`the item that ${backend} keeps for this account is damaged`, {
    code: "damaged",
    hint: "store the secrets anew with okta-aws init",
  });
}

function partsOf(head: string | undefined): string[] {
  const [, generation, count] = HEAD.exec(head ?? "") ?? [];
  return Array.from({ length: Number(count ?? 0) }, (_, at) => `${generation}.${at}`);
}

/**
 * An item as text that every store takes.
 *
 * @param item The item.
 * @returns Base64 of its UTF-8.
 */
export function encodeItem(item: Secret): string {
  return new TextEncoder().encode(item.reveal()).toBase64();
}

/**
 * Reads what {@linkcode encodeItem} gave.
 *
 * @param base64 The text.
 * @param backend Where it comes from, for the message.
 * @returns The item.
 * @throws {SecretStoreError} `damaged`
 */
export function decodeItem(base64: string, backend: BackendName): Secret {
  try {
    const bytes = Uint8Array.fromBase64(base64);
    return new Secret(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw damagedItem(backend);
  }
}

/** The item's text, joined; `undefined` where a part lacks. */
function joined(head: string, parts: readonly (string | undefined)[]): string | undefined {
  if (!HEAD.test(head)) return head;
  return parts.includes(undefined) ? undefined : parts.join("");
}

function readSteps(parts: readonly string[]): EntryStep[] {
  return parts.map((part) => ({ kind: "read", part }));
}

/**
 * Reads an item.
 *
 * @param entries The account's entries.
 * @returns The item, or `undefined` where there is none.
 * @throws {SecretStoreError} `damaged`, and whatever the entries throw.
 */
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

/**
 * Stores an item in place of the one that is there, and reads it back.
 *
 * @param entries The account's entries.
 * @param item The item.
 * @throws {SecretStoreError} `not_stored` where something else comes back, and whatever the entries
 * throw.
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
  if (newHead !== head || joined(head, read) !== text) {
    throw new SecretStoreError(`${entries.backend} gives back something else than was stored`, {
      code: "not_stored",
      hint: "choose another backend (--backend file)",
    });
  }
  const old = partsOf(before);
  if (old.length > 0) await entries.run(removeSteps(old));
}

/**
 * Removes an item.
 *
 * @param entries The account's entries.
 * @returns Whether there was one.
 */
export async function removeItem(entries: Entries): Promise<boolean> {
  const [before] = await entries.run([{ kind: "read" }]);
  if (before === undefined) return false;
  const steps: EntryStep[] = [{ kind: "remove" }, ...removeSteps(partsOf(before))];
  const [removed] = await entries.run(steps);
  return removed !== undefined;
}
