/**
 * A proxy that inspects TLS: it terminates every tunnel with a certificate of its own authority
 * and forwards what it has read. `CONNECT` for https, absolute URLs for http; optionally with
 * user name and password.
 */

import { LOOPBACK_AUTHORITY } from "../sim/tls_certificate.ts";

/** The proxy's certificate authority, PEM; its key was deleted. */
export const PROXY_AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBuDCCAV+gAwIBAgIUODSd0jGoFtTwMKsK7KPFUMamdWowCgYIKoZIzj0EAwIw
KTEnMCUGA1UEAwweb2t0YS1hd3MgaW50ZXJjZXB0aW5nIHByb3h5IENBMCAXDTI2
MTEyMTA2NDExMFoYDzIxMjYxMDI4MDY0MTEwWjApMScwJQYDVQQDDB5va3RhLWF3
cyBpbnRlcmNlcHRpbmcgcHJveHkgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARqHapjYsTVa98VOvViFBkqmbNKhhaIObs/+JPjzw7UznFuHKhO3GTt/ZKKO9ZF
Zo8o95gJsYw+G+upgR4kMKnxo2MwYTAdBgNVHQ4EFgQUqS7MsAiNqnWYBMYPlk2o
HhhtJHEwHwYDVR0jBBgwFoAUqS7MsAiNqnWYBMYPlk2oHhhtJHEwDwYDVR0TAQH/
BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwIDRwAwRAIgRH201XZb
GsXjTKWIkRMC9P+IYzdukd1/H+NKB89sQrkCIDNPEwZoIEX9C+fGI8NrNYE9wprJ
vXVbLgIAGTNI0wrt
-----END CERTIFICATE-----
`;

/** For `127.0.0.1` and `localhost`, signed by {@linkcode PROXY_AUTHORITY}; it protects nothing. */
const PROXY_CERTIFICATE = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBsTCCAVagAwIBAgIBBzAKBggqhkjOPQQDAjApMScwJQYDVQQDDB5va3RhLWF3
cyBpbnRlcmNlcHRpbmcgcHJveHkgQ0EwIBcNMjYxMTIxMDY0MTEwWhgPMjEyNjEw
MjgwNjQxMTBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABElN/etkZWrUTi/q756pCzKZHLLlG3CaHnf7arFch6IBzWCFo5qE
fGMu9NAZ5cS+KUYhK5G+cAzNhW/l+ApyVJWjgYEwfzAaBgNVHREEEzARhwR/AAAB
gglsb2NhbGhvc3QwDAYDVR0TAQH/BAIwADATBgNVHSUEDDAKBggrBgEFBQcDATAd
BgNVHQ4EFgQUdyeBCKL39hBMRXaHzIrWo8ko4c4wHwYDVR0jBBgwFoAUqS7MsAiN
qnWYBMYPlk2oHhhtJHEwCgYIKoZIzj0EAwIDSQAwRgIhALafZDH3sN0R+Hly9ize
vaHOCc3IZaJahikmqp1JecWBAiEAtiC+7Q6FgIjuf7BQqwHZvyZ75zH3DMz9JceY
zmulI7w=
-----END CERTIFICATE-----
`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtX0G2/2FU5JXH0RQ
g42KH3WghaMcUNGLwaRITu0qzY6hRANCAARJTf3rZGVq1E4v6u+eqQsymRyy5Rtw
mh53+2qxXIeiAc1ghaOahHxjLvTQGeXEvilGISuRvnAMzYVv5fgKclSV
-----END PRIVATE KEY-----
`,
};

export interface InterceptingProxy extends AsyncDisposable {
  /** `http://127.0.0.1:12345`, with the required user name and password. */
  readonly url: string;
  /** Requests to the proxy: `CONNECT host:port` or `GET http://…`. */
  readonly tunnels: string[];
  /** Forwarded requests: `GET https://…/path`. */
  readonly requests: string[];
}

export interface ProxyLogin {
  user: string;
  password: string;
}

const upstream = Deno.createHttpClient({ caCerts: [LOOPBACK_AUTHORITY] });

/** Answers a request from a tunnel, or to the proxy itself. */
function forward(scheme: "https" | "http", seen: string[]): Deno.ServeHandler {
  return async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const url = `${scheme}://${host}${pathname}${search}`;
    seen.push(`${request.method} ${url.split("?")[0]}`);
    const headers = new Headers(request.headers);
    headers.delete("proxy-authorization");
    const body = request.method === "GET" ? null : await request.text();
    const init = { method: request.method, headers, body, redirect: "manual" as const };
    const answer = await fetch(url, { ...init, client: upstream });
    const kept = new Headers(answer.headers);
    kept.delete("content-encoding");
    return new Response([204, 304].includes(answer.status) ? null : await answer.text(), {
      status: answer.status,
      headers: kept,
    });
  };
}

const DENIED = "HTTP/1.1 407 Proxy Authentication Required\r\n" +
  "Proxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

async function readHead(connection: Deno.TcpConn): Promise<Uint8Array<ArrayBuffer>> {
  let head = new Uint8Array();
  const buffer = new Uint8Array(16_384);
  while (!new TextDecoder().decode(head).includes("\r\n\r\n")) {
    const length = await connection.read(buffer);
    if (length === null) break;
    head = Uint8Array.from([...head, ...buffer.subarray(0, length)]);
  }
  return head;
}

/** With `login`, clients must authenticate. `await using` stops the proxy. */
export function startInterceptingProxy(login?: ProxyLogin): InterceptingProxy {
  const tunnels: string[] = [];
  const requests: string[] = [];
  const quiet = { port: 0, hostname: "127.0.0.1", onListen() {} };
  const inner = {
    https: Deno.serve({ ...quiet, ...PROXY_CERTIFICATE }, forward("https", requests)),
    http: Deno.serve(quiet, forward("http", requests)),
  };
  const wanted = login && `Basic ${btoa(`${login.user}:${login.password}`)}`;
  const gate = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const open = new Set<Deno.TcpConn>();

  const answer = async (client: Deno.TcpConn) => {
    const head = await readHead(client);
    const text = new TextDecoder().decode(head);
    const begun = text.split(" ").slice(0, 2).join(" ").split("?")[0]!;
    const given = /^proxy-authorization: (.*)\r$/im.exec(text)?.[1];
    if (wanted !== undefined && given !== wanted) {
      await client.write(new TextEncoder().encode(DENIED));
      return client.close();
    }
    tunnels.push(begun);
    const isTunnel = begun.startsWith("CONNECT ");
    const { port } = (isTunnel ? inner.https : inner.http).addr;
    const behind = await Deno.connect({ port, hostname: "127.0.0.1" });
    open.add(client).add(behind);
    if (isTunnel) await client.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n\r\n"));
    else await behind.write(head);
    await Promise.allSettled([
      client.readable.pipeTo(behind.writable),
      behind.readable.pipeTo(client.writable),
    ]);
  };
  const serving = (async () => {
    for await (const client of gate) void answer(client).catch(() => {});
  })();

  const { port } = gate.addr as Deno.NetAddr;
  const who = login && `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`;
  return {
    url: `http://${who ?? ""}127.0.0.1:${port}`,
    tunnels,
    requests,
    async [Symbol.asyncDispose]() {
      gate.close();
      await serving;
      for (const connection of open) {
        try {
          connection.close();
        } catch {
          // Already closed.
        }
      }
      await Promise.all([inner.https.shutdown(), inner.http.shutdown()]);
    },
  };
}
