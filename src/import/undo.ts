/** `import --undo`: puts back what the last import replaced. */

import { SettingsError } from "../errors.ts";
import { decodeLossless, encodeLossless } from "../ini/lossless_text.ts";
import type { AppContext } from "../app/context.ts";
import { dropImport, lastImport, readCopy, type StoredImport } from "./copies.ts";
import { undoSections } from "./undo_sections.ts";

/** What became of a file. */
export interface UndoneFile {
  path: string;
  /** Whether the file has the bytes from before the import, or only its sections. */
  restored: "file" | "sections";
  /** Sections that were changed since the import, which stay as they are. */
  changed: string[];
}

export interface Undone {
  /** Milliseconds since the Unix epoch. */
  at: number;
  tools: string[];
  files: UndoneFile[];
}

/** @throws {SettingsError} `no_import` */
export async function undoImport(context: AppContext): Promise<Undone> {
  const stored = await lastImport(context);
  if (stored === undefined) {
    throw new SettingsError("no import to undo", {
      code: "no_import",
      hint: "see what can be imported: okta-aws import --dry-run",
    });
  }
  const { at, tools, paths } = stored.record;
  const files: UndoneFile[] = [];
  for (const path of paths) files.push(await undoFile(context, stored, path));
  // With something left to put back by hand, the copies stay.
  if (files.every(({ changed }) => changed.length === 0)) await dropImport(context, stored);
  return { at, tools, files };
}

async function undoFile(
  context: AppContext,
  stored: StoredImport,
  path: string,
): Promise<UndoneFile> {
  const before = await readCopy(context, stored, path, "before");
  const after = await readCopy(context, stored, path, "after");
  const now = await context.ports.files.read(path);
  if (isSame(now, before)) return { path, restored: "file", changed: [] };
  if (isSame(now, after)) {
    await write(context, path, before);
    return { path, restored: "file", changed: [] };
  }
  const [old, mine, current] = [before, after, now].map((bytes) =>
    bytes === undefined ? "" : decodeLossless(bytes)
  ) as [string, string, string];
  const { text, changed } = undoSections(old, mine, current);
  if (text !== current) {
    const isGone = before === undefined && text.trim() === "";
    await write(context, path, isGone ? undefined : encodeLossless(text));
  }
  return { path, restored: "sections", changed };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Puts all files back, whatever they are now: for an import that failed halfway. */
export async function restore(context: AppContext, stored: StoredImport): Promise<void> {
  for (const path of stored.record.paths) {
    await write(context, path, await readCopy(context, stored, path, "before"));
  }
  await dropImport(context, stored);
}

async function write(
  { ports: { files } }: AppContext,
  path: string,
  bytes: Uint8Array | undefined,
): Promise<void> {
  if (bytes !== undefined) await files.writeAtomic(path, bytes, 0o600);
  else await files.remove(path);
}
