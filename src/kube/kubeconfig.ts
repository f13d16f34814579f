/**
 * kubectl's configuration file: clusters, users and contexts, each a list of named entries. Only our
 * own entries are changed, and of those only what we have a say in.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 * @module
 */

import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { SettingsError } from "../errors.ts";
import { applySplices, type Splice } from "../ini/splice.ts";
import { showUntrusted } from "../untrusted_text.ts";
import {
  appendItems,
  formatYaml,
  pairOf,
  parseYaml,
  type Plain,
  setMember,
  type YamlText,
} from "./yaml_edit.ts";

/** The lists, and what the entries of each hold beside their name. */
const MEMBERS = { clusters: "cluster", contexts: "context", users: "user" } as const;

/** One of the lists. */
export type ListName = keyof typeof MEMBERS;

/** The lists. */
export const LISTS: readonly ListName[] = ["clusters", "contexts", "users"];

/** An entry that is wanted. */
export interface KubeEntry {
  /** In which list. */
  list: ListName;
  /** Its name. */
  name: string;
  /** What it has to hold; members that we don't name are kept. */
  values: Record<string, Plain>;
}

/** What a file says. */
export interface Kubeconfig {
  /** The text, read. */
  yaml: YamlText;
  /** The context that kubectl uses; an empty one counts as none. */
  currentContext: string | undefined;
  /** Gives an entry's content, `undefined` where there is no such entry. */
  entry(list: ListName, name: string): Record<string, unknown> | undefined;
}

function corrupt(path: string, reason: string): SettingsError {
  return new SettingsError(`${showUntrusted(path)} is no kubeconfig: ${showUntrusted(reason)}`, {
    code: "bad_kubeconfig",
    hint: "mend it or name another file: --kubeconfig FILE",
  });
}

/**
 * Reads a file's text.
 *
 * @param text The text; an empty one is a file that has nothing yet.
 * @param path The file, for errors.
 * @returns What it says.
 * @throws {SettingsError} `bad_kubeconfig`
 */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const yaml = parseYaml(text);
  if ("reason" in yaml) throw corrupt(path, yaml.reason);
  const { root } = yaml;
  for (const list of LISTS) checkList(root, list, path);
  const current = (root?.toJSON() as Record<string, unknown> | undefined)?.["current-context"];
  return {
    yaml,
    currentContext: typeof current === "string" && current !== "" ? current : undefined,
    entry(list, name) {
      const item = itemOf(root, list, name);
      const content = item && pairOf(item, MEMBERS[list])?.value;
      if (item === undefined) return undefined;
      return isMap(content) ? content.toJSON() as Record<string, unknown> : {};
    },
  };
}

function checkList(root: YAMLMap | null, list: ListName, path: string): void {
  const value = root === null ? undefined : pairOf(root, list)?.value;
  if (value === undefined || value === null || (isScalar(value) && value.value === null)) {
    return;
  }
  if (!isSeq(value)) throw corrupt(path, `${list} is no list`);
  if (!value.items.every(isMap)) throw corrupt(path, `an entry of ${list} is no mapping`);
}

function itemOf(root: YAMLMap | null, list: ListName, name: string): YAMLMap | undefined {
  const value = root === null ? undefined : pairOf(root, list)?.value;
  const items = isSeq(value) ? value.items.filter(isMap) : [];
  return items.find((item) => item.get("name") === name);
}

/**
 * The text with some entries in it.
 *
 * @param text The text.
 * @param path The file, for errors.
 * @param entries The entries.
 * @param currentContext The context for kubectl to use; left alone where it is left out.
 * @returns The new text: the same bytes but for these entries, the same text where nothing changes.
 * @throws {SettingsError} `bad_kubeconfig`
 */
export function mergeKubeconfig(
  text: string,
  path: string,
  entries: readonly KubeEntry[],
  currentContext: string | undefined,
): string {
  const { yaml, currentContext: before } = parseKubeconfig(text, path);
  const { root, lineEnd } = yaml;
  if (entries.length === 0 && currentContext === undefined) return text;
  if (root === null) {
    const made = formatYaml(newFile(entries, currentContext), lineEnd);
    return applySplices(
      text,
      [{ start: text.length, end: text.length, text: made, freshLine: true }],
      lineEnd,
    );
  }
  // Where several things come to the same place, what belongs to the last member comes first.
  const isThere = (list: ListName) => pairOf(root, list) !== undefined;
  const lists = [...LISTS.filter(isThere), ...LISTS.filter((list) => !isThere(list))];
  const splices = lists.flatMap((list) =>
    mergeList(yaml, root, list, entries.filter((entry) => entry.list === list))
  );
  if (currentContext !== undefined && currentContext !== before) {
    splices.push(...setMember(yaml, root, "current-context", currentContext));
  }
  return applySplices(text, splices, lineEnd);
}

/** In kubectl's own order. */
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

function mergeEntry(yaml: YamlText, item: YAMLMap, { list, values }: KubeEntry): Splice[] {
  const member = MEMBERS[list];
  const content = pairOf(item, member)?.value;
  if (!isMap(content) || content.items.length === 0) return setMember(yaml, item, member, values);
  const old = content.toJSON() as Record<string, unknown>;
  // Another way to sign in would take precedence over ours.
  const isOther = list === "users" && Object.keys(old).some((key) => !Object.hasOwn(values, key));
  if (isOther) return setMember(yaml, item, member, values);
  return Object.entries(values).filter(([key, value]) => !isSame(old[key], value))
    .flatMap(([key, value]) => setMember(yaml, content, key, value));
}

/** kubectl writes `null` for members that are not there. */
function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(b);
  const there = Object.values(a).filter((value) => value !== null);
  return Array.isArray(a) === Array.isArray(b) && there.length === keys.length &&
    keys.every((key) => isSame((a as Plain[])[key as never], (b as Plain[])[key as never]));
}
