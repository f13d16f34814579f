/**
 * Why a request got no answer. Deno tells it in words alone, and puts the whole URL into them; here
 * the words become a code and nothing of the URL but its host is kept.
 *
 * @module
 */

import { NetworkError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** The codes that a failed request may have. */
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
  says: string;
  hint: string;
}

const CERTIFICATE_HINT =
  "if a proxy of your company inspects TLS, name its certificate authority's PEM file in the " +
  "setting ca_bundle, AWS_CA_BUNDLE or SSL_CERT_FILE";
const PROXY_HINT = "check HTTPS_PROXY and NO_PROXY, and the proxy's user name and password";
const CONNECTION_HINT = "check the network, VPN and proxy (HTTPS_PROXY, NO_PROXY), then try again";

/** The first that fits counts. The words are those of reqwest, hyper and rustls. */
const CAUSES: readonly Cause[] = [
  {
    code: "proxy",
    pattern: /proxy authentication required|unsuccessful tunnel|proxy server unreachable|socks/i,
    says: "the proxy refused the connection",
    hint: PROXY_HINT,
  },
  {
    code: "tls",
    pattern: /certificate[^:]*(expired|not valid yet)|CertExpired|NotValidYet/i,
    says: "its certificate is out of date",
    hint: "check this machine's clock; if it is right, the server's owner has to renew",
  },
  {
    code: "tls",
    pattern: /not valid for name|NotValidForName/i,
    says: "its certificate is for another host",
    hint: "check the address; behind a captive portal, sign in to the network first",
  },
  {
    code: "tls",
    pattern: /invalid peer certificate|UnknownIssuer|certificate/i,
    says: "its certificate is not from a trusted authority",
    hint: CERTIFICATE_HINT,
  },
  {
    code: "tls",
    pattern: /corrupt message|handshake|alert|\btls\b|peer is incompatible|peer misbehaved/i,
    says: "no secure connection came about",
    hint: "check the address and its port; " + CERTIFICATE_HINT,
  },
  {
    code: "dns",
    pattern: /dns error|lookup address|name or service not known|nodename nor servname/i,
    says: "its name can't be looked up",
    hint: "check the name, the network and the VPN; behind a proxy set HTTPS_PROXY",
  },
  {
    code: "refused",
    pattern: /connection refused|actively refused|os error (111|61|10061)\b/i,
    says: "the connection was refused",
    hint: CONNECTION_HINT,
  },
  {
    code: "timeout",
    pattern: /timed out|os error (110|60|10060)\b/i,
    says: "it did not answer in time",
    hint: CONNECTION_HINT,
  },
  {
    code: "reset",
    pattern:
      /connection reset|connection closed|closed before|broken pipe|unexpected (eof|end)|reading a body|os error (104|54|32|10054)\b/i,
    says: "the connection broke off",
    hint: CONNECTION_HINT,
  },
];

const OTHER: Omit<Cause, "pattern"> = {
  code: "network",
  says: "the request could not be sent",
  hint: CONNECTION_HINT,
};

/** What was thrown, as words without the URL: it may hold a code, a token, a proxy's password. */
function words(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause = error.cause instanceof Error ? error.cause.message : "";
  return `${error.message}: ${cause}`.replaceAll(/[a-z][a-z0-9+.-]*:\/\/[^\s)]*/gi, "(address)");
}

/**
 * The error for a request that got no answer.
 *
 * @param error What `fetch`, or reading its body, threw.
 * @param host The host and port that were asked, as `URL.host` has them.
 * @returns The error to show: it names the host and holds nothing else of the URL, and no body. Its
 * cause has the system's words, without the URL.
 */
export function networkError(error: unknown, host: string): NetworkError {
  const text = words(error);
  const timedOut = error instanceof DOMException && error.name === "TimeoutError";
  const cause = CAUSES.find(({ code, pattern }) =>
    timedOut ? code === "timeout" : pattern.test(text)
  );
  const { code, says, hint } = cause ?? OTHER;
  return new NetworkError(`${showUntrusted(host)} can't be reached: ${says}`, {
    code,
    hint,
    cause: new Error(showUntrusted(text)),
  });
}
