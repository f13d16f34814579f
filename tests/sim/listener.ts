/**
 * One origin of the simulator. A TCP proxy in front of the HTTP server passes bytes through, so
 * that a connection can be closed before the first byte of an answer, over TLS as well.
 */

import { isDropped, isStalled } from "./faults.ts";

/** PEM texts. */
export interface TlsFiles {
  cert: string;
  key: string;
}

export interface Origin {
  /** `http://127.0.0.1:12345`. */
  url: string;
  /** How many connections were accepted. */
  connections(): number;
  /** Closes the server and every connection. */
  stop(): Promise<void>;
}

/** `origin` is the server's own. */
export type Handler = (request: Request, origin: string) => Promise<Response>;

function serve(tls: TlsFiles | undefined, handler: Deno.ServeHandler<Deno.NetAddr>) {
  const quiet = { port: 0, hostname: "127.0.0.1", onListen() {} };
  return Deno.serve({ ...quiet, ...tls, onError: simulatorError }, handler);
}

/**
 * Over TLS, Deno's server writes the head of an answer and its body apart, and the body then waits 40 ms
 * for an acknowledgement, but not if it is a stream.
 */
function sentAtOnce(response: Response): Response {
  const body = response.body?.pipeThrough(new TransformStream()) ?? null;
  return new Response(body, response);
}

function simulatorError(error: unknown): Response {
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  return new Response(`error in the simulator: ${text}`, { status: 599 });
}

export interface ListenSettings {
  /** 0 means any free port. */
  port: number;
  tls?: TlsFiles;
  /** The host name in the origin's URL; default: `127.0.0.1`, where it always listens. */
  hostname?: string;
}

export function listen(settings: ListenSettings, handler: Handler): Origin {
  /** The outer connection by the local port of its inner one. */
  const outer = new Map<number, Deno.TcpConn>();
  const gate = Deno.listen({ port: settings.port, hostname: "127.0.0.1" });
  const { tls, hostname = "127.0.0.1" } = settings;
  const address = `${tls ? "https" : "http"}://${hostname}:${gate.addr.port}`;
  // As browsers write it: without the scheme's default port.
  const url = new URL(address).origin;
  const stopping = Promise.withResolvers<void>();
  const server = serve(tls, async (request, info) => {
    const response = await handler(request, url);
    if (isStalled(response)) await stopping.promise;
    if (!isDropped(response)) return tls ? sentAtOnce(response) : response;
    outer.get(info.remoteAddr.port)?.close();
    return new Response(null, { status: 500 });
  });

  const passThrough = async (client: Deno.TcpConn) => {
    const inner = await Deno.connect({ port: server.addr.port, hostname: "127.0.0.1" });
    const { port } = inner.localAddr;
    // As servers do; otherwise what we pass on waits for acknowledgements.
    client.setNoDelay(true);
    inner.setNoDelay(true);
    outer.set(port, client);
    await Promise.allSettled([
      client.readable.pipeTo(inner.writable),
      inner.readable.pipeTo(client.writable),
    ]);
    outer.delete(port);
  };
  let connections = 0;
  const accepting = (async () => {
    const open: Promise<void>[] = [];
    for await (const client of gate) {
      connections++;
      open.push(passThrough(client));
    }
    await Promise.all(open);
  })();

  return {
    url,
    connections: () => connections,
    async stop() {
      closeQuietly(gate);
      stopping.resolve();
      for (const client of outer.values()) closeQuietly(client);
      await server.shutdown();
      await accepting;
    },
  };
}

function closeQuietly(connection: Deno.TcpConn | Deno.Listener): void {
  try {
    connection.close();
  } catch {
    // Already closed.
  }
}
