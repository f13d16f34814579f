/**
 * A look at the way to a server, as an interface.
 *
 * @module
 */

/** What a certificate says of itself; nobody has checked it. */
export interface CertificateFacts {
  /** Whose it is: the name, else the organization. */
  subject: string;
  /** Who has signed it. */
  issuer: string;
  /** From when it is valid, milliseconds since the Unix epoch. */
  validFrom: number;
  /** Until when. */
  validTo: number;
}

/** Looks at the way to a server, without sending it anything. */
export interface NetworkProbe {
  /** Looks a name up, as connections do. @returns The addresses; none where there is no such name. */
  lookUp(host: string): Promise<string[]>;
  /**
   * The proxy that requests to an address go through, and the variable that names it.
   *
   * @throws {SettingsError} `bad_proxy`
   */
  proxyFor(url: string): { host: string; variable: string } | undefined;
  /**
   * The certificates that a server (or whoever stands in between) shows, through the same proxy.
   *
   * @returns The server's first; none where no secure connection comes about.
   */
  certificates(url: string): Promise<CertificateFacts[]>;
}
