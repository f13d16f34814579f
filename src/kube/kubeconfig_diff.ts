import { type DiffChunk, formatChunkDiff } from "../ini/diff.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** Other people's tokens and keys stand beside ours, in JSON on the same line. */
const SECRET =
  /((?:client-key-data|password|(?:id-|refresh-|access-|)token|client-secret)["']?\s*:).*/s;

function show(raw: string): string {
  const [indent] = /^ {0,40}/.exec(raw)!;
  return indent + showUntrusted(raw.replace(SECRET, "$1 [secret]"));
}

/** The parts are the entries of the lists; a list's items are as far indented as its first one. */
function splitChunks(text: string): Map<string, DiffChunk> {
  const chunks = new Map<string, DiffChunk>();
  const seen = new Map<string, number>();
  let top = "";
  let item: string | undefined;
  let chunk: DiffChunk = { key: "", line: 1, lines: [] };
  chunks.set("", chunk);
  const begin = (header: string, line: number): void => {
    const count = seen.get(header) ?? 0;
    seen.set(header, count + 1);
    chunk = { key: `${header}\n${count}`, line, lines: [] };
    chunks.set(chunk.key, chunk);
  };
  const lines = text === "" ? [] : text.split(/(?<=\n)/);
  lines.forEach((raw, index) => {
    const dash = /^ *(?=- )/.exec(raw)?.[0];
    if (/^[\w"'-]/.test(raw) && dash === undefined) {
      top = raw.trim().replace(/:.*/s, "");
      item = undefined;
      begin(top, index + 1);
    } else if (dash !== undefined && dash === (item ?? dash)) {
      item = dash;
      begin(`${top}\n${raw.trim()}`, index + 1);
    }
    chunk.lines.push({ raw, shown: show(raw) });
  });
  return chunks;
}

/**
 * The difference between two versions of a kubeconfig, entry by entry, in the manner of `diff -U0`.
 *
 * @returns Lines that each end with `\n`; empty where nothing changes. Safe for a terminal, the
 * values of tokens, passwords and private keys left out.
 */
export function formatKubeconfigDiff(path: string, before: string, after: string): string {
  return formatChunkDiff(path, before, after, before === "" ? wholeFile : splitChunks);
}

/** A new file has nothing to be compared entry by entry. */
function wholeFile(text: string): Map<string, DiffChunk> {
  const lines = text === "" ? [] : text.split(/(?<=\n)/);
  const chunk = { key: "", line: 1, lines: lines.map((raw) => ({ raw, shown: show(raw) })) };
  return new Map([["", chunk]]);
}
