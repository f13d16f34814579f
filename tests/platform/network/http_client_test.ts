import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert/strict";
import { neededVariables } from "../../fakes/programs.ts";
import { Fault, NetworkError, SettingsError } from "../../../src/errors.ts";
import { createHttpClient, isLoopbackHost } from "../../../src/platform/network/http_client.ts";
import type { HttpRequest } from "../../../src/ports.ts";
import { scratchTest } from "../scratch_folder.ts";
import {
  EXPIRED,
  LOCALHOST,
  OTHER_HOST,
  type ServerCertificate,
  TEST_AUTHORITY,
} from "./test_certificates.ts";

type Handler = (request: Request) => Response | Promise<Response>;

function client(variables: Record<string, string> = {}) {
  return clientWith(variables, undefined);
}

function clientWith(variables: Record<string, string>, caBundle: string | undefined) {
  const environment = { get: (name: string) => variables[name] };
  return createHttpClient({ version: "1.2.3", environment, caBundle });
}

/** Runs something against a server on this machine; gets its origin. */
async function withServer(
  handler: Handler,
  act: (origin: string) => Promise<void>,
  certificate?: ServerCertificate,
): Promise<void> {
  const options = { port: 0, hostname: "127.0.0.1", onListen() {}, ...certificate };
  const server = Deno.serve(options, handler);
  try {
    const { port } = server.addr as Deno.NetAddr;
    await act(certificate ? `https://localhost:${port}` : `http://127.0.0.1:${port}`);
  } finally {
    await server.shutdown();
  }
}

/** A server below HTTP: answers each connection with these bytes and closes it. */
async function withRawServer(answer: string, act: (origin: string) => Promise<void>) {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(10_000));
      await connection.write(new TextEncoder().encode(answer));
      connection.close();
    }
  })();
  try {
    await act(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`);
  } finally {
    listener.close();
    await serving;
  }
}

/** A port where nobody listens. */
function freePort(): number {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

const SECRETS = /hunter2|s3cret/;

function failing(code: string, message?: RegExp) {
  return (error: unknown): boolean => {
    ok(error instanceof NetworkError, String(error));
    strictEqual(error.code, code);
    ok(error.hint);
    if (message) match(`${error.message} ${error.hint}`, message);
    doesNotMatch(Deno.inspect(error), SECRETS);
    return true;
  };
}

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: "GET",
  url: `${url}/path?code=s3cret`,
  ...more,
});

Deno.test("isLoopbackHost() tells loopback names from lookalikes", () => {
  const yes = ["localhost", "okta.localhost", "127.0.0.1", "127.9.9.9", "[::1]"];
  const no = ["localhost.example", "127.0.0.1.example", "1127.0.0.1", "[::2]", "10.0.0.1"];
  deepStrictEqual([...yes, ...no].map(isLoopbackHost), [
    ...yes.map(() => true),
    ...no.map(() => false),
  ]);
});

Deno.test("send() sends method, headers and body, and returns status, headers and body", async () => {
  const handler: Handler = async (request) => {
    const seen = [request.method, request.headers.get("cookie"), await request.text()];
    return Response.json(seen, {
      status: 418,
      headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]],
    });
  };
  await withServer(handler, async (origin) => {
    const request: HttpRequest = {
      method: "POST",
      url: origin,
      headers: { Cookie: "sid=1" },
      body: "é=1",
    };
    const response = await client().send(request);
    strictEqual(response.status, 418);
    deepStrictEqual(JSON.parse(response.body), ["POST", "sid=1", "é=1"]);
    deepStrictEqual(response.headers.getSetCookie(), ["a=1", "b=2"]);
  });
});

Deno.test("send() names the program as User-Agent unless the request does", async () => {
  const handler: Handler = (request) => new Response(request.headers.get("user-agent"));
  await withServer(handler, async (origin) => {
    strictEqual((await client().send(get(origin))).body, "okta-aws/1.2.3");
    const headers = { "user-agent": "other" };
    strictEqual((await client().send(get(origin, { headers }))).body, "other");
  });
});

Deno.test("send() does not follow redirects", async () => {
  const handler: Handler = () =>
    new Response("", { status: 302, headers: { location: "https://elsewhere.example/" } });
  await withServer(handler, async (origin) => {
    const { status, headers } = await client().send(get(origin));
    deepStrictEqual([status, headers.get("location")], [302, "https://elsewhere.example/"]);
  });
});

Deno.test("send() rejects other schemes, and plain http except to this computer", async () => {
  for (
    const url of ["http://example.com", "http://localhost.example", "ftp://localhost", "nonsense"]
  ) {
    await rejects(client().send(get(url)), failing("insecure_url"));
  }
  await rejects(client().send(get("https://jo:hunter2@localhost")), failing("insecure_url"));
});

Deno.test("send() replaces bytes that are not UTF-8", async () => {
  await withServer(() => new Response(new Uint8Array([65, 0xff, 66])), async (origin) => {
    strictEqual((await client().send(get(origin))).body, "A\ufffdB");
  });
});

Deno.test("send() reads a body up to its limit", async () => {
  await withServer(() => new Response("x".repeat(1_000)), async (origin) => {
    strictEqual((await client().send(get(origin, { maxBodyBytes: 1_000 }))).body.length, 1_000);
    const over = client().send(get(origin, { maxBodyBytes: 999 }));
    await rejects(over, failing("too_large", /999/));
  });
});

Deno.test("send() counts a compressed body after decompression", async () => {
  const handler: Handler = () => {
    const zeros = new Blob([new Uint8Array(8_000_000)]).stream();
    const body = zeros.pipeThrough(new CompressionStream("gzip"));
    return new Response(body, { headers: { "content-encoding": "gzip" } });
  };
  await withServer(handler, async (origin) => {
    await rejects(client().send(get(origin)), failing("too_large"));
  });
});

Deno.test("send() stops an endless body at the limit", async () => {
  const handler: Handler = () =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) }),
    );
  await withServer(handler, async (origin) => {
    await rejects(client().send(get(origin)), failing("too_large"));
  });
});

Deno.test("send() times out when headers or body take too long", async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const stuck = new ReadableStream({ pull: () => promise.then(() => {}) });
  const handler: Handler = (request) =>
    request.url.includes("/body/") ? new Response(stuck) : promise;
  await withServer(handler, async (origin) => {
    for (const url of [`${origin}/head/`, `${origin}/body/`]) {
      const attempt = client().send(get(url, { timeoutMilliseconds: 50 }));
      await rejects(attempt, failing("timeout"));
    }
    resolve(new Response());
  });
});

Deno.test("send() reports a refused connection", async () => {
  const attempt = client().send(get(`http://127.0.0.1:${freePort()}`));
  await rejects(attempt, failing("refused", /127\.0\.0\.1/));
});

