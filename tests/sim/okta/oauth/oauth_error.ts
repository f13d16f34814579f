/**
 * OAuth's error bodies.
 *
 * @module
 */

/** @returns The answer; 400 where no status is given. */
export function oauthError(error: string, description: string, status = 400): Response {
  return Response.json({ error, error_description: description }, { status });
}
