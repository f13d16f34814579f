/**
 * The `exec` entry of a kubeconfig user, which runs okta-aws.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#ExecConfig
 * @module
 */

import { USUAL_API_VERSION } from "./exec_credential.ts";
import type { Plain } from "./yaml_edit.ts";
import type { FoundCluster } from "./find_clusters.ts";
import type { AppContext } from "../app/context.ts";
import { configWords } from "../profiles/setup_profiles.ts";

export interface TokenSource extends Pick<FoundCluster, "tokenCluster" | "region"> {
  source: Pick<FoundCluster["source"], "profile">;
}

/**
 * The `exec` entry that runs `kube token`, with its keys in the order of kubectl. Keeps the `env`
 * of an existing entry of ours.
 *
 * @throws {SettingsError} `relative_config`
 */
export function execConfig(
  context: AppContext,
  { tokenCluster, region, source: { profile } }: TokenSource,
  { roleArn, before }: { roleArn?: string | undefined; before: unknown },
): Record<string, Plain> {
  const { ports: { environment: { command: [command, ...words] } }, flags: { account } } = context;
  const args = [...words, "kube", "token", "--cluster", tokenCluster];
  args.push("--profile", profile, "--region", region);
  if (roleArn !== undefined) args.push("--role-arn", roleArn);
  if (account !== undefined) args.push("--account", account);
  args.push(...configWords(context));
  const { env } = (before ?? {}) as { env?: Plain };
  return {
    apiVersion: USUAL_API_VERSION,
    args,
    command,
    ...(Array.isArray(env) && isOurs(before) && { env }),
    // Short and without a colon, so that kubectl does not reformat it.
    installHint: "install okta-aws, then run okta-aws init",
    interactiveMode: "IfAvailable",
    provideClusterInfo: false,
  };
}

/**
 * Whether an existing `exec` entry runs `kube token` for another profile or role. Entries of other
 * programs do not count.
 */
export function isForOther(exec: unknown, profile: string, roleArn: string | undefined): boolean {
  if (!isOurs(exec)) return false;
  const { args } = exec;
  const valueOf = (flag: string) => args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined;
  return valueOf("--profile") !== profile || valueOf("--role-arn") !== roleArn;
}

/** Whether an `exec` entry runs `kube token`. */
export function isOurs(exec: unknown): exec is { args: unknown[] } {
  const args = (exec as { args?: unknown } | undefined)?.args;
  if (!Array.isArray(args)) return false;
  const at = args.indexOf("kube");
  return at >= 0 && args[at + 1] === "token";
}
