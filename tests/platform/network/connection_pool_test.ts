import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { NetworkError } from "../../../src/errors.ts";
import { createHttpClient } from "../../../src/platform/network/http_client.ts";
import { PROXY_AUTHORITY, startInterceptingProxy } from "../../fakes/intercepting_proxy.ts";
import { LOOPBACK_TLS } from "../../sim/tls_certificate.ts";
import { inScratchFolder, scratchTest } from "../scratch_folder.ts";
import { answer, type Peer, startScriptedServer } from "./scripted_server.ts";
import { LOCALHOST, TEST_AUTHORITY } from "./test_certificates.ts";

function client(variables: Record<string, string> = {}) {
  return createHttpClient({ version: "1", environment: { get: (name) => variables[name] } });
}

/** Answers every request with the number of its connection. */
async function tellIndex(peer: Peer, ...headers: string[]): Promise<void> {
  while (await peer.request() !== undefined) await peer.send(answer(`${peer.index}`, ...headers));
}

Deno.test("send() uses one connection for GETs and POSTs", async () => {
  await using server = startScriptedServer(tellIndex);
  const http = client();
  const bodies: string[] = [];
  for (const method of ["GET", "POST", "POST", "DELETE", "GET"] as const) {
    const body = method === "POST" ? { body: "a=1" } : {};
    bodies.push((await http.send({ method, url: `${server.origin}/x`, ...body })).body);
  }
  deepStrictEqual(bodies, ["0", "0", "0", "0", "0"]);
  strictEqual(server.connections(), 1);
});

Deno.test("send() opens more connections only for requests at the same time", async () => {
  await using server = startScriptedServer(tellIndex);
  const http = client();
  const send = async () => (await http.send({ method: "GET", url: server.origin })).body;
  deepStrictEqual((await Promise.all([send(), send(), send()])).sort(), ["0", "1", "2"]);
  await Promise.all([send(), send(), send()]);
  strictEqual(server.connections(), 3);
});

for (
  const [why, ...headers] of [
    ["the server closes it", "Connection: close"],
    ["the server waits no longer than a second", "Keep-Alive: timeout=1"],
    ["its length is given twice", "Transfer-Encoding: chunked"],
  ]
) {
  Deno.test(`send() does not keep a connection if ${why}`, async () => {
    await using server = startScriptedServer(async (peer) => {
      await peer.request();
      const text = answer("", ...headers);
      await peer.send(text.includes("chunked") ? `${text}0\r\n\r\n` : text);
      await peer.request();
    });
    const http = client();
    for (let times = 0; times < 2; times++) await http.send({ method: "GET", url: server.origin });
    strictEqual(server.connections(), 2);
  });
}

Deno.test("connectEarly() opens connections that the next requests use", async () => {
  const accepted = Promise.withResolvers<void>();
  await using server = startScriptedServer(async (peer) => {
    if (peer.index === 1) accepted.resolve();
    await tellIndex(peer);
  });
  const http = client();
  await Promise.all([http.connectEarly!(`${server.origin}/any/path`, 2), accepted.promise]);
  strictEqual(server.received(), "");
  const send = async () => (await http.send({ method: "POST", url: server.origin })).body;
  deepStrictEqual((await Promise.all([send(), send()])).sort(), ["0", "1"]);
  strictEqual(await send().then((index) => ["0", "1"].includes(index)), true);
  strictEqual(server.connections(), 2);
});

Deno.test("connectEarly() opens nothing if a request has a connection, or is getting one", async () => {
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using server = startScriptedServer(async (peer) => {
    await peer.request();
    asked.resolve();
    await go.promise;
    await peer.send(answer("done"));
    await tellIndex(peer);
  });
  const http = client();
  const answered = http.send({ method: "GET", url: server.origin });
  http.connectEarly!(server.origin);
  await asked.promise;
  http.connectEarly!(server.origin);
  go.resolve();
  strictEqual((await answered).body, "done");
  http.connectEarly!(server.origin);
  strictEqual((await http.send({ method: "GET", url: server.origin })).body, "0");
  strictEqual(server.connections(), 1);
});

Deno.test("connectEarly() fails silently: the request opens another connection", async () => {
  await using server = startScriptedServer(async (peer) => {
    if (peer.index === 0) peer.close();
    else await tellIndex(peer);
  });
  const http = client();
  http.connectEarly!(server.origin);
  for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setTimeout(resolve, 0));
  strictEqual((await http.send({ method: "POST", url: server.origin })).body, "1");
});

