/** Whatever a server does, what is sent arrives at most once. */

import { ok, rejects, strictEqual } from "node:assert/strict";
import { NetworkError } from "../../../src/errors.ts";
import { createHttpClient } from "../../../src/platform/network/http_client.ts";
import { scratchTest } from "../scratch_folder.ts";
import { answer, type Peer, type ScriptedServer, startScriptedServer } from "./scripted_server.ts";
import { LOCALHOST, TEST_AUTHORITY } from "./test_certificates.ts";

const SECRET = "hunter2";

type Client = ReturnType<typeof createHttpClient>;

/** What a server does to the request that carries the secret. */
const FAULTS: Record<string, (peer: Peer) => Promise<void>> = {
  "closes on receipt": async (peer) => {
    await peer.request();
    peer.close();
  },
  "resets before it has read all": async (peer) => {
    await peer.firstBytes();
    peer.close();
  },
  "closes in the status line": async (peer) => {
    await peer.request();
    await peer.send("HTTP/1.1 2");
    peer.close();
  },
  "closes in the head": async (peer) => {
    await peer.request();
    await peer.send("HTTP/1.1 200 OK\r\nContent-Len");
    peer.close();
  },
  "closes after an interim response": async (peer) => {
    await peer.request();
    await peer.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    peer.close();
  },
  "closes in the body": async (peer) => {
    await peer.request();
    await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc");
    peer.close();
  },
  "closes in a chunk": async (peer) => {
    await peer.request();
    await peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nabc");
    peer.close();
  },
  "answers with something else": async (peer) => {
    await peer.request();
    await peer.send("SSH-2.0-OpenSSH_9.2\r\n");
    peer.close();
  },
  "says GOAWAY as HTTP/2 does": async (peer) => {
    await peer.request();
    // Length 8, type 7, last stream 0: none was processed, so clients send the request again.
    await peer.send("\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0");
    peer.close();
  },
  "never answers": async (peer) => {
    await peer.request();
  },
};

function count(server: ScriptedServer): number {
  return server.received().split(SECRET).length - 1;
}

async function sendSecret(http: Client, server: ScriptedServer, limit = 30_000): Promise<string> {
  const url = `${server.origin}/api/v1/authn`;
  const body = JSON.stringify({ password: SECRET });
  const request = { method: "POST" as const, url, body, timeoutMilliseconds: limit };
  return (await http.send(request)).body;
}

function codeOf(fault: string): string {
  if (fault === "never answers") return "timeout";
  return fault.startsWith("answers") ? "network" : "reset";
}

const CLIENTS = { "a new connection": 0, "a kept connection": 1 };

for (const [name, fault] of Object.entries(FAULTS)) {
  for (const [where, before] of Object.entries(CLIENTS)) {
    scratchTest(`send(): a server that ${name} on ${where} gets a POST once`, async (folder) => {
      await Deno.writeTextFile(`${folder}/ca.pem`, TEST_AUTHORITY);
      const environment = { get: () => undefined };
      const http = createHttpClient({
        version: "1",
        environment,
        caBundle: `${folder}/ca.pem`,
      });
      for (const tls of [undefined, LOCALHOST]) {
        await using server = startScriptedServer(async (peer) => {
          for (let requests = 0; requests < before; requests++) {
            await peer.request();
            await peer.send(answer("ok"));
          }
          await fault(peer);
        }, tls ? { tls } : {});
        for (let requests = 0; requests < before; requests++) {
          await http.send({ method: "GET", url: server.origin });
        }
        const limit = name === "never answers" ? 200 : 30_000;
        await rejects(sendSecret(http, server, limit), (error) => {
          ok(error instanceof NetworkError, String(error));
          strictEqual(error.unsent, false);
          strictEqual(error.code, codeOf(name));
          return true;
        });
        ok(count(server) <= 1, server.received());
        strictEqual(server.connections(), 1);
      }
    });
  }
}

/** What a server does to a connection that it has just answered on. */
const GOODBYES: Record<string, (peer: Peer) => Promise<void> | void> = {
  "is closed": (peer) => peer.close(),
  "gets a 408": async (peer) => {
    await peer.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
    peer.close();
  },
};

for (const [name, goodbye] of Object.entries(GOODBYES)) {
  Deno.test(`send() opens another connection after the kept one ${name} while idle`, async () => {
    const gone = Promise.withResolvers<void>();
    await using server = startScriptedServer(async (peer) => {
      await peer.request();
      await peer.send(answer("first"));
      if (peer.index > 0) return;
      await goodbye(peer);
      gone.resolve();
    });
    const http = createHttpClient({ version: "1", environment: { get: () => undefined } });
    await http.send({ method: "GET", url: server.origin });
    await gone.promise;
    // The system tells us in a later turn of the event loop, as it does between two commands' requests.
    for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setTimeout(resolve, 0));
    strictEqual(await sendSecret(http, server), "first");
    strictEqual(count(server), 1);
    strictEqual(server.connections(), 2);
  });
}

Deno.test("send() says that nothing was sent if no connection was made", async () => {
  const silent = startScriptedServer(() => Promise.resolve(), {});
  const http = createHttpClient({ version: "1", environment: { get: () => undefined } });
  await silent[Symbol.asyncDispose]();
  await rejects(
    sendSecret(http, silent),
    (error) => error instanceof NetworkError && error.unsent && error.code === "refused",
  );
  // A server that accepts and says nothing: the TLS handshake times out.
  await using mute = startScriptedServer(() => Promise.resolve());
  const url = mute.origin.replace("http:", "https:");
  const request = { method: "POST" as const, url, body: SECRET, timeoutMilliseconds: 100 };
  await rejects(
    http.send(request),
    (error) => error instanceof NetworkError && error.unsent && error.code === "timeout",
  );
  strictEqual(count(mute), 0);
});

/** Passes bytes through, and cuts the client off after this many of the server's: no goodbye of TLS. */
function startCutter(target: number, most: number): AsyncDisposable & { port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open: Deno.Conn[] = [];
  const cut = async (client: Deno.Conn) => {
    const inner = await Deno.connect({ hostname: "127.0.0.1", port: target });
    open.push(client, inner);
    void client.readable.pipeTo(inner.writable).catch(() => {});
    const writer = client.writable.getWriter();
    let passed = 0;
    for await (const bytes of inner.readable) {
      await writer.write(bytes);
      passed += bytes.length;
      if (passed > most) return await writer.close();
    }
  };
  const serving = (async () => {
    for await (const client of listener) void cut(client).catch(() => {});
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) {
        try {
          connection.close();
        } catch {
          // Its streams have closed it.
        }
      }
      await serving;
    },
  };
}

scratchTest("send() calls it a closed connection if TLS is cut off", async (folder) => {
  await Deno.writeTextFile(`${folder}/ca.pem`, TEST_AUTHORITY);
  const http = createHttpClient({
    version: "1",
    environment: { get: () => undefined },
    caBundle: `${folder}/ca.pem`,
  });
  await using server = startScriptedServer(async (peer) => {
    await peer.request();
    await peer.send(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(40_000)}`);
  }, { tls: LOCALHOST });
  await using cutter = startCutter(server.port, 20_000);
  const url = `https://localhost:${cutter.port}/`;
  await rejects(
    http.send({ method: "POST", url, body: SECRET, timeoutMilliseconds: 20_000 }),
    (error) => error instanceof NetworkError && error.code === "reset" && !error.unsent,
  );
});
