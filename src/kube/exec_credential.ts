/**
 * What kubectl and client programs exchange with a credential plugin: `KUBERNETES_EXEC_INFO` and the
 * ExecCredential. On the path of every cached `kube token`: nothing is imported that costs.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @module
 */

import type { Secret } from "../secret.ts";

const GROUP = "client.authentication.k8s.io";

/** The version that a client means that names none; so does the AWS CLI. */
export const USUAL_API_VERSION: string = `${GROUP}/v1beta1`;

/** Both have the same members; v1alpha1 is gone since Kubernetes 1.24. */
const API_VERSIONS: readonly string[] = [USUAL_API_VERSION, `${GROUP}/v1`];

/** What a client says to its plugin. */
export interface ExecInfo {
  /** The version that the answer has to be in: the kubeconfig's. */
  apiVersion: string;
  /** Whether the plugin may use standard input; not said by a person at a shell. */
  interactive: boolean | undefined;
}

/**
 * Reads `KUBERNETES_EXEC_INFO`.
 *
 * @param text The variable; where it is not set, nobody but a person or an old client has asked.
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

/** Whether an ExecCredential can be written in a version. */
export function isExecVersion(apiVersion: string): boolean {
  return API_VERSIONS.includes(apiVersion);
}

/**
 * An ExecCredential.
 *
 * @param expirationTimestamp Until when the client may use it, RFC 3339.
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
