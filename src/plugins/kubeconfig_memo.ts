/** Knows a kubeconfig that needs no change by a hash: reading YAML takes long to load. */

import { VERSION } from "../version.ts";
import type { AppContext } from "../app/context.ts";
import { hashOf } from "./grants.ts";

type KubeconfigRequests = typeof import("./kubeconfig_requests.ts");

/**
 * Answers `host.updateKubeconfig`. The file in the cache need not be trusted: it can only keep a text
 * as it is.
 *
 * @throws As `answerUpdateKubeconfig` does.
 */
export async function answerFromMemo(
  context: AppContext,
  argument: Record<string, unknown>,
): Promise<{ kubeconfig: string; missing: string[] }> {
  const { ports: { environment, files }, flags: { account, config }, paths } = context;
  const hashFor = (kubeconfig: unknown) => {
    const wanted = [VERSION, environment.command, account, config, argument.entries, kubeconfig];
    return hashOf(new TextEncoder().encode(JSON.stringify(wanted)));
  };
  const path = `${paths.cache}/plugins/kubeconfig`;
  const { kubeconfig } = argument;
  const kept = await files.read(path).catch(() => undefined);
  const isKnown = kept !== undefined && typeof kubeconfig === "string" &&
    new TextDecoder().decode(kept) === await hashFor(kubeconfig);
  if (isKnown) return { kubeconfig, missing: [] };
  const { answerUpdateKubeconfig } = await import(
    "./kubeconfig_requests.ts" as string
  ) as KubeconfigRequests;
  const answer = answerUpdateKubeconfig(context, argument);
  if (answer.missing.length === 0) {
    const hash = new TextEncoder().encode(await hashFor(answer.kubeconfig));
    // Without it, YAML is read each time.
    await files.writeAtomic(path, hash, 0o600).catch(() => {});
  }
  return answer;
}
