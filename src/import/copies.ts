/**
 * The copies that an import keeps of the files that it changes: a folder for each import below
 * `imports/` in the cache, with each file as it was before and after.
 */

import type { AppContext } from "../app/context.ts";

export interface ImportRecord {
  version: 1;
  /** Milliseconds since the Unix epoch. */
  at: number;
  tools: string[];
  /** The changed files; the copies are named by their index. */
  paths: string[];
}

/** An import with its folder. */
export interface StoredImport {
  folder: string;
  record: ImportRecord;
}

type Local = Pick<AppContext, "ports" | "paths">;

const RECORD = "import.json";

/** Which version of a file. */
type Version = "before" | "after";

/** Copies the files as they are, before anything is changed. */
export async function copyFiles(
  context: Local,
  tools: string[],
  paths: string[],
): Promise<StoredImport> {
  const at = context.ports.clock.now();
  const time = new Date(at).toISOString().replace(/[:.]/g, "");
  const random = crypto.getRandomValues(new Uint8Array(4)).toHex();
  const folder = `${context.paths.cache}/imports/${time}-${random}`;
  const stored: StoredImport = { folder, record: { version: 1, at, tools, paths } };
  await copyAll(context, stored, "before");
  const text = `${JSON.stringify(stored.record, undefined, 2)}\n`;
  await context.ports.files.writeAtomic(
    `${folder}/${RECORD}`,
    new TextEncoder().encode(text),
    0o600,
  );
  return stored;
}

/** Copies the files as the import left them: `--undo` then knows what was changed since. */
export function copyResult(context: Local, stored: StoredImport): Promise<void> {
  return copyAll(context, stored, "after");
}

async function copyAll(
  { ports: { files } }: Local,
  { folder, record }: StoredImport,
  version: Version,
): Promise<void> {
  for (const [index, path] of record.paths.entries()) {
    const bytes = await files.read(path);
    const copy = `${folder}/${index}-${version}`;
    if (bytes !== undefined) await files.writeAtomic(copy, bytes, 0o600);
    else await files.remove(copy);
  }
}

/** A copy; `undefined` if there was no file. */
export function readCopy(
  { ports: { files } }: Local,
  { folder, record }: StoredImport,
  path: string,
  version: Version,
): Promise<Uint8Array | undefined> {
  return files.read(`${folder}/${record.paths.indexOf(path)}-${version}`);
}

/** The last import that was not undone. */
export async function lastImport(
  { ports: { files }, paths }: Local,
): Promise<StoredImport | undefined> {
  const root = `${paths.cache}/imports`;
  for (const name of (await files.list(root)).toReversed()) {
    const folder = `${root}/${name}`;
    const record = parseRecord(await files.read(`${folder}/${RECORD}`));
    if (record !== undefined) return { folder, record };
  }
  return undefined;
}

function parseRecord(bytes: Uint8Array | undefined): ImportRecord | undefined {
  if (bytes === undefined) return undefined;
  try {
    const record = JSON.parse(new TextDecoder().decode(bytes)) as ImportRecord;
    const isText = (list: unknown) =>
      Array.isArray(list) && list.every((one) => typeof one === "string");
    const isWhole = record.version === 1 && isText(record.paths) && isText(record.tools);
    return isWhole ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Forgets an import. */
export async function dropImport(
  { ports: { files } }: Local,
  { folder }: StoredImport,
): Promise<void> {
  // The record first: without it the rest counts for nothing.
  await files.remove(`${folder}/${RECORD}`);
  for (const name of await files.list(folder)) await files.remove(`${folder}/${name}`);
}
