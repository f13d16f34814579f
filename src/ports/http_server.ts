/** A server for HTTP on this machine. @module */

/** Where a server listens: a port of 127.0.0.1 (0: any free one), or a Unix socket. */
export type ServerAddress = { port: number } | { socket: string };

export interface HttpServerOptions {
  at: ServerAddress;
  /** Must not reject. */
  handle(request: Request): Promise<Response>;
}

export interface HttpServer {
  /** 0 for a socket. */
  readonly port: number;
  /** Ends open requests too. A socket's file is removed. */
  close(): Promise<void>;
}
