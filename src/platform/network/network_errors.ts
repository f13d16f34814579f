/**
 * Why a request got no answer. Deno only has a message, which contains the whole URL; here it becomes
 * a code, and only the host of the URL is kept.
 *
 * @module
 */

import { NetworkError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { BadResponseError } from "./http1_message.ts";

export type NetworkErrorCode =
  | "dns"
  | "refused"
  | "reset"
  | "tls"
  | "timeout"
  | "too_large"
  | "insecure_url"
  | "proxy"
  | "network";

interface Cause {
  code: NetworkErrorCode;
  pattern: RegExp;
  reason: string;
  hint: string;
}

const CERTIFICATE_HINT =
  "if your company's proxy inspects TLS, set ca_bundle, AWS_CA_BUNDLE or SSL_CERT_FILE to the PEM " +
  "file of its certificate authority";
const PROXY_HINT = "check HTTPS_PROXY and NO_PROXY, and the proxy's user name and password";
const CONNECTION_HINT = "check the network, VPN and proxy (HTTPS_PROXY, NO_PROXY), then try again";

/** The first match counts. The messages are from reqwest, hyper and rustls. */
const CAUSES: readonly Cause[] = [
  {
    code: "proxy",
    pattern: /proxy authentication required|unsuccessful tunnel|proxy server unreachable|socks/i,
    reason: "the proxy refused the connection",
    hint: PROXY_HINT,
  },
  {
    code: "tls",
    pattern: /certificate[^:]*(expired|not valid yet)|CertExpired|NotValidYet/i,
    reason: "its certificate has expired or is not valid yet",
    hint: "check this computer's clock; if it is right, the server needs a new certificate",
  },
  {
    code: "tls",
    pattern: /not valid for name|NotValidForName/i,
    reason: "its certificate is for another host",
    hint: "check the URL; behind a captive portal, sign in to the network first",
  },
  {
    code: "tls",
    pattern: /invalid peer certificate|UnknownIssuer|certificate/i,
    reason: "its certificate is not from a trusted authority",
    hint: CERTIFICATE_HINT,
  },
  {
    code: "tls",
    pattern: /corrupt message|handshake|alert|\btls\b|peer is incompatible|peer misbehaved/i,
    reason: "the TLS handshake failed",
    hint: "check the URL and its port; " + CERTIFICATE_HINT,
  },
  {
    code: "dns",
    pattern:
      /dns error|lookup address|name or service not known|nodename nor servname|no such host/i,
    reason: "its name was not found",
    hint: "check the name, the network and the VPN; behind a proxy set HTTPS_PROXY",
  },
  {
    code: "refused",
    pattern: /connection refused|actively refused|os error (111|61|10061)\b/i,
    reason: "the connection was refused",
    hint: CONNECTION_HINT,
  },
  {
    code: "timeout",
    pattern: /timed out|os error (110|60|10060)\b/i,
    reason: "it timed out",
    hint: CONNECTION_HINT,
  },
  {
    code: "reset",
    pattern:
      /connection reset|connection closed|closed before|broken pipe|unexpected (eof|end)|reading a body|os error (104|54|32|10053|10054)\b/i,
    reason: "the connection was closed",
    hint: CONNECTION_HINT,
  },
];

/** Of a connection of our own (`http1_connection.ts`). */
const BAD_RESPONSE: Omit<Cause, "pattern"> = {
  code: "network",
  reason: "its answer is not valid HTTP",
  hint: "check the URL: this is probably not the right server",
};

const OTHER: Omit<Cause, "pattern"> = {
  code: "network",
  reason: "the request could not be sent",
  hint: CONNECTION_HINT,
};

/** The messages without the URL, which may contain a code, a token or a proxy's password. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause instanceof Error ? error.cause.message : "";
  return `${error.message}: ${cause}`.replaceAll(/[a-z][a-z0-9+.-]*:\/\/[^\s)]*/gi, "(URL)");
}

/** hyper's name for DNS, TCP, TLS and the proxy's CONNECT; also ours (`dial.ts`). */
const CONNECTING = /client error \(Connect\)/;

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

function causeOf(error: unknown, text: string): Omit<Cause, "pattern"> {
  const timedOut = isTimeout(error) || (error instanceof Error && isTimeout(error.cause));
  if (timedOut) return CAUSES.find(({ code }) => code === "timeout")!;
  if (error instanceof BadResponseError) return BAD_RESPONSE;
  return CAUSES.find(({ pattern }) => pattern.test(text)) ?? OTHER;
}

/**
 * The error for what `fetch`, or reading its body, threw. It contains the host (`URL.host`) but nothing
 * else of the URL; its cause has the system's message, without the URL.
 */
export function networkError(error: unknown, host: string): NetworkError {
  const text = messageOf(error);
  const { code, reason, hint } = causeOf(error, text);
  return new NetworkError(`could not reach ${showUntrusted(host)}: ${reason}`, {
    code,
    hint,
    cause: new Error(showUntrusted(text)),
    unsent: CONNECTING.test(text),
  });
}
