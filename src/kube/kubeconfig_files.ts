/**
 * Which files kubectl reads, and which of them it writes.
 *
 * @see https://github.com/kubernetes/client-go/blob/master/tools/clientcmd/config.go
 * @module
 */

import type { Environment, Files } from "../ports.ts";

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
