/** A port of 127.0.0.1 that waits for one redirect of a browser's. @module */

import type { BrowserRedirect, LoopbackListener } from "../../ports.ts";

/** For requests of other programs, and a browser's for /favicon.ico. */
function turnAway(status: number): Response {
  return new Response(null, { status, headers: { "Connection": "close" } });
}

/** Rejects another path or method, and another host name, which DNS rebinding could use. */
function refusal(request: Request, path: string, port: number): Response | undefined {
  if (request.headers.get("host") !== `127.0.0.1:${port}`) return turnAway(421);
  if (new URL(request.url).pathname !== path) return turnAway(404);
  return request.method === "GET" ? undefined : turnAway(405);
}

/**
 * @param path The only path that is answered.
 * @param isExpected Whether a query belongs to our sign-in; others are answered 400 and don't count.
 */
export function listenOnLoopback(
  path: string,
  isExpected: (query: URLSearchParams) => boolean,
): LoopbackListener {
  const arrived = Promise.withResolvers<BrowserRedirect>();
  // Nobody may be waiting when the listener is closed.
  arrived.promise.catch(() => {});
  const answered = Promise.withResolvers<Response>();
  let taken = false;
  const server: Deno.HttpServer<Deno.NetAddr> = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, onError: () => turnAway(500) },
    (request): Response | Promise<Response> => {
      const refused = refusal(request, path, server.addr.port) ??
        (taken ? turnAway(410) : undefined);
      if (refused !== undefined) return refused;
      const query = new URL(request.url).searchParams;
      if (!isExpected(query)) return turnAway(400);
      taken = true;
      arrived.resolve({
        query,
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
    // The page of an abandoned sign-in may still be waiting.
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
