/**
 * Until when there are credentials.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { openCache } from "./obtain_credentials.ts";

/**
 * When the cached credentials of an account end, for those that have not ended yet.
 *
 * @param oktaAccount The Okta account's name.
 * @returns Milliseconds since the Unix epoch by role ARN; the latest where there are several.
 */
export async function expirationsByRole(
  context: AppContext,
  oktaAccount: string,
): Promise<Map<string, number>> {
  const cache = openCache(context);
  const now = context.ports.clock.now();
  const expirations = new Map<string, number>();
  for (const { account, roleArn, expiration } of await cache.list()) {
    if (account !== oktaAccount || expiration <= now) continue;
    expirations.set(roleArn, Math.max(expiration, expirations.get(roleArn) ?? 0));
  }
  return expirations;
}
