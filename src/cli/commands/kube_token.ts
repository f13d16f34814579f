/**
 * `kube token`: prints an ExecCredential for kubectl.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 * @module
 */

import { LONGEST_TOKEN_BYTES } from "../../kube/eks_token.ts";
import { formatTimestamp } from "../../aws/timestamp.ts";
import { UsageError } from "../../errors.ts";
import { withClusterSettings } from "../../kube/cluster_flags.ts";
import { openContext } from "../invocation.ts";
import { requestFrom } from "../../credentials/credential_request.ts";
import { writeFastPath } from "../../credentials/fast_path_write.ts";
import { kubeToken, tokenRequest } from "../../kube/kube_token.ts";
import {
  type ExecInfo,
  formatExecCredential,
  isExecVersion,
  parseExecInfo,
  USUAL_API_VERSION,
} from "../../kube/exec_credential.ts";
import type { Ports } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { resolveProfile } from "../../profiles/resolve_profile.ts";

export async function runKubeToken(invocation: Invocation): Promise<void> {
  const { ports, argv } = invocation;
  const began = ports.clock.now();
  const { cluster } = invocation.flags;
  if (cluster === undefined) {
    throw new UsageError("missing required flag: --cluster", {
      code: "no_cluster",
      hint: "run: okta-aws help kube token",
    });
  }
  const { apiVersion, interactive } = readExecInfo(ports);
  const context = await openContext(ports, invocation.flags, "background", interactive ?? true);
  const flags = withClusterSettings(context, invocation.flags);
  const { region, roleArn } = flags;
  const profile = flags.profile ?? roleArn;
  const asked = await resolveProfile(context, profile, flags);
  const credentials = roleArn === undefined ? asked : requestFrom(asked, roleArn);
  const request = tokenRequest(credentials, cluster, region);
  const { token, expiration, document } = await kubeToken(context, request);
  const { length } = token.reveal();
  if (length > LONGEST_TOKEN_BYTES) {
    ports.output.notice(
      `okta-aws: the token has ${length} bytes, but clusters accept ${LONGEST_TOKEN_BYTES}: ` +
        "the role's session has too many tags or policies\n",
    );
  }
  const answer = formatExecCredential(apiVersion, token, formatTimestamp(expiration));
  ports.output.answer(`${answer}\n`);
  // Keys of another profile may differ next time; a relative path depends on the folder.
  const isRepeatable = credentials.source === undefined && flags.debug === undefined &&
    length <= LONGEST_TOKEN_BYTES && /^(?:$|[\\/~]|[A-Za-z]:)/.test(flags.config ?? "");
  if (isRepeatable) {
    await writeFastPath(context, { argv, document, began, inputs: credentials.policyFiles });
  }
}

function readExecInfo({ environment, output }: Ports): ExecInfo {
  const info = parseExecInfo(environment.get("KUBERNETES_EXEC_INFO"));
  if (info === undefined) {
    output.notice("okta-aws: could not parse KUBERNETES_EXEC_INFO, using v1beta1\n");
    return { apiVersion: USUAL_API_VERSION, interactive: undefined };
  }
  if (isExecVersion(info.apiVersion)) return info;
  throw new UsageError(
    `kubectl asks for an unknown API version: ${showUntrusted(info.apiVersion)}`,
    {
      code: "unsupported_exec_version",
      hint: "update the kubeconfig: okta-aws kube setup --cluster NAME",
    },
  );
}
