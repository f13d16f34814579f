/**
 * The credential plugin protocol: `KUBERNETES_EXEC_INFO` and ExecCredential. On the cached path of
 * `kube token`: import nothing expensive.
 *
 * @see
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @module
 */

import type { Secret } from "../secret.ts";

const GROUP = "client.authentication.k8s.io";

/** Default if the client names no version, as in the AWS CLI. */
export const USUAL_API_VERSION: string = `${GROUP}/v1beta1`;

/** Both have the same members. Kubernetes 1.24 removed v1alpha1. */
const API_VERSIONS: readonly string[] = [USUAL_API_VERSION, `${GROUP}/v1`];

export interface ExecInfo {
  /** The version of the response, from the kubeconfig. */
  apiVersion: string;
  /** Whether the plugin may read standard input; `undefined` outside kubectl. */
  interactive: boolean | undefined;
}

/**
 * `undefined` if it is not an ExecCredential. The variable is not set in a shell and by old
 * clients.
 */
export function parseExecInfo(text: string | undefined): ExecInfo | undefined {
  if (text === undefined) return { apiVersion: USUAL_API_VERSION, interactive: undefined };
  try {
    const { apiVersion, spec } = JSON.parse(text) as {
      apiVersion?: unknown;
      spec?: { interactive?: unknown } | null;
    };
    if (typeof apiVersion !== "string") return undefined;
    const interactive = spec?.interactive;
    return { apiVersion, interactive: typeof interactive === "boolean" ? interactive : undefined };
  } catch {
    return undefined;
  }
}

export function isExecVersion(apiVersion: string): boolean {
  return API_VERSIONS.includes(apiVersion);
}

/**
 * One JSON object without line end. Clients reject any version but the one they asked for. The
 * expiration is RFC 3339.
 */
export function formatExecCredential(
  apiVersion: string,
  token: Secret,
  expirationTimestamp: string,
): string {
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion,
    spec: {},
    status: { expirationTimestamp, token: token.reveal() },
  });
}