Deno.test("send() reports a connection closed before or in the body", async () => {
  for (const answer of ["", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"]) {
    await withRawServer(answer, async (origin) => {
      await rejects(client().send(get(origin)), failing("reset"));
    });
  }
});

Deno.test("send() reports a certificate of an unknown authority, and what to set", async () => {
  await withServer(() => new Response("ok"), async (origin) => {
    const hints = /localhost:\d+.*ca_bundle, AWS_CA_BUNDLE or SSL_CERT_FILE/;
    await rejects(client().send(get(origin)), failing("tls", hints));
  }, LOCALHOST);
});

for (const name of ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "ca_bundle"]) {
  scratchTest(`send() trusts the authorities of ${name}`, async (folder) => {
    const path = `${folder}/ca.pem`;
    await Deno.writeTextFile(path, `# our company\n${TEST_AUTHORITY}`);
    await withServer(() => new Response("ok"), async (origin) => {
      const subject = name === "ca_bundle" ? clientWith({}, path) : client({ [name]: path });
      strictEqual((await subject.send(get(origin))).body, "ok");
    }, LOCALHOST);
  });
}

scratchTest("send() distinguishes a wrong host from an expired certificate", async (folder) => {
  await Deno.writeTextFile(`${folder}/ca.pem`, TEST_AUTHORITY);
  const subject = client({ AWS_CA_BUNDLE: `${folder}/ca.pem` });
  const expectations = [[OTHER_HOST, /another host/], [
    EXPIRED,
    /expired or is not valid yet.*clock/,
  ]] as const;
  for (const [certificate, message] of expectations) {
    await withServer(() => new Response("ok"), async (origin) => {
      await rejects(subject.send(get(origin)), failing("tls", message));
    }, certificate);
  }
});

Deno.test("send() reports a server without TLS", async () => {
  await withServer(() => new Response("ok"), async (origin) => {
    const attempt = client().send(get(origin.replace("http:", "https:")));
    await rejects(attempt, failing("tls"));
  });
});

scratchTest("send() names the setting whose file has no usable certificate", async (folder) => {
  const path = `${folder}/ca.pem`;
  const refused = (error: unknown): boolean => {
    ok(error instanceof SettingsError);
    strictEqual(error.code, "ca_bundle");
    match(error.message, /AWS_CA_BUNDLE/);
    return true;
  };
  const attempt = () => client({ AWS_CA_BUNDLE: path }).send(get("https://localhost"));
  await rejects(attempt(), refused);
  for (const text of ["", "no certificate", TEST_AUTHORITY.replace(/\nM/, "\n?")]) {
    await Deno.writeTextFile(path, text);
    await rejects(attempt(), refused);
  }
});

Deno.test("send() does not quote an invalid header", async () => {
  const headers = { Cookie: "sid=hunter2\nx" };
  await rejects(client().send(get("https://localhost", { headers })), (error) => {
    ok(error instanceof Fault);
    doesNotMatch(Deno.inspect(error), SECRETS);
    return true;
  });
});

