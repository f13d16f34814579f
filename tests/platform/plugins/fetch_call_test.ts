import assert from "node:assert/strict";
import { fetchFor } from "../../../src/platform/plugins/fetch_call.ts";
import { PROXY_AUTHORITY, startInterceptingProxy } from "../../fakes/intercepting_proxy.ts";
import { LOOPBACK_TLS } from "../../sim/tls_certificate.ts";
import { scratchTest } from "../scratch_folder.ts";
import type { Environment, PluginSetup } from "../../../src/ports.ts";

interface Answer {
  url: string;
  status: number;
  redirected: boolean;
  body: string;
}

async function fetchWith(
  net: string[],
  argument: Record<string, unknown>,
  variables: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const environment = { get: (name: string) => variables[name] } as unknown as Environment;
  const setup = { permissions: { net } } as unknown as PluginSetup;
  const { signal } = new AbortController();
  const given = { method: "GET", headers: [], redirect: "follow", ...argument };
  return await fetchFor(environment, setup, { argument: given, signal }) as Answer;
}

/** Redirects `/to/URL`, and otherwise echoes. */
function serve(): { port: number; seen: Request[]; server: Deno.HttpServer } {
  const seen: Request[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    seen.push(request);
    const [, to] = /\/to\/(.*)$/.exec(request.url) ?? [];
    if (to !== undefined) return Response.redirect(decodeURIComponent(to), 302);
    return new Response(`${request.method} ${request.headers.get("authorization")}`);
  });
  return { port: (server.addr as Deno.NetAddr).port, seen, server };
}

Deno.test("fetchFor() connects only to granted hosts", async () => {
  const { port, seen, server } = serve();
  await using _ = server;
  const url = `http://127.0.0.1:${port}/x`;
  for (const net of [[], ["127.0.0.1:1"], ["localhost"], ["*.0.0.1"], ["27.0.0.1"]]) {
    await assert.rejects(fetchWith(net, { url }), { name: "NotCapable" }, String(net));
  }
  assert.equal(seen.length, 0);
  for (const net of [["127.0.0.1"], [`127.0.0.1:${port}`]]) {
    const { status, body } = await fetchWith(net, { url });
    assert.deepEqual([status, atob(body)], [200, "GET null"]);
  }
});

Deno.test("fetchFor() refuses other schemes, also of files", async () => {
  for (const url of ["file:///etc/passwd", "data:text/plain,x", "ftp://example.com/"]) {
    await assert.rejects(fetchWith(["example.com"], { url }), { name: "NotCapable" }, url);
  }
});

Deno.test("fetchFor() follows redirects only to granted hosts", async () => {
  const [first, second] = [serve(), serve()];
  await using _one = first.server;
  await using _two = second.server;
  const target = `http://127.0.0.1:${second.port}/end`;
  const url = `http://127.0.0.1:${first.port}/to/${encodeURIComponent(target)}`;
  const asked = { url, method: "POST", headers: [["authorization", "secret"]], body: btoa("x") };
  await assert.rejects(fetchWith([`127.0.0.1:${first.port}`], asked), { name: "NotCapable" });
  assert.equal(second.seen.length, 0);
  const { redirected, body, url: end } = await fetchWith(["127.0.0.1"], asked);
  assert.deepEqual([redirected, atob(body), end], [true, "GET null", target]);
  const manual = await fetchWith([`127.0.0.1:${first.port}`], { ...asked, redirect: "manual" });
  assert.equal(manual.status, 302);
});

scratchTest("fetchFor() goes through our proxy, by its authority", async (folder) => {
  await Deno.writeTextFile(`${folder}/ca.pem`, PROXY_AUTHORITY);
  await using proxy = startInterceptingProxy({ user: "jo", password: "p:w" });
  const quiet = { port: 0, hostname: "127.0.0.1", onListen() {} };
  await using server = Deno.serve({ ...quiet, ...LOOPBACK_TLS }, () => new Response("reached"));
  const url = `https://localhost:${server.addr.port}/`;
  const variables = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: `${folder}/ca.pem` };
  const { body } = await fetchWith(["localhost"], { url }, variables);
  assert.equal(atob(body), "reached");
  assert.deepEqual(proxy.requests, [`GET ${url}`]);
});
