/**
 * The bearer token for a cluster of EKS: a presigned URL of STS's GetCallerIdentity, which the
 * cluster calls to learn who we are.
 *
 * @see https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 * @module
 */

import { AwsV4Signer } from "aws4fetch";
import { Secret } from "../secret.ts";
import type { Partition } from "../aws/partitions.ts";
import type { SessionCredentials } from "../aws/sts/session_credentials.ts";

export interface EksTokenInput {
  /** The cluster's name; its id for a local cluster on an Outpost. */
  cluster: string;
  partition: Partition;
  /** The region of that STS; it need not be the cluster's. */
  region: string;
  credentials: SessionCredentials;
  now: Date;
}

export interface EksToken {
  /** `k8s-aws-v1.…` */
  token: Secret;
  expiration: Date;
}

/**
 * Clusters take a token for 15 minutes after its date; clients leave one of them for the clocks.
 */
const TOKEN_MILLISECONDS = 14 * 60_000;

/** What all clients write; clusters go by the date alone, but refuse more than 900. */
const EXPIRES_SECONDS = "60";

/**
 * Clusters read no more of a token than this, bytes (aws-iam-authenticator, `maxTokenLenBytes`).
 */
export const LONGEST_TOKEN_BYTES = 4096;

/**
 * Makes a token. The host is STS's own whatever endpoint we use ourselves: it is the cluster that
 * calls it, and it refuses every other. No member may be in the query but those that it knows.
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

/** As other clients write it: by name, the signature last. */
function formatSorted({ origin, searchParams }: URL): string {
  const isSignature = ([name]: [string, string]) => name === "X-Amz-Signature";
  const pairs = [...searchParams].sort(([a], [b]) => a < b ? -1 : 1);
  const ordered = [...pairs.filter((pair) => !isSignature(pair)), ...pairs.filter(isSignature)];
  const query = ordered.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
  return `${origin}/?${query}`;
}

/** Clusters refuse padding. */
function base64Url(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}
