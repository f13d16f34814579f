import assert from "node:assert/strict";
import {
  canonicalRequest,
  parseSignature,
  signatureOf,
  stringToSign,
  verifySignature,
  type WireRequest,
} from "../sim/aws/sigv4.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

/** AWS's Signature Version 4 test suite, from botocore. */
const SUITE = new URL("botocore/tests/unit/auth/aws4_testsuite/", FIXTURES);
const SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

function cases(folder: URL): URL[] {
  const found: URL[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) found.push(...cases(new URL(`${name}/`, folder)));
    else if (name.endsWith(".req")) found.push(new URL(name, folder));
  }
  return found.sort((a, b) => a.href < b.href ? -1 : 1);
}

function read(request: URL, extension: string): string {
  const path = new URL(request.href.replace(/req$/, extension));
  return Deno.readTextFileSync(path).replaceAll("\r\n", "\n");
}

function parseRequest(text: string): WireRequest {
  const [head, ...rest] = text.split("\n\n");
  const [line, ...lines] = head!.split("\n");
  const match = /^(\S+) (.*) HTTP\/1\.1$/.exec(line!)!;
  const target = match[2]!;
  const at = target.indexOf("?");
  const headers: [string, string][] = [];
  for (const one of lines) {
    // A line that starts with a space continues the previous header.
    if (/^\s/.test(one)) headers.at(-1)![1] += `\n${one}`;
    else headers.push([one.slice(0, one.indexOf(":")), one.slice(one.indexOf(":") + 1)]);
  }
  return {
    method: match[1]!,
    path: at < 0 ? target : target.slice(0, at),
    query: at < 0 ? "" : target.slice(at + 1),
    headers,
    body: rest.join("\n\n"),
  };
}

/** In one case the signer adds the session token: it is in `.sreq`. */
function addedBySigner(url: URL, request: WireRequest): [string, string][] {
  if (request.headers.some(([name]) => /^x-amz-security-token$/i.test(name))) return [];
  const token = /^X-Amz-Security-Token:(.+)$/im.exec(read(url, "sreq"))?.[1];
  return token === undefined ? [] : [["X-Amz-Security-Token", token]];
}

function suite(): URL[] {
  try {
    return cases(SUITE);
  } catch {
    return [];
  }
}

const REQUESTS = suite();

Deno.test({
  name: `simulator: SigV4 agrees with ${REQUESTS.length} cases of AWS's test suite`,
  ignore: ignoreWithoutData(REQUESTS.length === 0),
  async fn(t) {
    for (const url of REQUESTS) {
      await t.step(url.pathname.split("/").at(-1)!, async () => {
        const authorization = read(url, "authz").trim();
        const request = parseRequest(read(url, "req"));
        request.headers.push(["Authorization", authorization], ...addedBySigner(url, request));
        const parsed = parseSignature(request);
        assert.equal(parsed.kind, "signed");
        if (parsed.kind !== "signed") return;
        const { signature } = parsed;
        const canonical = await canonicalRequest(request, signature.signedHeaders);
        assert.equal(canonical, read(url, "creq"));
        const text = await stringToSign(canonical, signature);
        assert.equal(text, read(url, "sts"));
        assert.equal(await signatureOf(text, SECRET, signature.scope), signature.signature);
        assert.equal(await verifySignature(request, signature, SECRET), true);
        assert.equal(await verifySignature(request, signature, `${SECRET}x`), false);
        const touched = { ...request, body: `${request.body}x` };
        assert.equal(await verifySignature(touched, signature, SECRET), false);
      });
    }
  },
});
