import { showUntrusted } from "../untrusted_text.ts";

const SECRET_KEY = /^[\s#;]*aws_(?:secret_access_key|session_token|security_token)\b/i;

export interface DiffLine {
  raw: string;
  shown: string;
}

/** A part of a file, compared with the part that has the same key. */
export interface DiffChunk {
  key: string;
  /** From 1. */
  line: number;
  lines: DiffLine[];
}

function splitLines(text: string): DiffLine[] {
  let secret = false;
  return text === "" ? [] : text.split(/(?<=\n)/).map((raw) => {
    const continues = /^(?:[ \t]|[#;]|\r?\n)/.test(raw);
    const masked = secret && /^[ \t]+\S/.test(raw);
    secret = SECRET_KEY.test(raw) || (secret && continues);
    return { raw, shown: masked ? "[secret]" : show(raw) };
  });
}

function show(raw: string): string {
  const [key] = SECRET_KEY.exec(raw) ?? [];
  return key === undefined ? showUntrusted(raw) : `${showUntrusted(key)} = [secret]`;
}

/** Each section with its lines; the first chunk is the text before any section. */
function splitChunks(text: string): Map<string, DiffChunk> {
  const chunks = new Map<string, DiffChunk>();
  const seen = new Map<string, number>();
  let chunk: DiffChunk = { key: "", line: 1, lines: [] };
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

function hunk(before: DiffChunk, after: DiffChunk): string[] {
  const [a, b] = [before.lines, after.lines];
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head]!.raw === b[head]!.raw) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail)!.raw === b.at(-1 - tail)!.raw) tail++;
  const gone = a.slice(head, a.length - tail);
  const come = b.slice(head, b.length - tail);
  if (gone.length === 0 && come.length === 0) return [];
  const section = head === 0 ? "" : ` ${b[0]!.shown}`;
  const range = ({ line }: DiffChunk, { length }: DiffLine[]): string => `${line + head},${length}`;
  return [
    `@@ -${range(before, gone)} +${range(after, come)} @@${section}`,
    ...gone.map((line) => `-${line.shown}`),
    ...come.map((line) => `+${line.shown}`),
  ];
}

/**
 * The changes to an INI file in the style of `diff -U0`: for each changed section, the lines from
 * the first to the last change. Values of `aws_secret_access_key`, `aws_session_token` and
 * `aws_security_token` are shown as `[secret]`, also in comments and continuation lines. Empty if
 * nothing changes; safe for a terminal.
 */
export function formatIniDiff(path: string, before: string, after: string): string {
  return formatChunkDiff({ path, before, after, split: splitChunks });
}

/** Same for other formats: `split` divides the text into chunks. */
export function formatChunkDiff(
  { path, before, after, split }: {
    path: string;
    before: string;
    after: string;
    split: (text: string) => Map<string, DiffChunk>;
  },
): string {
  if (before === after) return "";
  const [old, fresh] = [split(before), split(after)];
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
