/**
 * The bearer token for an EKS cluster: a presigned URL of GetCallerIdentity, which the cluster
 * calls to identify the user.
 *
 * @see
 * https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 * @module
 */

import { AwsV4Signer } from "aws4fetch";
import { Secret } from "../secret.ts";
import type { Partition } from "../aws/partitions.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";

export interface EksTokenInput {
  /** The cluster's name, or its id if it is a local cluster on an Outpost. */
  cluster: string;
  partition: Partition;
  /** The region of STS; may differ from that of the cluster. */
  region: string;
  credentials: SessionCredentials;
  now: Date;
}

export interface EksToken {
  /** `k8s-aws-v1.…` */
  token: Secret;
  expiration: Date;
}

/** Clusters accept a token for 15 minutes; clients subtract one for clock skew. */
const TOKEN_MILLISECONDS = 14 * 60_000;

/** All clients send this. Clusters use the date only, but reject more than 900. */
const EXPIRES_SECONDS = "60";

/** The longest token that clusters accept (`maxTokenLenBytes` of aws-iam-authenticator). */
export const LONGEST_TOKEN_BYTES = 4096;

/**
 * Creates a token that expires no later than the credentials. It always uses the public STS host,
 * since the cluster rejects others, and only query parameters that the cluster knows.
 */
export async function createEksToken(input: EksTokenInput): Promise<EksToken> {
  const { cluster, partition, region, credentials, now } = input;
  const url = new URL(`https://sts.${region}.${partition.dnsSuffix}/`);
  url.search = new URLSearchParams({
    "Action": "GetCallerIdentity",
    "Version": "2011-06-15",
    "X-Amz-Expires": EXPIRES_SECONDS,
  }).toString();
  const signer = new AwsV4Signer({
    method: "GET",
    url: url.href,
    headers: { "x-k8s-aws-id": cluster },
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
    service: "sts",
    region,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ""),
    signQuery: true,
  });
  const signed = (await signer.sign()).url;
  const end = Math.floor(now.getTime() / 1000) * 1000 + TOKEN_MILLISECONDS;
  return {
    token: new Secret(`k8s-aws-v1.${base64Url(formatSorted(signed))}`),
    expiration: new Date(Math.min(end, credentials.expiration.getTime())),
  };
}

/** Sorted by name, signature last, like other clients. */
function formatSorted({ origin, searchParams }: URL): string {
  const isSignature = ([name]: [string, string]) => name === "X-Amz-Signature";
  const pairs = [...searchParams].sort(([a], [b]) => a < b ? -1 : 1);
  const ordered = [...pairs.filter((pair) => !isSignature(pair)), ...pairs.filter(isSignature)];
  const query = ordered.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return `${origin}/?${query}`;
}

/** Clusters reject padding. */
function base64Url(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}
