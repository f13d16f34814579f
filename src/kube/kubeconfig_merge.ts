import { isMap, type YAMLMap } from "./yaml.ts";
import { SettingsError } from "../errors.ts";
import { applySplices, type Splice } from "../ini/splice.ts";
import { showUntrusted } from "../untrusted_text.ts";
import {
  contentOf,
  entriesOf,
  itemOf,
  type KubeEntry,
  type ListName,
  LISTS,
  MEMBERS,
  parseKubeconfig,
} from "./kubeconfig.ts";
import {
  appendItems,
  formatYaml,
  pairOf,
  parseYaml,
  type Plain,
  setMember,
  type YamlText,
} from "./yaml_edit.ts";
import { type DiffChunk, formatChunkDiff } from "../ini/diff.ts";

/**
 * Adds entries to a kubeconfig text. All other bytes stay; returns the same text if nothing
 * changes. Without `currentContext` the current context stays.
 *
 * @throws {SettingsError} `bad_kubeconfig`
 */
export function mergeKubeconfig(
  text: string,
  { path, entries, currentContext }: {
    /** For errors. */
    path: string;
    entries: readonly KubeEntry[];
    currentContext: string | undefined;
  },
): string {
  const { yaml, currentContext: before } = parseKubeconfig(text, path);
  const { root, lineEnd } = yaml;
  if (entries.length === 0 && currentContext === undefined) return text;
  if (root === null || root.items.length === 0) {
    const made = formatYaml(newFile(entries, currentContext), lineEnd);
    const [start, end] = root?.range ?? [text.length, text.length];
    const whole = root === null ? made : made.trimEnd();
    return applySplices(text, [{ start, end, text: whole, freshLine: root === null }], lineEnd);
  }
  // Of several insertions at one offset, the one for the last member must come first.
  const isThere = (list: ListName) => pairOf(root, list) !== undefined;
  const lists = [...LISTS.filter(isThere), ...LISTS.filter((list) => !isThere(list))];
  const splices = lists.flatMap((list) =>
    mergeList(yaml, root, list, entries.filter((entry) => entry.list === list))
  );
  if (currentContext !== undefined && currentContext !== before) {
    splices.push(...setMember(yaml, root, "current-context", currentContext));
  }
  const merged = applySplices(text, splices, lineEnd);
  if (!isAsWanted(yaml, merged, entries)) throw unusualLayout(path);
  return merged;
}

/** Parses the result to verify it: YAML has too many layouts to trust the edit. */
function isAsWanted(before: YamlText, merged: string, entries: readonly KubeEntry[]): boolean {
  const after = parseYaml(merged);
  if ("reason" in after) return false;
  const isOurs = (list: ListName, name: unknown) =>
    entries.some((entry) => entry.list === list && entry.name === name);
  const others = ({ value }: YamlText, list: ListName) =>
    JSON.stringify(entriesOf(value, list).filter(({ name }) => !isOurs(list, name)));
  return LISTS.every((list) => others(before, list) === others(after, list)) &&
    entries.every(({ list, name, values }) => {
      const now = contentOf(after.value, list, name);
      return Object.entries(values).every(([key, value]) => isSame(now?.[key], value));
    });
}

function unusualLayout(path: string): SettingsError {
  return new SettingsError(`${showUntrusted(path)} has a layout that can't be edited`, {
    code: "bad_kubeconfig",
    hint: "reformat it: kubectl config view --raw > NEW, and use that file",
  });
}

/** In the order of kubectl. */
function newFile(entries: readonly KubeEntry[], currentContext: string | undefined): Plain {
  const of = (list: ListName) => entries.filter((entry) => entry.list === list).map(toItem);
  return {
    apiVersion: "v1",
    clusters: of("clusters"),
    contexts: of("contexts"),
    "current-context": currentContext ?? "",
    kind: "Config",
    preferences: {},
    users: of("users"),
  };
}

function toItem({ list, name, values }: KubeEntry): Plain {
  return list === "users" ? { name, user: values } : { [MEMBERS[list]]: values, name };
}

function mergeList(
  yaml: YamlText,
  root: YAMLMap,
  list: ListName,
  entries: readonly KubeEntry[],
): Splice[] {
  const known = entries.filter(({ name }) => itemOf(root, list, name) !== undefined);
  const fresh = entries.filter((entry) => !known.includes(entry));
  const changed = known.flatMap((entry) =>
    mergeEntry(yaml, itemOf(root, list, entry.name)!, entry)
  );
  return fresh.length === 0
    ? changed
    : [...changed, ...appendItems(yaml, root, list, fresh.map(toItem))];
}

function mergeEntry(
  yaml: YamlText,
  item: YAMLMap,
  { list, name, values }: KubeEntry,
): Splice[] {
  const member = MEMBERS[list];
  const content = pairOf(item, member)?.value;
  if (!isMap(content) || content.items.length === 0) return setMember(yaml, item, member, values);
  const old = contentOf(yaml.value, list, name)!;
  // Any other way to sign in would take precedence over ours.
  const isOther = list === "users" && Object.keys(old).some((key) => !Object.hasOwn(values, key));
  if (isOther) return setMember(yaml, item, member, values);
  return Object.entries(values).filter(([key, value]) => !isSame(old[key], value))
    .flatMap(([key, value]) => setMember(yaml, content, key, value));
}

/** kubectl writes `null` for missing members. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(b);
  const there = Object.values(a).filter((value) => value !== null);
  return Array.isArray(a) === Array.isArray(b) && there.length === keys.length &&
    keys.every((key) => isSame((a as Plain[])[key as never], (b as Plain[])[key as never]));
}

/** Secrets in other entries, also in JSON on the same line. */
const SECRET =
  /((?:client-key-data|password|(?:id-|refresh-|access-|)token|client-secret)["']?\s*:).*/s;

function show(raw: string): string {
  const [indent] = /^ {0,40}/.exec(raw)!;
  return indent + showUntrusted(raw.replace(SECRET, "$1 [secret]"));
}

/** One chunk per entry. The items of a list are indented like its first one. */
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
 * The changes to a kubeconfig, entry by entry, in the style of `diff -U0`. Empty if nothing
 * changes; safe for a terminal; tokens, passwords and private keys are masked.
 */
export function formatKubeconfigDiff(path: string, before: string, after: string): string {
  const split = before === "" ? wholeFile : splitChunks;
  return formatChunkDiff({ path, before, after, split });
}

/** A new file is one chunk. */
function wholeFile(text: string): Map<string, DiffChunk> {
  const lines = text === "" ? [] : text.split(/(?<=\n)/);
  const chunk = { key: "", line: 1, lines: lines.map((raw) => ({ raw, shown: show(raw) })) };
  return new Map([["", chunk]]);
}
