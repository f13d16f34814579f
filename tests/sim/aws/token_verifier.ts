/**
 * How a cluster verifies a bearer token, after aws-iam-authenticator's `token.Verifier`
 * (pkg/token/token.go): it checks the URL, then asks STS who signed it.
 */

import { request as httpRequest } from "node:http";
import { PARTITIONS } from "../../../src/aws/partitions.ts";

const PREFIX = "k8s-aws-v1.";
const LONGEST = 4096;
const FIFTEEN_MINUTES = 15 * 60_000;

const KNOWN_KEYS = [
  "action",
  "version",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "x-amz-expires",
  "x-amz-security-token",
  "x-amz-signature",
  "x-amz-signedheaders",
];

export interface VerifierOptions {
  /** The origin of the simulated STS. */
  sts: string;
  cluster: string;
  partition?: string;
  /** Milliseconds since 1970. */
  now?: number;
}

function refuse(reason: string): never {
  throw new Error(`token refused: ${reason}`);
}

function isStsHost(host: string, name: string): boolean {
  const partition = PARTITIONS.find((one) => one.name === name)!;
  if (host === "sts.amazonaws.com") return name === "aws";
  const [first, region, ...rest] = host.split(".");
  return first === "sts" && partition.regions.test(region ?? "") &&
    rest.join(".") === partition.dnsSuffix;
}

/** The URL in a token, after the checks that need no STS. */
export function urlOfToken(token: string, { partition = "aws", now }: VerifierOptions): URL {
  if (token.length > LONGEST) refuse("too long");
  if (!token.startsWith(PREFIX)) refuse("prefix");
  const encoded = token.slice(PREFIX.length);
  if (!/^[A-Za-z0-9_-]*$/.test(encoded)) refuse("not raw base64url");
  const text = new TextDecoder().decode(
    Uint8Array.fromBase64(encoded, { alphabet: "base64url", lastChunkHandling: "loose" }),
  );
  if (!/^https:\/\/[^/?#]+\/\?/.test(text)) refuse(`scheme or path: ${text}`);
  const url = new URL(text);
  if (!isStsHost(url.host, partition)) refuse(`host ${url.host}`);
  const keys = [...url.searchParams.keys()].map((key) => key.toLowerCase());
  if (new Set(keys).size !== keys.length) refuse("a key twice");
  for (const key of keys) if (!KNOWN_KEYS.includes(key)) refuse(`query key ${key}`);
  const get = (name: string) => url.searchParams.get(name) ?? "";
  if (get("Action") !== "GetCallerIdentity") refuse("action");
  if (!get("X-Amz-SignedHeaders").split(";").includes("x-k8s-aws-id")) refuse("x-k8s-aws-id");
  const expires = Number(get("X-Amz-Expires"));
  if (!(Number.isInteger(expires) && expires >= 0 && expires <= 900)) refuse("expires");
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(get("X-Amz-Date"));
  if (date === null) refuse("date");
  const [year, month, ...rest] = date.slice(1).map(Number) as [number, number, number];
  const signed = Date.UTC(year, month - 1, ...rest);
  if ((now ?? Date.now()) > signed + FIFTEEN_MINUTES) refuse("too old");
  return url;
}

/** `fetch` would send the host that it connects to, but AWS's host is signed. */
function askSts(url: URL, { sts, cluster }: VerifierOptions): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const headers = { host: url.host, "x-k8s-aws-id": cluster, accept: "application/json" };
    const { hostname, port } = new URL(sts);
    const sent = httpRequest(
      { hostname, port, path: url.pathname + url.search, headers, agent: false },
      async (response) => {
        const text = (await Array.fromAsync(response.setEncoding("utf8"))).join("");
        resolve([response.statusCode ?? 0, text]);
      },
    );
    sent.on("error", reject).end();
  });
}

/** Returns the caller's role without its path: `arn:aws:iam::123456789012:role/Developer`. */
export async function verifyToken(token: string, options: VerifierOptions): Promise<string> {
  const url = urlOfToken(token, options);
  const [status, text] = await askSts(url, options);
  if (status !== 200) refuse(`STS answers ${status}: ${text}`);
  const arn: string = JSON.parse(text).GetCallerIdentityResponse.GetCallerIdentityResult.Arn;
  return arn.replace(
    /^arn:([^:]+):sts::(\d+):assumed-role\/(.+)\/[^/]+$/,
    "arn:$1:iam::$2:role/$3",
  );
}
