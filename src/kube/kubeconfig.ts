/**
 * kubectl's configuration file: named clusters, users and contexts.
 *
 * Which files: https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/config.go
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 * @module
 */

import { isObject } from "../is_object.ts";
import { isMap, isScalar, isSeq, type YAMLMap } from "./yaml.ts";
import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { pairOf, parseYaml, type Plain, type YamlText } from "./yaml_edit.ts";
import type { Environment, Files } from "../ports.ts";

/** The lists, and the member with the content of each entry. */
export const MEMBERS = { clusters: "cluster", contexts: "context", users: "user" } as const;

export type ListName = keyof typeof MEMBERS;

export const LISTS: readonly ListName[] = ["clusters", "contexts", "users"];

export interface KubeEntry {
  list: ListName;
  name: string;
  /** Members to set; other members are kept. */
  values: Record<string, Plain>;
}

export interface ContextEntry {
  name: string;
  cluster: unknown;
  user: unknown;
}

export interface Kubeconfig {
  yaml: YamlText;
  /** `undefined` if empty. */
  currentContext: string | undefined;
  contexts: ContextEntry[];
  /** The content of an entry; `undefined` if there is none. */
  entry(list: ListName, name: string): Record<string, unknown> | undefined;
}

function corrupt(path: string, reason: string): SettingsError {
  return new SettingsError(`${showUntrusted(path)} is not a kubeconfig: ${showUntrusted(reason)}`, {
    code: "bad_kubeconfig",
    hint: "fix it, or pass another file: --kubeconfig FILE",
  });
}

/**
 * Parses a kubeconfig; an empty text is an empty file.
 *
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
    contexts: entriesOf(value, "contexts").flatMap(({ name }) => {
      if (typeof name !== "string") return [];
      const { cluster, user } = contentOf(value, "contexts", name)!;
      return [{ name, cluster, user }];
    }),
    entry: (list, name) => contentOf(value, list, name),
  };
}

function checkList(root: YAMLMap | null, list: ListName, path: string): void {
  const value = root === null ? undefined : pairOf(root, list)?.value;
  if (value === undefined || value === null || (isScalar(value) && value.value === null)) {
    return;
  }
  if (!isSeq(value)) throw corrupt(path, `${list} is not a list`);
  if (!value.items.every(isMap)) throw corrupt(path, `an entry of ${list} is not a mapping`);
}

export function entriesOf(
  value: Record<string, unknown>,
  list: ListName,
): Record<string, unknown>[] {
  const entries = value[list];
  return Array.isArray(entries) ? entries : [];
}

/** The content of an entry (empty if it is not a mapping), or `undefined` if there is none. */
export function contentOf(
  value: Record<string, unknown>,
  list: ListName,
  name: string,
): Record<string, unknown> | undefined {
  const entry = entriesOf(value, list).find((one) => one.name === name);
  if (entry === undefined) return undefined;
  const content = entry[MEMBERS[list]];
  return isObject(content) ? content : {};
}

export function itemOf(root: YAMLMap | null, list: ListName, name: string): YAMLMap | undefined {
  const value = root === null ? undefined : pairOf(root, list)?.value;
  const items = isSeq(value) ? value.items.filter(isMap) : [];
  return items.find((item) => item.get("name") === name);
}

/**
 * The files that kubectl reads, at least one: `--kubeconfig`, else `KUBECONFIG`, else the default.
 * Earlier files win.
 */
export function kubeconfigPaths(environment: Environment, named: string | undefined): string[] {
  const { get, home, os } = environment;
  if (named !== undefined) return [named.replace(/^~(?=[\\/]|$)/, () => home)];
  const listed = (get("KUBECONFIG") ?? "").split(os === "windows" ? ";" : ":");
  const paths = [...new Set(listed.filter((path) => path !== ""))];
  return paths.length > 0 ? paths : [`${home}/.kube/config`];
}

/**
 * The file for new entries: the first that exists, else the last (`GetDefaultFilename` of
 * client-go).
 */
export async function defaultKubeconfig(files: Files, paths: readonly string[]): Promise<string> {
  for (const path of paths) if (await files.facts(path) !== undefined) return path;
  return paths.at(-1)!;
}
