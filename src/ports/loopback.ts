/** Browsers that are sent back to us. @module */

/** What a browser that was sent back to us asks for. */
export interface BrowserRedirect {
  /** The query's parameters, untrusted. */
  query: URLSearchParams;
  /** Answers it; the listener closes with that. */
  answer(page: { status: number; headers: Record<string, string>; body: string }): Promise<void>;
}

/** Waits on the loopback interface for one redirect of a browser's. */
export interface LoopbackListener {
  /** The port of 127.0.0.1. */
  readonly port: number;
  /**
   * Waits for the redirect: the first `GET` of the path, addressed to 127.0.0.1 itself. All else is
   * turned away and does not count.
   *
   * @param signal Ends the wait: the promise then rejects with the signal's reason.
   */
  redirect(signal: AbortSignal): Promise<BrowserRedirect>;
  /** Closes the port; the second call does nothing. */
  close(): Promise<void>;
}
