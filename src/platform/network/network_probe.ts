/**
 * Looks at the way to a server for `doctor`: name, proxy, certificates. Deno's own TLS says of a
 * certificate that it does not trust nothing but that; Node's shows it.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type PeerCertificate, type TLSSocket } from "node:tls";
import type { CertificateFacts, Environment, NetworkProbe } from "../../ports.ts";
import { proxyFor } from "./proxies.ts";

const TIMEOUT_MILLISECONDS = 5_000;

/** More than anybody's chain. */
const MOST_CERTIFICATES = 8;

type Names = Record<string, string | string[] | undefined> | undefined;

function nameOf(names: Names): string {
  const found = names?.["CN"] ?? names?.["O"] ?? names?.["OU"] ?? "without a name";
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

/** Asks a proxy for a tunnel; gives the socket behind its answer. */
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

function shake(target: URL, behind: Socket | undefined): Promise<CertificateFacts[]> {
  const { promise, resolve } = Promise.withResolvers<CertificateFacts[]>();
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const way = behind === undefined
    ? { host, port: Number(target.port || 443) }
    : { socket: behind };
  const named = isIP(host) === 0 ? { servername: host } : {};
  // Whoever stands there is only looked at: nothing is sent.
  const socket = connectTls({ ...way, ...named, rejectUnauthorized: false }, () => {
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

/**
 * The probe.
 *
 * @param environment Where proxies are named.
 * @returns The port. A proxy that is itself reached by TLS or SOCKS is not looked through.
 */
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
      if (proxy === undefined) return await shake(target, undefined);
      const address = new URL(proxy.url);
      const behind = address.protocol === "http:" ? await tunnel(address, target) : undefined;
      return behind === undefined ? [] : await shake(target, behind);
    },
  };
}