Deno.test("connectEarly() reports nothing: not a bad URL, proxy, CA file, nor a closed port", async () => {
  const closed = startScriptedServer(tellIndex);
  await closed[Symbol.asyncDispose]();
  for (const url of ["nonsense", "http://example.com", closed.origin]) {
    await client().connectEarly!(url);
  }
  client({ HTTPS_PROXY: "ftp://proxy" }).connectEarly!(closed.origin.replace("http", "https"));
  const http = client({ AWS_CA_BUNDLE: "/nonexistent/ca.pem" });
  http.connectEarly!(closed.origin);
  await rejects(client().send({ method: "GET", url: closed.origin }), NetworkError);
});

Deno.test({
  name: "send() uses one connection over TLS, and trusts the CAs of the system",
  // Elsewhere the system's store is not a file.
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inScratchFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/ca.pem`, TEST_AUTHORITY);
      await using server = startScriptedServer(tellIndex, { tls: LOCALHOST });
      const module = new URL("../../../src/platform/network/http_client.ts", import.meta.url);
      // The system's store is this file; our own settings name none.
      const code = `
    import { createHttpClient } from "${module}";
    const client = createHttpClient({ version: "1", environment: { get: () => undefined } });
    const url = "${server.origin}";
    client.connectEarly(url);
    for (const method of ["GET", "POST"]) console.log((await client.send({ method, url })).body);`;
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--no-config", code],
        env: { PATH: Deno.env.get("PATH")!, SSL_CERT_FILE: `${folder}/ca.pem` },
        clearEnv: true,
      }).output();
      const decoder = new TextDecoder();
      strictEqual(decoder.decode(stdout), "0\n0\n", decoder.decode(stderr));
      strictEqual(server.connections(), 1);
    }),
});

scratchTest("send() keeps the tunnel of a proxy, and logs in to it once", async (folder) => {
  await Deno.writeTextFile(`${folder}/ca.pem`, PROXY_AUTHORITY);
  await using server = startScriptedServer(tellIndex, { tls: LOOPBACK_TLS });
  await using proxy = startInterceptingProxy({ user: "jane@x", password: "p:w/d%" });
  const variables = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: `${folder}/ca.pem` };
  const http = client(variables);
  const url = `https://localhost:${server.port}`;
  http.connectEarly!(url);
  for (const method of ["GET", "POST", "POST"] as const) {
    strictEqual((await http.send({ method, url, timeoutMilliseconds: 20_000 })).status, 200);
  }
  deepStrictEqual(proxy.tunnels, [`CONNECT localhost:${server.port}`]);
});

for (
  const [name, reply] of Object.entries({
    "rejects with a long page": `HTTP/1.1 403 Forbidden\r\n\r\n${"x".repeat(100_000)}`,
    "wants a login": "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
    "says nothing": "",
    "never ends its head": `HTTP/1.1 200 OK\r\n${"X-Long: x\r\n".repeat(10_000)}`,
  })
) {
  Deno.test(`send() reports a proxy that ${name}`, async () => {
    await using proxy = startScriptedServer(async (peer) => {
      await peer.request();
      await peer.send(reply);
      peer.close();
    });
    const address = proxy.origin.replace("//", "//jo:hunter2@");
    const http = client({ HTTPS_PROXY: address });
    const attempt = http.send({ method: "POST", url: "https://okta.example/?s3cret", body: "x" });
    await rejects(attempt, (error) => {
      strictEqual(error instanceof NetworkError && error.unsent, true);
      strictEqual((error as NetworkError).code, "proxy");
      match((error as NetworkError).message, /okta\.example: the proxy refused/);
      strictEqual(/hunter2|s3cret/.test(Deno.inspect(error)), false);
      return true;
    });
  });
}

/** Not every machine has IPv6. */
function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "send() connects to an IPv6 address",
  ignore: !hasIpv6(),
  async fn() {
    await using server = startScriptedServer(tellIndex, { hostname: "::1" });
    strictEqual((await client().send({ method: "GET", url: server.origin })).body, "0");
    match(server.received(), new RegExp(`^host: \\[::1\\]:${server.port}\\r$`, "m"));
  },
});
