/**
 * AWS Signature Version 4 as a server checks it, in headers and presigned URLs. Independent of the
 * product's signer; source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */

export interface WireRequest {
  method: string;
  /** The path as sent, not decoded. */
  path: string;
  /** The query as sent, without `?`. */
  query: string;
  /** Header names and values in order. */
  headers: [string, string][];
  /** The body. */
  body: string;
}

/** The signature's parts, from the request. */
export interface Signature {
  presigned: boolean;
  accessKeyId: string;
  /** `20240101/us-east-1/sts/aws4_request`. */
  scope: string;
  /** `20240101T000000Z`. */
  date: string;
  /** Lower case, in the order sent. */
  signedHeaders: string[];
  /** Hexadecimal. */
  signature: string;
  /** From the query or a header. */
  sessionToken: string | undefined;
  /** Of a presigned URL, seconds. */
  expires: number | undefined;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.map(encode).join("/")}${end}`;
}

function queryPairs(query: string): [string, string][] {
  return query.split("&").filter((part) => part !== "").map((part) => {
    const at = part.indexOf("=");
    return at < 0 ? [decode(part), ""] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
  });
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function canonicalQuery(query: string): string {
  return queryPairs(query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort((a, b) => byCodeUnit(a[0], b[0]) || byCodeUnit(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`).join("&");
}

function canonicalHeaders(request: WireRequest, names: string[]): string {
  return names.map((name) => {
    const values = request.headers.filter(([one]) => one.toLowerCase() === name)
      .map(([, value]) => value.trim().replace(/\s+/g, " "));
    return `${name}:${values.join(",")}\n`;
  }).join("");
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

async function hmac(key: BufferSource, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey(
    "raw",
    key,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  return new Uint8Array(
    await crypto.subtle.sign("HMAC", imported, new TextEncoder().encode(text)),
  );
}

export async function canonicalRequest(
  request: WireRequest,
  signedHeaders: string[],
): Promise<string> {
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    canonicalHeaders(request, signedHeaders),
    signedHeaders.join(";"),
    await sha256(request.body),
  ].join("\n");
}

export async function stringToSign(
  canonical: string,
  { date, scope }: Pick<Signature, "date" | "scope">,
): Promise<string> {
  return `AWS4-HMAC-SHA256\n${date}\n${scope}\n${await sha256(canonical)}`;
}

/** Hexadecimal. */
export async function signatureOf(text: string, secret: string, scope: string): Promise<string> {
  let key: Uint8Array<ArrayBuffer> = new TextEncoder().encode(`AWS4${secret}`);
  for (const part of scope.split("/")) key = await hmac(key, part);
  return (await hmac(key, text)).toHex();
}

function header(request: WireRequest, name: string): string | undefined {
  return request.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}

function fromHeader(request: WireRequest, authorization: string): Signature | undefined {
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]+)$/
      .exec(authorization.trim());
  if (!match) return undefined;
  return {
    presigned: false,
    accessKeyId: match[1]!,
    scope: match[2]!,
    date: header(request, "x-amz-date") ?? "",
    signedHeaders: match[3]!.split(";"),
    signature: match[4]!,
    sessionToken: header(request, "x-amz-security-token"),
    expires: undefined,
  };
}

function fromQuery(request: WireRequest): Signature | undefined {
  const query = new Map(queryPairs(request.query));
  const [accessKeyId, ...scope] = (query.get("X-Amz-Credential") ?? "").split("/");
  const signature = query.get("X-Amz-Signature");
  if (query.get("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256" || !accessKeyId || !signature) {
    return undefined;
  }
  return {
    presigned: true,
    accessKeyId,
    scope: scope.join("/"),
    date: query.get("X-Amz-Date") ?? "",
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature,
    sessionToken: query.get("X-Amz-Security-Token"),
    expires: Number(query.get("X-Amz-Expires") ?? NaN),
  };
}

export type ParsedSignature =
  | { kind: "none" }
  | { kind: "incomplete" }
  | { kind: "signed"; signature: Signature };

/** The signature's parts, from the request. */
export function parseSignature(request: WireRequest): ParsedSignature {
  const authorization = header(request, "authorization");
  const inQuery = /(^|&)X-Amz-(Signature|Algorithm)=/.test(request.query);
  if (authorization === undefined && !inQuery) return { kind: "none" };
  const signature = authorization === undefined
    ? fromQuery(request)
    : fromHeader(request, authorization);
  const complete = signature && /^\d{8}T\d{6}Z$/.test(signature.date) &&
    signature.signedHeaders.includes("host");
  return complete ? { kind: "signed", signature } : { kind: "incomplete" };
}

export async function verifySignature(
  request: WireRequest,
  signature: Signature,
  secret: string,
): Promise<boolean> {
  const canonical = await canonicalRequest(request, signature.signedHeaders);
  const expected = await signatureOf(
    await stringToSign(canonical, signature),
    secret,
    signature.scope,
  );
  return expected === signature.signature;
}
