/**
 * What an edit would change, for a person to read. Not a patch: secret values are masked.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";

const SECRET_KEY = /^[\s#;]*aws_(?:secret_access_key|session_token|security_token)\b/i;

interface Line {
  /** The line with its line end. */
  raw: string;
  /** Whether it continues a secret value. */
  masked: boolean;
}

/** A header with its lines, or what stands in front of the first header. */
interface Chunk {
  key: string;
  /** Number of the first line, from 1. */
  line: number;
  lines: Line[];
}

function splitLines(text: string): Line[] {
  let secret = false;
  return text === "" ? [] : text.split(/(?<=\n)/).map((raw) => {
    const continues = /^(?:[ \t]|[#;]|\r?\n)/.test(raw);
    const masked = secret && /^[ \t]+\S/.test(raw);
    secret = SECRET_KEY.test(raw) || (secret && continues);
    return { raw, masked };
  });
}

function show({ raw, masked }: Line): string {
  const [key] = SECRET_KEY.exec(raw) ?? [];
  if (key !== undefined) return `${showUntrusted(key)} = [secret]`;
  return masked ? "[secret]" : showUntrusted(raw);
}

function splitChunks(text: string): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  const seen = new Map<string, number>();
  let chunk: Chunk = { key: "", line: 1, lines: [] };
  chunks.set("", chunk);
  splitLines(text).forEach((line, index) => {
    if (line.raw.startsWith("[")) {
      const header = line.raw.trim();
      const count = seen.get(header) ?? 0;
      seen.set(header, count + 1);
      chunk = { key: `${header}\n${count}`, line: index + 1, lines: [] };
      chunks.set(chunk.key, chunk);
    }
    chunk.lines.push(line);
  });
  return chunks;
}

function hunk(before: Chunk, after: Chunk): string[] {
  const [a, b] = [before.lines, after.lines];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head]!.raw === b[head]!.raw) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail)!.raw === b.at(-1 - tail)!.raw) tail++;
  const gone = a.slice(head, a.length - tail);
  const come = b.slice(head, b.length - tail);
  if (gone.length === 0 && come.length === 0) return [];
  const section = head === 0 ? "" : ` ${show(b[0]!)}`;
  const range = ({ line }: Chunk, { length }: Line[]): string => `${line + head},${length}`;
  return [
    `@@ -${range(before, gone)} +${range(after, come)} @@${section}`,
    ...gone.map((line) => `-${show(line)}`),
    ...come.map((line) => `+${show(line)}`),
  ];
}

/**
 * The difference between two versions of an INI file in the manner of `diff -U0`: for every section
 * that changed, its lines from the first to the last changed one. The values of
 * `aws_secret_access_key`, `aws_session_token` and `aws_security_token` are shown as `[secret]`, in
 * comments and continuation lines too.
 *
 * @param path The file's name, for the head lines.
 * @param before The text as it is.
 * @param after The text as it would be.
 * @returns Lines that each end with `\n`; empty where nothing changes. Safe for a terminal.
 */
export function formatIniDiff(path: string, before: string, after: string): string {
  if (before === after) return "";
  const [old, fresh] = [splitChunks(before), splitChunks(after)];
  const name = showUntrusted(path);
  const lines = [`--- ${name}`, `+++ ${name}`];
  let line = 1;
  for (const chunk of old.values()) {
    const next = fresh.get(chunk.key) ?? { key: chunk.key, line, lines: [] };
    lines.push(...hunk(chunk, next));
    line = next.line + next.lines.length;
    fresh.delete(chunk.key);
  }
  const end = before.split("\n").length;
  for (const chunk of fresh.values()) lines.push(...hunk({ key: "", line: end, lines: [] }, chunk));
  return `${lines.join("\n")}\n`;
}
