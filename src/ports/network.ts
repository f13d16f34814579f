/** Requests, the redirect of a browser, and diagnosis of a connection. @module */

/** One HTTP request. Redirects are never followed. */
export interface HttpRequest {
  method: "GET" | "POST" | "DELETE";
  /** Absolute `https:` URL, or `http:` for a loopback host. */
  url: string;
  headers?: Record<string, string>;
  /** Already encoded. */
  body?: string;
  /**
   * Whether it may arrive twice, as can happen on a kept connection that the server is closing
   * (default: yes, except for POST).
   */
  repeatable?: boolean;
  /** Limit of the whole exchange, headers and body (default: 30,000). */
  timeoutMilliseconds?: number;
  /** Default: 1 MiB. */
  maxBodyBytes?: number;
}

export interface HttpResponse {
  status: number;
  /** `getSetCookie()` has the cookies. */
  headers: Headers;
  /** The whole body as UTF-8, broken bytes replaced. */
  body: string;
}

/** Sends HTTP requests, with the user's proxy and certificate authorities. */
export interface HttpClient {
  /**
   * Returns the response whatever its status.
   *
   * @throws {NetworkError} `dns`, `refused`, `reset`, `tls`, `timeout`, `too_large`, `insecure_url`,
   * `proxy`, or `network` for anything else.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /**
   * Opens connections to the origin of a URL before they are needed, and sends nothing. A failure shows
   * when a request needs one.
   *
   * @param count How many shall be open and unused, or on their way; default: 1.
   * @returns Resolves when they are open, or have failed.
   */
  connectEarly?(url: string, count?: number): Promise<void>;
  /** Called once when a request has been failing for more than a second and is retried. */
  readonly onTrouble?: (error: Error) => void;
}

/** The request of a browser that was redirected to us. */
export interface BrowserRedirect {
  /** Untrusted. */
  query: URLSearchParams;
  /** Answers it and closes the listener. */
  answer(page: { status: number; headers: Record<string, string>; body: string }): Promise<void>;
}

/** Waits on the loopback interface for one redirect of a browser. */
export interface LoopbackListener {
  /** The port of 127.0.0.1. */
  readonly port: number;
  /**
   * Waits for the first `GET` of the path with an expected query, addressed to 127.0.0.1 itself; other
   * requests are rejected and do not count. Rejects with the signal's reason when it is aborted.
   */
  redirect(signal: AbortSignal): Promise<BrowserRedirect>;
  /** A second call does nothing. */
  close(): Promise<void>;
}

/** What a certificate claims, unchecked. */
export interface CertificateFacts {
  /** Common name, otherwise the organization. */
  subject: string;
  issuer: string;
  /** Milliseconds since the Unix epoch. */
  validFrom: number;
  validTo: number;
}

/** Diagnoses the connection to a server without sending it a request. */
export interface NetworkProbe {
  /** The addresses of a name, none if it does not exist. */
  lookUp(host: string): Promise<string[]>;
  /**
   * The proxy of a URL, and the variable that names it.
   *
   * @throws {SettingsError} `bad_proxy`
   */
  proxyFor(url: string): { host: string; variable: string } | undefined;
  /**
   * The certificates that a server (or an inspecting proxy) presents, the server's first; none if the
   * TLS handshake fails.
   */
  certificates(url: string): Promise<CertificateFacts[]>;
}
