/**
 * The network, as an interface: requests and their answers.
 *
 * @module
 */

/** One HTTP request. Redirects are never followed by the client. */
export interface HttpRequest {
  /** The HTTP method. */
  method: "GET" | "POST" | "DELETE";
  /** Absolute `https:` URL, or `http:` for a loopback host. */
  url: string;
  /** Header names as they are sent. */
  headers?: Record<string, string>;
  /** The body, already encoded. */
  body?: string;
  /**
   * Whether it may arrive twice, as on a kept connection that the server closes at that moment; all
   * but a POST may where this is left out.
   */
  repeatable?: boolean;
  /** How long the whole exchange may take, headers and body; 30,000 where it is left out. */
  timeoutMilliseconds?: number;
  /** The most bytes of body that are read; 1 MiB where it is left out. */
  maxBodyBytes?: number;
}

/** The answer to an {@linkcode HttpRequest}, its body read whole. */
export interface HttpResponse {
  /** The HTTP status. */
  status: number;
  /** The headers; `getSetCookie()` has the cookies. */
  headers: Headers;
  /** The body as text (UTF-8, broken bytes replaced). */
  body: string;
}

/** Sends HTTP requests, through the person's proxy and with the person's certificate authorities. */
export interface HttpClient {
  /**
   * @param request What to send.
   * @returns The answer, whatever its status.
   * @throws {NetworkError} `dns`, `refused`, `reset`, `tls`, `timeout`, `too_large`, `insecure_url`,
   * `proxy`, or `network` where none of these fits.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
  /** Told once when a request has been failing for more than a second and is sent again. */
  readonly onTrouble?: (error: Error) => void;
}
