/**
 * A port of 127.0.0.1 that waits for one redirect of a browser's.
 *
 * @module
 */

import type { BrowserRedirect, LoopbackListener } from "../../ports.ts";

/** A browser asks for a picture of its own; other programs may knock as well. */
function turnAway(status: number): Response {
  return new Response(null, { status, headers: { "Connection": "close" } });
}

/** A request that is not ours: another path or method, or a name that leads here by a trick of DNS. */
function refusal(request: Request, path: string, port: number): Response | undefined {
  if (request.headers.get("host") !== `127.0.0.1:${port}`) return turnAway(421);
  if (new URL(request.url).pathname !== path) return turnAway(404);
  return request.method === "GET" ? undefined : turnAway(405);
}

/**
 * Listens on a free port.
 *
 * @param path The only path that is answered.
 * @returns The listener.
 */
export function listenOnLoopback(path: string): LoopbackListener {
  const arrived = Promise.withResolvers<BrowserRedirect>();
  // Nobody may be waiting any more when the listener is closed.
  arrived.promise.catch(() => {});
  const answered = Promise.withResolvers<Response>();
  let taken = false;
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => turnAway(500) },
    (request): Response | Promise<Response> => {
      const refused = refusal(request, path, server.addr.port) ??
        (taken ? turnAway(410) : undefined);
      if (refused !== undefined) return refused;
      taken = true;
      arrived.resolve({
        query: new URL(request.url).searchParams,
        async answer({ status, headers, body }) {
          answered.resolve(new Response(body, { status, headers }));
          await close();
        },
      });
      return answered.promise;
    },
  );
  let closing: Promise<void> | undefined;
  const close = () => {
    // Who is waiting for a page of a sign-in that was given up gets none.
    answered.resolve(turnAway(503));
    return closing ??= server.shutdown();
  };
  return {
    port: server.addr.port,
    async redirect(signal) {
      const onAbort = () => arrived.reject(signal.reason);
      if (signal.aborted) onAbort();
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        return await arrived.promise;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    close,
  };
}
