/**
 * Tokens of IAM Identity Center, kept when there are new ones.
 *
 * @module
 */

import type { SsoTokens } from "./sso_oidc.ts";
import type { StoredSsoToken } from "./sso_token_cache.ts";
import type { SsoAccess } from "./sso_access.ts";

/**
 * Keeps tokens for the commands that come, and for the AWS CLI.
 *
 * @param access The session.
 * @param client Who they were given to.
 * @param tokens The tokens.
 * @param file The file of the token that they replace.
 * @returns What was kept.
 */
export async function keepTokens(
  access: SsoAccess,
  client: StoredSsoToken["client"],
  { accessToken, refreshToken, expiresInSeconds }: SsoTokens,
  file?: string,
): Promise<StoredSsoToken> {
  const expiresAt = access.client.clock.now() + expiresInSeconds * 1000;
  const stored = { accessToken, refreshToken, expiresAt, client, ...(file && { file }) };
  await access.tokens.write(stored);
  return stored;
}
