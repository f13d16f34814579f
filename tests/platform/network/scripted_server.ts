/** A server below HTTP: what each connection does is a script. */

import type { ServerCertificate } from "./test_certificates.ts";

/** One connection, seen from the server. */
export interface Peer {
  /** Which connection it is, from 0. */
  index: number;
  /** Waits until a whole request has arrived. @returns Its text, or `undefined` at the end. */
  request(): Promise<string | undefined>;
  /** Waits for the first bytes only: closing then resets the connection. */
  firstBytes(): Promise<void>;
  /** Latin-1. */
  send(text: string | Uint8Array<ArrayBuffer>): Promise<void>;
  close(): void;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** Everything that arrived, of all connections. */
  readonly received: () => string;
  /** How many connections were accepted. */
  readonly connections: () => number;
}

export interface ServerOptions {
  tls?: ServerCertificate;
  hostname?: string;
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A response with a length. */
export function answer(body: string, ...headers: string[]): string {
  const lines = ["HTTP/1.1 200 OK", `Content-Length: ${body.length}`, ...headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
  return text.length >= end + 4 + length;
}

/** Runs the script for each connection. When it ends, the connection stays open. */
export function startScriptedServer(
  script: (peer: Peer) => Promise<void>,
  { tls, hostname = "127.0.0.1" }: ServerOptions = {},
): ScriptedServer {
  const at = { port: 0, hostname };
  const listener = tls ? Deno.listenTls({ ...at, ...tls }) : Deno.listen(at);
  const open: Deno.Conn[] = [];
  let received = "";
  const peerOf = (connection: Deno.Conn, index: number): Peer => {
    let pending = "";
    const buffer = new Uint8Array(65_536);
    const read = async (into = buffer) => {
      const length = await connection.read(into).catch(() => null);
      if (length === null) return false;
      const text = String.fromCharCode(...into.subarray(0, length));
      received += text;
      pending += text;
      return true;
    };
    return {
      index,
      async request() {
        while (!isWhole(pending)) if (!await read()) return undefined;
        const whole = pending;
        pending = "";
        return whole;
      },
      async firstBytes() {
        await read(new Uint8Array(8));
      },
      async send(text) {
        const bytes = typeof text === "string" ? bytesOf(text) : text;
        for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
      },
      close: () => closeQuietly(connection),
    };
  };
  const serving = (async () => {
    for await (const connection of listener) {
      const peer = peerOf(connection, open.push(connection) - 1);
      // What a script writes to a client that has gone is of no interest.
      void script(peer).catch(() => {});
    }
  })();
  const { port } = listener.addr as Deno.NetAddr;
  const host = tls ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  return {
    origin: `${tls ? "https" : "http"}://${host}:${port}`,
    port,
    received: () => received,
    connections: () => open.length,
    async [Symbol.asyncDispose]() {
      listener.close();
      open.forEach(closeQuietly);
      await serving;
    },
  };
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // Already closed.
  }
}
