import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  addHeaderLine,
  BadResponseError,
  formatRequest,
  framingOf,
  isKept,
  keepAliveMilliseconds,
  parseChunkSize,
  parseStatusLine,
} from "../../../src/platform/network/http1_message.ts";

function head(headers: Record<string, string>, status = 200, minorVersion: 0 | 1 = 1) {
  return { status, minorVersion, headers: new Headers(headers) };
}

Deno.test("formatRequest() writes one head and a body with its length in bytes", () => {
  const url = new URL("https://acme.okta.com:8443/a%20b?c=d#e");
  const headers = new Headers({ "Cookie": "sid=\xe9", "Content-Length": "99", "Host": "evil" });
  const bytes = formatRequest(url, { method: "POST", headers, body: "é" });
  strictEqual(
    String.fromCharCode(...bytes),
    "POST /a%20b?c=d HTTP/1.1\r\nhost: acme.okta.com:8443\r\ncookie: sid=\xe9\r\n" +
      "content-length: 2\r\n\r\n\xc3\xa9",
  );
  const empty = { headers: new Headers() };
  const text = (method: string) =>
    new TextDecoder().decode(formatRequest(new URL("https://a.example"), { method, ...empty }));
  strictEqual(text("GET"), "GET / HTTP/1.1\r\nhost: a.example\r\n\r\n");
  strictEqual(text("POST"), "POST / HTTP/1.1\r\nhost: a.example\r\ncontent-length: 0\r\n\r\n");
});

Deno.test("parseStatusLine() accepts HTTP/1.0 and 1.1, with or without a reason", () => {
  deepStrictEqual(parseStatusLine("HTTP/1.1 200 OK"), { minorVersion: 1, status: 200 });
  deepStrictEqual(parseStatusLine("HTTP/1.0 404"), { minorVersion: 0, status: 404 });
  deepStrictEqual(parseStatusLine("HTTP/1.1 204 "), { minorVersion: 1, status: 204 });
  for (
    const line of ["", "HTTP/2 200", "HTTP/1.1 20", "HTTP/1.1 2000", "ICY 200 OK", "HTTP/1.1  200"]
  ) {
    throws(() => parseStatusLine(line), BadResponseError, line);
  }
});

Deno.test("addHeaderLine() keeps repeated headers and rejects what is none", () => {
  const headers = new Headers();
  for (const line of ["Set-Cookie: a=1", "set-cookie:b=2 ", "X-Empty:", "X-Odd: \xe9: b"]) {
    addHeaderLine(headers, line);
  }
  deepStrictEqual(headers.getSetCookie(), ["a=1", "b=2"]);
  deepStrictEqual([headers.get("x-empty"), headers.get("x-odd")], ["", "\xe9: b"]);
  for (const line of [" folded: a", "\tfolded", "no colon", "a b: c", "a : b", ": c", "a: b\0c"]) {
    throws(() => addHeaderLine(headers, line), BadResponseError, line);
  }
});

Deno.test("framingOf() finds where a body ends, and rejects contradictions", () => {
  const kind = (headers: Record<string, string>, status = 200) => framingOf(head(headers, status));
  deepStrictEqual(kind({ "content-length": "12" }), { kind: "length", bytes: 12 });
  deepStrictEqual(kind({ "content-length": "7, 7" }), { kind: "length", bytes: 7 });
  deepStrictEqual(kind({ "transfer-encoding": "Chunked", "content-length": "7" }), {
    kind: "chunked",
  });
  deepStrictEqual(kind({}), { kind: "until_close" });
  for (const status of [204, 304]) {
    deepStrictEqual(kind({ "content-length": "12" }, status), { kind: "none" });
  }
  const broken: Record<string, string>[] = [
    { "content-length": "7, 8" },
    { "content-length": "-1" },
    { "content-length": "1e3" },
    { "content-length": "9999999999999999" },
    { "transfer-encoding": "gzip, chunked" },
    { "transfer-encoding": "xchunked" },
  ];
  for (const headers of broken) {
    throws(() => kind(headers), BadResponseError, JSON.stringify(headers));
  }
});

Deno.test("parseChunkSize() reads hexadecimal and ignores extensions", () => {
  deepStrictEqual(["0", "1a", "FF;a=b", "10 ;x"].map(parseChunkSize), [0, 26, 255, 16]);
  for (const line of ["", "g", "-1", "0x10", " 1", "1 2", "1234567890123"]) {
    throws(() => parseChunkSize(line), BadResponseError, line);
  }
});

Deno.test("isKept() tells when another request may follow", () => {
  const length = { "content-length": "0" };
  const kept = (headers: Record<string, string>, minor: 0 | 1 = 1) => {
    const one = head(headers, 200, minor);
    return isKept(one, framingOf(one));
  };
  strictEqual(kept(length), true);
  strictEqual(kept({ "transfer-encoding": "chunked" }), true);
  strictEqual(kept({ ...length, "connection": "keep-alive" }), true);
  strictEqual(kept({ ...length, "connection": "foo, Close" }), false);
  strictEqual(kept({ ...length, "connection": "upgrade" }), false);
  strictEqual(kept({ ...length, "connection": "keep-alive" }, 0), false);
  strictEqual(kept({ ...length, "transfer-encoding": "chunked" }), false);
  strictEqual(kept({}), false);
});

Deno.test("keepAliveMilliseconds() reads the server's timeout", () => {
  const read = (text: string) => keepAliveMilliseconds(new Headers({ "keep-alive": text }));
  deepStrictEqual(["timeout=5, max=100", "max=1,timeout=2", "max=3", "timeout=x"].map(read), [
    5000,
    2000,
    undefined,
    undefined,
  ]);
  strictEqual(keepAliveMilliseconds(new Headers()), undefined);
});
