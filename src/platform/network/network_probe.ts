/**
 * The `NetworkProbe` port, for `doctor`: name, proxy, certificates. Uses Node's TLS because Deno's does
 * not show a certificate that it does not trust.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import type { CertificateFacts, Environment, NetworkProbe } from "../../ports.ts";
import { proxyFor } from "./proxies.ts";

const TIMEOUT_MILLISECONDS = 5_000;

/** More than any chain has. */
const MOST_CERTIFICATES = 8;

type Names = Record<string, string | string[] | undefined> | undefined;

function nameOf(names: Names): string {
  const found = names?.["CN"] ?? names?.["O"] ?? names?.["OU"] ?? "no name";
  return Array.isArray(found) ? found.join(", ") : found;
}

function factsOf(certificate: PeerCertificate): CertificateFacts {
  return {
    subject: nameOf(certificate.subject as unknown as Names),
    issuer: nameOf(certificate.issuer as unknown as Names),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
  };
}

function chainOf(socket: TLSSocket): CertificateFacts[] {
  const chain: CertificateFacts[] = [];
  let at: PeerCertificate | undefined = socket.getPeerCertificate(true);
  while (at?.subject !== undefined && chain.length < MOST_CERTIFICATES) {
    chain.push(factsOf(at));
    const next: PeerCertificate | undefined =
      (at as { issuerCertificate?: PeerCertificate }).issuerCertificate;
    at = next === at ? undefined : next;
  }
  return chain;
}

/** Asks a proxy for a tunnel, and returns its socket. */
function tunnel(proxy: URL, target: URL): Promise<Socket | undefined> {
  const { promise, resolve } = Promise.withResolvers<Socket | undefined>();
  const host = `${target.hostname}:${target.port || 443}`;
  const login = proxy.username === ""
    ? ""
    : `Proxy-Authorization: Basic ${
      btoa(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`)
    }\r\n`;
  const socket = connectTcp(Number(proxy.port || 80), proxy.hostname.replace(/^\[|\]$/g, ""));
  let head = "";
  const onData = (data: Uint8Array) => {
    head += new TextDecoder("latin1").decode(data);
    if (!head.includes("\r\n\r\n")) return;
    socket.removeListener("data", onData);
    resolve(/^HTTP\/1\.[01] 200\b/.test(head) ? socket : undefined);
  };
  socket.on(
    "connect",
    () => socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n${login}\r\n`),
  );
  socket.on("data", onData);
  socket.on("error", () => resolve(undefined));
  socket.setTimeout(TIMEOUT_MILLISECONDS, () => resolve(undefined));
  return promise;
}

function fetchChain(target: URL, tunnelled: Socket | undefined): Promise<CertificateFacts[]> {
  const { promise, resolve } = Promise.withResolvers<CertificateFacts[]>();
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const connection = tunnelled === undefined
    ? { host, port: Number(target.port || 443) }
    : { socket: tunnelled };
  const named = isIP(host) === 0 ? { servername: host } : {};
  // We only read its certificates and send nothing.
  const socket = connectTls({ ...connection, ...named, rejectUnauthorized: false }, () => {
    resolve(chainOf(socket));
    socket.destroy();
  });
  socket.on("error", () => resolve([]));
  socket.setTimeout(TIMEOUT_MILLISECONDS, () => {
    resolve([]);
    socket.destroy();
  });
  return promise;
}

/** Does not look through a proxy that is itself reached by TLS or SOCKS. */
export function systemNetworkProbe({ get }: Pick<Environment, "get">): NetworkProbe {
  return {
    async lookUp(host) {
      try {
        const found = await lookup(host.replace(/^\[|\]$/g, ""), { all: true });
        return found.map(({ address }) => address);
      } catch {
        return [];
      }
    },
    proxyFor(url) {
      const proxy = proxyFor(new URL(url), get);
      return proxy && { host: new URL(proxy.url).host, variable: proxy.source };
    },
    async certificates(url) {
      const target = new URL(url);
      const proxy = proxyFor(target, get);
      if (proxy === undefined) return await fetchChain(target, undefined);
      const address = new URL(proxy.url);
      const tunnelled = address.protocol === "http:" ? await tunnel(address, target) : undefined;
      return tunnelled === undefined ? [] : await fetchChain(target, tunnelled);
    },
  };
}
