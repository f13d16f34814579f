/**
 * Requests to the Elastic Kubernetes Service: list and describe clusters.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html
 * @module
 */

import { isObject } from "../is_object.ts";
import { AwsV4Signer } from "aws4fetch";
import { AwsError, NetworkError, type OktaAwsError } from "../errors.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";

export interface EksOptions {
  endpoint: string;
  region: string;
  credentials: SessionCredentials;
  /** The time of the signature. AWS rejects it if it is off by 5 minutes. */
  now: Date;
}

export interface EksCluster {
  name: string;
  arn: string;
  /** The cluster's name in tokens: its id if it is a local cluster on an Outpost. */
  tokenCluster: string;
  endpoint: string;
  /** CA certificate of the API server, PEM in base64. */
  certificateAuthority: string;
}

async function signedGet(options: EksOptions, path: string): Promise<HttpRequest> {
  const { endpoint, region, credentials, now } = options;
  const url = `${endpoint}${path}`;
  const { headers } = await new AwsV4Signer({
    method: "GET",
    url,
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    sessionToken: credentials.sessionToken.reveal(),
    service: "eks",
    region,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ""),
  }).sign();
  const sent = { ...Object.fromEntries(headers as Headers), accept: "application/json" };
  return { method: "GET", url, headers: sent };
}

export function listClustersRequest(options: EksOptions, nextToken?: string): Promise<HttpRequest> {
  const query = new URLSearchParams({ maxResults: "100", ...(nextToken && { nextToken }) });
  return signedGet(options, `/clusters?${query}`);
}

export function describeClusterRequest(options: EksOptions, name: string): Promise<HttpRequest> {
  return signedGet(options, `/clusters/${encodeURIComponent(name)}`);
}

type Json = Record<string, unknown>;

function bodyOf(response: HttpResponse, action: string): Json {
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch {
    body = undefined;
  }
  if (!isObject(body)) throw notEks(response.status, action);
  if (response.status === 200) return body;
  throw eksError(response, body, action);
}

function eksError({ status, headers }: HttpResponse, body: Json, action: string): OktaAwsError {
  const type = headers.get("x-amzn-errortype") ?? body.__type ?? body.code;
  const code = typeof type === "string"
    ? showUntrusted(type.replace(/:.*/s, "").replace(/.*#/s, ""))
    : `http_${status}`;
  const said = body.message ?? body.Message;
  const what = typeof said === "string" ? `${code}: ${showUntrusted(said)}` : code;
  if (status >= 500 || status === 429) {
    return new NetworkError(`AWS EKS failed at ${action}: ${what}`, {
      code,
      hint: "try again in a minute",
    });
  }
  return new AwsError(`AWS refused ${action}: ${what}`, { code, hint: hintFor(code) });
}

/** AWS refuses a signature that is five minutes old, or from the future. */
const MOST_SKEW_MILLISECONDS = 4 * 60_000;

/** AWS's own time, if a signature was refused because ours is off; milliseconds since the Unix epoch. */
export function signatureTime(
  { status, headers, body }: HttpResponse,
  now: number,
): number | undefined {
  const time = Date.parse(headers.get("date") ?? "");
  const isSkewed = Math.abs(time - now) > MOST_SKEW_MILLISECONDS;
  return status >= 400 && status < 500 && isSkewed && /signature/i.test(body) ? time : undefined;
}

function hintFor(code: string): string {
  if (code === "ResourceNotFoundException") {
    return "try another --region or --profile, or list all with --all";
  }
  if (/AccessDenied/.test(code)) {
    return "choose a role with eks:ListClusters and eks:DescribeCluster: --profile P";
  }
  return "check the region and your clock";
}

function notEks(status: number, action: string): NetworkError {
  return new NetworkError(`${action} returned an unexpected response (HTTP ${status})`, {
    code: "unexpected_response",
    hint: "check HTTPS_PROXY and AWS_ENDPOINT_URL_EKS, and whether a captive portal answers",
  });
}

/**
 * The names of one page, and the token of the next.
 *
 * @throws {AwsError} EKS's error, with its code.
 * @throws {NetworkError} A server failure, or a response that is not from EKS.
 */
export function processListClustersResponse(
  response: HttpResponse,
): { names: string[]; nextToken: string | undefined } {
  const { clusters, nextToken } = bodyOf(response, "ListClusters");
  if (!Array.isArray(clusters)) throw notEks(response.status, "ListClusters");
  return {
    names: clusters.filter((name) => typeof name === "string"),
    nextToken: typeof nextToken === "string" && nextToken !== "" ? nextToken : undefined,
  };
}

/**
 * Parses a cluster.
 *
 * @throws {AwsError} EKS's error; `cluster_not_ready` while the cluster has no endpoint.
 * @throws {NetworkError} A server failure, or a response that is not from EKS.
 */
export function processDescribeClusterResponse(response: HttpResponse): EksCluster {
  const { cluster } = bodyOf(response, "DescribeCluster") as { cluster?: Json };
  const { name, arn, id, outpostConfig, endpoint, status } = cluster ?? {};
  const data = (cluster?.certificateAuthority as Json | undefined)?.data;
  if (typeof name !== "string" || typeof arn !== "string") {
    throw notEks(response.status, "DescribeCluster");
  }
  const isReachable = typeof endpoint === "string" && URL.parse(endpoint)?.protocol === "https:" &&
    typeof data === "string" && /^[A-Za-z0-9+/=\s]+$/.test(data);
  if (!isReachable) {
    throw new AwsError(
      `${showUntrusted(name)} has no endpoint (status ${showUntrusted(String(status))})`,
      {
        code: "cluster_not_ready",
        hint: "try again when the cluster is ACTIVE",
      },
    );
  }
  const isLocal = typeof id === "string" && typeof outpostConfig === "object";
  return {
    name,
    arn,
    tokenCluster: isLocal ? id : name,
    endpoint,
    certificateAuthority: data,
  };
}
