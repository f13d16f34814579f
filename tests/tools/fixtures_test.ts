import assert from "node:assert/strict";
import { downloadAll } from "../../tools/fixtures/download.ts";
import { examplesOf, extractAll } from "../../tools/fixtures/extract.ts";
import { parseList, type Source } from "../../tools/fixtures/list.ts";

const COMMIT = "0e6e2404b85dc336dd2889814e089bde7d1a4c55";
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

async function source(repository: string, path: string, text: string): Promise<Source> {
  const digest = await crypto.subtle.digest("SHA-256", ENCODER.encode(text));
  return { repository, commit: COMMIT, path, sha256: new Uint8Array(digest).toHex() };
}

/** Serves files by path; `answers` come before them. */
function serve(files: Record<string, string>, ...answers: Response[]) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const text = files[decodeURIComponent(new URL(request.url).pathname)];
    return answers.shift() ??
      new Response(text ?? "404", { status: text === undefined ? 404 : 200 });
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  return { url, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("parseList() reads repositories with their files", async () => {
  const text = await Deno.readTextFile(new URL("../../tools/fixtures/list.txt", import.meta.url));
  const list = parseList(text);
  assert.ok(list.length > 500);
  const partitions = list.find(({ path }) => path === "botocore/data/partitions.json");
  assert.equal(partitions?.repository, "boto/botocore");
  assert.match(partitions.commit, /^[0-9a-f]{40}$/);
  assert.throws(() => parseList("boto/botocore main\n"), /invalid line/);
});

Deno.test("downloadAll() tries again after an error of the server", async () => {
  const one = await source("acme/data", "folder/a file", "text");
  const files = { [`/acme/data/${COMMIT}/folder/a file`]: "text" };
  await using server = serve(files, new Response("busy", { status: 503 }));
  const [download] = await downloadAll([one], server.url, 0);
  assert.equal(DECODER.decode(download!.bytes), "text");
});

Deno.test("downloadAll() rejects a missing file, and one that differs from the list", async () => {
  const one = await source("acme/data", "file", "text");
  await using server = serve({ [`/acme/data/${COMMIT}/file`]: "other" });
  await assert.rejects(downloadAll([one], server.url, 0), /acme\/data\/file has SHA-256 [0-9a-f]+/);
  const gone = { ...one, path: "gone" };
  await assert.rejects(downloadAll([gone], server.url, 0), /gone: HTTP 404/);
});

Deno.test("extractAll() turns test modules into JSON, and evaluates them without permissions", async () => {
  const commonJs = `/*! ... */\nmodule.exports = {\n  status: 200, response: { a: [1] } };\n`;
  const esModule = "export default { status: 401, response: '{}' };";
  const stealing = "export default { text: Deno.readTextFileSync('/etc/hostname') };";
  const download = async (repository: string, path: string, text: string) => ({
    source: await source(repository, path, text),
    bytes: ENCODER.encode(text),
  });
  const files = await extractAll([
    await download("okta/okta-auth-js", "test/support/xhr/success.js", commonJs),
    await download("okta/okta-signin-widget", "test/unit/helpers/xhr/ERROR.js", esModule),
    await download("acme/data", "as/it/is.txt", "text"),
  ]);
  const read = (path: string) => JSON.parse(DECODER.decode(files.get(path)));
  assert.deepEqual(read("okta-auth-js/_json/xhr/success.json"), {
    status: 200,
    response: { a: [1] },
  });
  assert.deepEqual(read("okta-signin-widget/_json/xhr/ERROR.json"), {
    status: 401,
    response: "{}",
  });
  assert.equal(DECODER.decode(files.get("data/as/it/is.txt")), "text");
  const bad = await download("okta/okta-auth-js", "test/support/xhr/bad.js", stealing);
  await assert.rejects(extractAll([bad]), /could not evaluate the modules/);
});

Deno.test("examplesOf() numbers the JSON blocks of a page, and skips others", () => {
  const page = [
    "# Sign in",
    "```bash",
    "curl -d '{\"a\": 1}'",
    "```",
    "#### Response example (success)",
    "```json",
    '{ "status": "SUCCESS" }',
    "```",
    "```http",
    "HTTP/1.1 401 Unauthorized",
    "Content-Type: application/json",
    "",
    '{ "errorCode": "E0000004" }',
    "```",
  ].join("\n");
  const _heading = "Response example (success)";
  assert.deepEqual([...examplesOf(page)], [
    ["000-response-example-success.json", { _heading, body: { status: "SUCCESS" } }],
    ["001-response-example-success-2.json", {
      _heading,
      body: { errorCode: "E0000004" },
      status: 401,
      headers: { "Content-Type": "application/json" },
    }],
  ]);
});
