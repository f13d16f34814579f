/** Listens for HTTP on 127.0.0.1 or on a Unix socket of the user's own. @module */

import { UsageError } from "../../errors.ts";
import type { HttpServer, HttpServerOptions } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** For the group and others nothing, for the user no execution: a socket's mode becomes 0600. */
const SOCKET_UMASK = 0o177;

/** How long open requests may take to end after the server has been told to. */
const CLOSE_MILLISECONDS = 500;

/** Starts to listen. */
export async function serveHttp({ at, handle }: HttpServerOptions): Promise<HttpServer> {
  const controller = new AbortController();
  const options = {
    signal: controller.signal,
    onListen() {},
    onError: () => new Response(null, { status: 500 }),
  };
  if ("port" in at) {
    const server = onPort(
      at.port,
      () => Deno.serve({ ...options, hostname: "127.0.0.1", port: at.port }, handle),
    );
    return { port: server.addr.port, close: () => end(controller, server.finished) };
  }
  if (Deno.build.os === "windows") {
    throw new UsageError("Unix sockets don't work on Windows", {
      code: "no_sockets",
      hint: "leave out --socket",
    });
  }
  await makeRoom(at.socket);
  const server = onSocket(at.socket, () => Deno.serve({ ...options, path: at.socket }, handle));
  const { ino, dev } = Deno.lstatSync(at.socket);
  return {
    port: 0,
    async close() {
      await end(controller, server.finished);
      const there = lookAt(at.socket);
      if (there?.ino === ino && there.dev === dev) Deno.removeSync(at.socket);
    },
  };
}

async function end(controller: AbortController, finished: Promise<void>): Promise<void> {
  controller.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CLOSE_MILLISECONDS));
  await Promise.race([finished, late]);
  clearTimeout(timer);
}

function onPort<T>(port: number, listen: () => T): T {
  try {
    return listen();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UsageError(`port ${port} is in use`, {
        code: "port_in_use",
        hint: "if it is okta-aws: okta-aws serve --open; else choose another --port",
        cause: error,
      });
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw new UsageError(`may not listen on port ${port}`, {
        code: "port_in_use",
        hint: "choose a --port above 1023",
        cause: error,
      });
    }
    throw error;
  }
}

/** The umask applies when the socket is made: there is no moment in which others can connect. */
function onSocket<T>(path: string, listen: () => T): T {
  const before = Deno.umask(SOCKET_UMASK);
  try {
    return listen();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refusedSocket(path, showUntrusted(reason), error);
  } finally {
    Deno.umask(before);
  }
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw refusedSocket(path, "can't be read", error);
  }
}

/** Removes a socket of ours that nobody listens on; anything else stays. */
async function makeRoom(path: string): Promise<void> {
  const there = lookAt(path);
  if (there === undefined) return;
  if (!there.isSocket) throw refusedSocket(path, "there is something else at this path");
  if (there.uid !== Deno.uid()) throw refusedSocket(path, "it belongs to another user");
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch {
    return Deno.removeSync(path);
  }
  throw new UsageError(`${showUntrusted(path)} is in use`, {
    code: "socket_in_use",
    hint: "choose another --socket, or stop the program that listens on it",
  });
}

function refusedSocket(path: string, reason: string, cause?: unknown): UsageError {
  return new UsageError(`could not listen on ${showUntrusted(path)}: ${reason}`, {
    code: "socket_refused",
    hint: "choose another path for --socket, in a folder of your own",
    cause,
  });
}