/** Runs a request in a process of its own, with variables that Deno could read on its own. */
async function sendThroughProxy(
  url: string,
  variables: Record<string, string>,
): Promise<string> {
  const module = new URL("../../../src/platform/network/http_client.ts", import.meta.url);
  const code = `
    import { createHttpClient } from "${module}";
    const client = createHttpClient({ version: "1", environment: Deno.env });
    try {
      const { status, body } = await client.send({ method: "GET", url: "${url}" });
      console.log(status, body);
    } catch (error) { console.log(Deno.inspect(error)); }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    env: { ...neededVariables(), HOME: Deno.env.get("HOME") ?? "/", ...variables },
    clearEnv: true,
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

for (const name of ["HTTP_PROXY", "http_proxy"]) {
  Deno.test(`send() uses ${name}, even for this computer, unless NO_PROXY names it`, async () => {
    const proxy: Handler = (request) =>
      new Response(`proxy ${request.headers.get("proxy-authorization")}`);
    await withServer(proxy, async (proxyOrigin) => {
      const address = proxyOrigin.replace("http://", "http://jo:hunter2@");
      await withServer(() => new Response("direct"), async (origin) => {
        const through = await sendThroughProxy(origin, { [name]: address });
        strictEqual(through, `200 proxy Basic ${btoa("jo:hunter2")}`);
        const past = await sendThroughProxy(origin, { [name]: address, NO_PROXY: "127.0.0.1" });
        strictEqual(past, "200 direct");
      });
    });
  });
}

for (const name of ["HTTPS_PROXY", "https_proxy"]) {
  Deno.test(`send() uses ${name}, and reports when the proxy refuses`, async () => {
    const asked: string[] = [];
    const proxy = (status: number): Handler => (request) => {
      asked.push(`${request.method} ${new URL(request.url).host}`);
      return new Response("", { status });
    };
    for (const status of [407, 403]) {
      await withServer(proxy(status), async (origin) => {
        const address = origin.replace("http://", "http://jo:hunter2@");
        const url = "https://okta.example/?code=s3cret";
        const shown = await sendThroughProxy(url, { [name]: address });
        match(shown, /could not reach okta\.example: the proxy refused/);
        match(shown, /NetworkError/);
        doesNotMatch(shown, SECRETS);
      });
    }
    deepStrictEqual(asked, ["CONNECT okta.example:443", "CONNECT okta.example:443"]);
  });
}

Deno.test("send() never sends a POST twice when a kept connection is closed", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  let requests = 0;
  const kept = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok";
  const serve = async (connection: Deno.TcpConn, isFirst: boolean) => {
    const buffer = new Uint8Array(10_000);
    for (let answered = 0; await connection.read(buffer) !== null; answered++) {
      requests++;
      // A second request is read and then dropped, as a server does that has just given up waiting.
      if (answered > 0 || !isFirst) break;
      await connection.write(new TextEncoder().encode(kept));
    }
    connection.close();
  };
  const serving = (async () => {
    let first = true;
    for await (const connection of listener) {
      void serve(connection, first);
      first = false;
    }
  })();
  try {
    const http = client();
    const url = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/api/v1/authn`;
    await http.send({ method: "POST", url, body: "{}" });
    await rejects(http.send({ method: "POST", url, body: "{}" }), NetworkError);
    strictEqual(requests, 2);
  } finally {
    listener.close();
    await serving;
  }
});

/** An HTTP/2 frame: RFC 9113, section 4.1. */
function http2Frame(type: number, flags: number, payload: number[]): number[] {
  return [0, 0, payload.length, type, flags, 0, 0, 0, 0, ...payload];
}

const SETTINGS = 0x4;
const GOAWAY = 0x7;
const ACK = 0x1;

scratchTest("send() never sends a POST twice when an HTTP/2 server says GOAWAY", async (folder) => {
  await Deno.writeTextFile(`${folder}/ca.pem`, TEST_AUTHORITY);
  const listener = Deno.listenTls({
    port: 0,
    hostname: "127.0.0.1",
    alpnProtocols: ["h2", "http/1.1"],
    ...LOCALHOST,
  });
  let passwords = 0;
  const serve = async (connection: Deno.TlsConn) => {
    const { alpnProtocol } = await connection.handshake();
    if (alpnProtocol === "h2") {
      await connection.write(
        new Uint8Array([...http2Frame(SETTINGS, 0, []), ...http2Frame(SETTINGS, ACK, [])]),
      );
    }
    const buffer = new Uint8Array(10_000);
    let received = "";
    while (!received.includes("hunter2")) {
      const length = await connection.read(buffer);
      if (length === null) return connection.close();
      received += new TextDecoder("latin1").decode(buffer.subarray(0, length));
    }
    passwords++;
    // The last stream is 0: none was processed, so clients send the request again.
    const goaway = new Uint8Array(http2Frame(GOAWAY, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
    if (alpnProtocol === "h2") await connection.write(goaway);
    connection.close();
  };
  const serving = (async () => {
    for await (const connection of listener) void serve(connection).catch(() => {});
  })();
  try {
    const http = clientWith({}, `${folder}/ca.pem`);
    const url = `https://localhost:${(listener.addr as Deno.NetAddr).port}/api/v1/authn`;
    await rejects(http.send({ method: "POST", url, body: "hunter2" }), NetworkError);
    strictEqual(passwords, 1);
  } finally {
    listener.close();
    await serving;
  }
});
