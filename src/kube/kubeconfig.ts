/**
 * kubectl's configuration file: clusters, users and contexts, each a list of named entries.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 * @module
 */

import { isMap, isScalar, isSeq, type YAMLMap } from "yaml";
import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { pairOf, parseYaml, type Plain, type YamlText } from "./yaml_edit.ts";
import type { Environment, Files } from "../ports.ts";

/** The lists, and what the entries of each hold beside their name. */
export const MEMBERS = { clusters: "cluster", contexts: "context", users: "user" } as const;

export type ListName = keyof typeof MEMBERS;

export const LISTS: readonly ListName[] = ["clusters", "contexts", "users"];

export interface KubeEntry {
  list: ListName;
  name: string;
  /** What it has to hold; members that we don't name are kept. */
  values: Record<string, Plain>;
}

export interface Kubeconfig {
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
 * @throws {SettingsError} `bad_kubeconfig`
 */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const yaml = parseYaml(text);
  if ("reason" in yaml) throw corrupt(path, yaml.reason);
  const { root, value } = yaml;
  for (const list of LISTS) checkList(root, list, path);
  const current = value["current-context"];
  return {
    yaml,
    currentContext: typeof current === "string" && current !== "" ? current : undefined,
    entry: (list, name) => contentOf(value, list, name),
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

/** A list's entries as plain values. */
export function entriesOf(
  value: Record<string, unknown>,
  list: ListName,
): Record<string, unknown>[] {
  const entries = value[list];
  return Array.isArray(entries) ? entries : [];
}

/** What an entry holds beside its name. */
export function contentOf(
  value: Record<string, unknown>,
  list: ListName,
  name: string,
): Record<string, unknown> | undefined {
  const entry = entriesOf(value, list).find((one) => one.name === name);
  if (entry === undefined) return undefined;
  const content = entry[MEMBERS[list]];
  const isMapping = typeof content === "object" && content !== null && !Array.isArray(content);
  return isMapping ? content as Record<string, unknown> : {};
}

export function itemOf(root: YAMLMap | null, list: ListName, name: string): YAMLMap | undefined {
  const value = root === null ? undefined : pairOf(root, list)?.value;
  const items = isSeq(value) ? value.items.filter(isMap) : [];
  return items.find((item) => item.get("name") === name);
}

/**
 * The kubeconfigs, as kubectl finds them: what is named, else those of `KUBECONFIG`, else the one in
 * the home folder.
 */
export function kubeconfigPaths(environment: Environment, named: string | undefined): string[] {
  const { get, home, os } = environment;
  if (named !== undefined) return [named.replace(/^~(?=[\\/]|$)/, () => home)];
  const listed = (get("KUBECONFIG") ?? "").split(os === "windows" ? ";" : ":");
  const paths = [...new Set(listed.filter((path) => path !== ""))];
  return paths.length > 0 ? paths : [`${home}/.kube/config`];
}

/**
 * The file that takes what stands in none of them yet (client-go, `GetDefaultFilename`): the first
 * that is there, else the last.
 */
export async function defaultKubeconfig(files: Files, paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await files.facts(path) !== undefined) return path;
  return paths.at(-1)!;
}
