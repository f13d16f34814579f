/**
 * Opens connections: TCP, the tunnel through an HTTP proxy, TLS.
 *
 * @module
 */

import { startTls } from "./certificate_authorities.ts";
import { gatherEntropy } from "./entropy.ts";

/** Where a connection leads. */
export interface Destination {
  /** Only its scheme, host and port are used. */
  url: URL;
  /** An `http:` proxy for an `https:` URL. Its URL may contain a user name and a password. */
  proxy: URL | undefined;
}

const DEFAULT_PORTS: Record<string, number> = { "http:": 80, "https:": 443 };

/**
 * When the next of several addresses is tried, milliseconds: RFC 8305's least. Deno tries IPv6 first,
 * and waits even if it has failed at once.
 */
const ATTEMPT_MILLISECONDS = 100;

/** Limit of a proxy's answer to CONNECT, bytes. */
const MOST_PROXY_BYTES = 65_536;

/** What failed before any request was written. */
export class ConnectError extends Error {
  override name = "ConnectError";
}

function connect({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<Deno.TcpConn> {
  return Deno.connect({
    hostname: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? DEFAULT_PORTS[protocol]! : Number(port),
    autoSelectFamilyAttemptDelay: ATTEMPT_MILLISECONDS,
    signal,
  });
}

/** `user:password` of a proxy's URL, for `Proxy-Authorization`. */
function credentialsOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const decode = (text: string) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  return new TextEncoder().encode(`${decode(username)}:${decode(password)}`).toBase64();
}

/** Asks a proxy for a tunnel (RFC 9110, section 9.3.6). */
async function openTunnel(socket: Deno.TcpConn, { url, proxy }: Destination): Promise<void> {
  const host = `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
  const credentials = proxy && credentialsOf(proxy);
  const login = credentials === undefined ? "" : `Proxy-Authorization: Basic ${credentials}\r\n`;
  const text = `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n${login}\r\n`;
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await socket.write(bytes.subarray(at));
  // A server says nothing before our side begins with TLS, so no byte of it can be in the head.
  const buffer = new Uint8Array(4096);
  let head = "";
  while (!/\r?\n\r?\n$/.test(head)) {
    const length = await socket.read(buffer);
    if (length === null || head.length > MOST_PROXY_BYTES) throw new Error("unsuccessful tunnel");
    for (const byte of buffer.subarray(0, length)) head += String.fromCharCode(byte);
    // A rejection may have a body of any length.
    if (!/^HTTP\/1\.[01] 2\d\d[ \r\n]/.test(head) && head.includes("\n")) {
      throw new Error("unsuccessful tunnel");
    }
  }
}

function closeQuietly(socket: Deno.Conn | undefined): void {
  try {
    socket?.close();
  } catch {
    // It is closed already.
  }
}

/**
 * Opens a connection; TLS is established when the promise resolves.
 *
 * @param authorities Texts with PEM certificates that are trusted as well.
 * @throws {ConnectError} With the system's error as its cause.
 */
export async function dial(
  destination: Destination,
  authorities: string[],
  signal: AbortSignal,
): Promise<Deno.TcpConn | Deno.TlsConn> {
  const { url, proxy } = destination;
  let socket: Deno.TcpConn | Deno.TlsConn | undefined;
  const close = () => closeQuietly(socket);
  try {
    const isReady = url.protocol === "https:" ? gatherEntropy() : undefined;
    const tcp = socket = await connect(proxy ?? url, signal);
    signal.addEventListener("abort", close);
    // Otherwise the end of a request waits until the server has acknowledged its beginning (Nagle).
    tcp.setNoDelay(true);
    if (proxy !== undefined) await openTunnel(tcp, destination);
    if (url.protocol === "http:") return tcp;
    await isReady;
    const tls = socket = await startTls(tcp, url.hostname, authorities);
    await tls.handshake();
    signal.throwIfAborted();
    return tls;
  } catch (error) {
    close();
    const cause = signal.aborted ? signal.reason : error;
    throw new ConnectError("client error (Connect)", { cause });
  } finally {
    signal.removeEventListener("abort", close);
  }
}
