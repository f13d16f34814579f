/** Responses as servers write them, well and badly. */

import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { NetworkError } from "../../../src/errors.ts";
import { createHttpClient } from "../../../src/platform/network/http_client.ts";
import type { HttpResponse } from "../../../src/ports.ts";
import { bytesOf, startScriptedServer } from "./scripted_server.ts";

/** Sends a GET to a server that answers with these bytes, in pieces, and closes or not. */
async function receive(
  text: string | Uint8Array<ArrayBuffer>,
  { piece = 1 << 20, closes = false, maxBodyBytes = 1 << 20 } = {},
): Promise<HttpResponse> {
  await using server = startScriptedServer(async (peer) => {
    await peer.request();
    const bytes = typeof text === "string" ? bytesOf(text) : text;
    for (let at = 0; at < bytes.length; at += piece) await peer.send(bytes.slice(at, at + piece));
    if (closes) peer.close();
  });
  const http = createHttpClient({ version: "1", environment: { get: () => undefined } });
  // A response that we take for unfinished fails at the limit.
  return await http.send({
    method: "GET",
    url: server.origin,
    maxBodyBytes,
    timeoutMilliseconds: 20_000,
  });
}

async function failure(...response: Parameters<typeof receive>): Promise<string> {
  let code = "";
  await rejects(receive(...response), (error) => {
    ok(error instanceof NetworkError, String(error));
    ok(error.hint);
    code = error.code;
    return true;
  });
  return code;
}

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

for (const piece of [1 << 20, 1]) {
  const how = piece === 1 ? "byte by byte" : "at once";
  Deno.test(`send() reads chunks with extensions and trailers, ${how}`, async () => {
    const body = '3;name="v"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n';
    strictEqual((await receive(CHUNKED + body, { piece })).body, "abc0123456789");
  });

  Deno.test(`send() skips interim responses, ${how}`, async () => {
    const early =
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nSet-Cookie: no=1\r\n\r\n";
    const final = "HTTP/1.1 201 Created\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\nok";
    const { status, headers, body } = await receive(early + final, { piece });
    strictEqual(`${status} ${headers.getSetCookie()} ${body}`, "201 a=1 ok");
  });
}

Deno.test("send() needs no body for 204 and 304, whatever length they name", async () => {
  for (const status of ["204 No Content", "304 Not Modified"]) {
    const response = await receive(`HTTP/1.1 ${status}\r\nContent-Length: 10\r\n\r\n`);
    strictEqual(response.body, "");
  }
});

Deno.test("send() reads until the end if there is no length, and of HTTP/1.0", async () => {
  for (
    const head of ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n"]
  ) {
    strictEqual((await receive(`${head}abc`, { closes: true })).body, "abc");
  }
});

Deno.test("send() accepts lines that end with LF alone", async () => {
  strictEqual((await receive("HTTP/1.1 200 OK\nContent-Length: 2\n\nok")).body, "ok");
});

Deno.test("send() reads large heads, and stops at endless ones", async () => {
  const cookie = `Set-Cookie: a=${"x".repeat(4000)}\r\n`;
  const most = `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n${cookie.repeat(80)}\r\nok`;
  strictEqual((await receive(most)).headers.getSetCookie().length, 80);
  strictEqual(await failure(`HTTP/1.1 200 OK\r\n${cookie.repeat(200)}`), "network");
  strictEqual(await failure(`HTTP/1.1 200 ${"x".repeat(500_000)}`), "network");
  strictEqual(await failure("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(20_000)), "network");
  strictEqual(await failure(`${CHUNKED}1;${"x".repeat(500_000)}`), "network");
  strictEqual(await failure(`${CHUNKED}0\r\n${"X: y\r\n".repeat(100_000)}`), "network");
});

Deno.test("send() rejects what is not HTTP, and quotes none of it", async () => {
  const broken = [
    "SSH-2.0-hunter2\r\n",
    "HTTP/1.1 OK\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: hunter2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nhunter2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: a\r\n hunter2\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 7\r\n\r\nhunter2",
    `${CHUNKED}hunter2\r\n`,
    `${CHUNKED}2\r\nabc\r\n0\r\n\r\n`,
  ];
  for (const text of broken) {
    await rejects(receive(text), (error) => {
      strictEqual((error as NetworkError).code, "network", text);
      match((error as NetworkError).message, /its answer is not valid HTTP/);
      strictEqual(Deno.inspect(error).includes("hunter2"), false);
      return true;
    });
  }
});

Deno.test("send() reports a body that ends early", async () => {
  const partial = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
    `${CHUNKED}5\r\nabc`,
    `${CHUNKED}3\r\nabc\r\n`,
    `${CHUNKED}3\r\nabc\r\n0\r\n`,
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1f\x8b\x08",
  ];
  for (const text of partial) strictEqual(await failure(text, { closes: true }), "reset", text);
});

async function compressed(text: string, format: CompressionFormat): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(format));
  return String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer()));
}

Deno.test("send() decompresses gzip and deflate, whatever the framing", async () => {
  const text = `é${"a".repeat(10_000)}`;
  for (const [name, format] of [["gzip", "gzip"], ["X-GZIP", "gzip"], ["deflate", "deflate"]]) {
    const bytes = await compressed(text, format as CompressionFormat);
    const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${name}\r\n`;
    const length = `${head}Content-Length: ${bytes.length}\r\n\r\n${bytes}`;
    strictEqual((await receive(length)).body, text);
    const chunk = `${bytes.length.toString(16)}\r\n${bytes}\r\n0\r\n\r\n`;
    const chunks = `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`;
    strictEqual((await receive(chunks, { piece: 7 })).body, text);
  }
  const identity = "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 2\r\n\r\nok";
  strictEqual((await receive(identity)).body, "ok");
});

Deno.test("send() stops at the limit of the body, compressed or not", async () => {
  const bytes = await compressed("a".repeat(5_000), "gzip");
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n`;
  const body = `${head}Content-Encoding: gzip\r\n\r\n${bytes}`;
  strictEqual((await receive(body, { maxBodyBytes: 5_000 })).body.length, 5_000);
  strictEqual(await failure(body, { maxBodyBytes: 4_999 }), "too_large");
  strictEqual(await failure(`${CHUNKED}5\r\n12345\r\n`, { maxBodyBytes: 4 }), "too_large");
});

Deno.test("send() takes an encoding without a body, as redirects have, and words for none", async () => {
  const encoded = (coding: string, body: string) =>
    `HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Encoding: ${coding}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  for (const [coding, body] of [["gzip", ""], ["none", "x"], ["UTF-8", "x"], ["identity", "x"]]) {
    const response = await receive(encoded(coding!, body!));
    strictEqual(response.status, 302);
    strictEqual(response.body, body);
  }
});
