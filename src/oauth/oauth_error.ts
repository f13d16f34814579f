/**
 * The errors of an OAuth token endpoint.
 *
 * Source: RFC 6749, section 5.2; RFC 8628, section 3.5
 *
 * @module
 */

/** An error body, with the names of the RFC. */
export interface OAuthError {
  /** `authorization_pending`, `invalid_grant`, … */
  error: string;
  /** Untrusted; empty if there is none. */
  description: string;
}

export function parseOAuthError(body: string): OAuthError | undefined {
  let document: { error?: unknown; error_description?: unknown } | null;
  try {
    document = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof document?.error !== "string") return undefined;
  const { error, error_description: description } = document;
  return { error, description: typeof description === "string" ? description : "" };
}
