import assert from "node:assert/strict";
import { AwsV4Signer } from "aws4fetch";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const SUITE = new URL("botocore/tests/unit/auth/aws4_testsuite/", FIXTURES);

function isThere(folder: URL): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}

function read(file: URL): string {
  return Deno.readTextFileSync(file).replaceAll("\r\n", "\n");
}

/** The URL of every `NAME.req` below a folder, without the extension. */
function casesBelow(folder: URL): URL[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return casesBelow(new URL(`${name}/`, folder));
    return name.endsWith(".req") ? [new URL(name.slice(0, -4), folder)] : [];
  });
}

interface SuiteRequest {
  method: string;
  target: string;
  headers: [string, string][];
  body: string;
}

function parseRequest(text: string): SuiteRequest {
  const end = text.indexOf("\n\n");
  const [start, ...lines] = (end === -1 ? text : text.slice(0, end)).trimEnd().split("\n");
  const [, method, target] = /^(\S+) (.*) HTTP\/1\.1$/.exec(start!)!;
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  return { method: method!, target: target!, headers, body: end === -1 ? "" : text.slice(end + 2) };
}

async function authorization(request: SuiteRequest, sessionToken?: string): Promise<string> {
  const header = (name: string) =>
    request.headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1].trim();
  const signer = new AwsV4Signer({
    method: request.method,
    url: `https://${header("host")}${request.target}`,
    headers: request.headers.filter(([name]) =>
      !/^(host|x-amz-date|x-amz-security-token)$/i.test(name)
    ),
    ...(request.body === "" ? {} : { body: request.body }),
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    ...(sessionToken === undefined ? {} : { sessionToken }),
    service: "service",
    region: "us-east-1",
    datetime: "20150830T123600Z",
    allHeaders: true,
  });
  const { headers } = await signer.sign();
  return new Headers(headers).get("authorization")!;
}

/** Requests that we never send: with raw spaces or non-ASCII letters in the path, repeated or folded headers. */
const NEVER_SENT = [
  "get-utf8",
  "get-space",
  "get-header-value-multiline",
  "get-header-value-order",
  "get-header-key-duplicate",
];

const FOUND = isThere(SUITE) ? casesBelow(SUITE) : [];
const CASES = FOUND.filter(({ pathname }) => !NEVER_SENT.includes(pathname.split("/").at(-1)!));

Deno.test({
  name:
    `AwsV4Signer signs ${CASES.length} of ${FOUND.length} requests of AWS's test suite as it asks`,
  ignore: ignoreWithoutData(FOUND.length === 0),
  async fn(t) {
    assert.ok(CASES.filter(({ pathname }) => pathname.includes("/post-")).length >= 10);
    for (const { href } of CASES) {
      await t.step(href.slice(SUITE.href.length), async () => {
        // One request has no header that its canonical form has.
        const canonical = read(new URL(`${href}.creq`));
        const [, sessionToken] = /^x-amz-security-token:(.+)$/m.exec(canonical) ?? [];
        const request = parseRequest(read(new URL(`${href}.req`)));
        const signed = await authorization(request, sessionToken);
        assert.equal(signed, read(new URL(`${href}.authz`)).trim());
      });
    }
  },
});
