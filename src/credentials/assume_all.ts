/**
 * Gets the credentials of many roles at once, from the cache if they are fresh. One role's failure
 * does not stop the others.
 *
 * @module
 */

import { describeShorter } from "./assume_role.ts";
import type { StsEndpoint } from "../aws/endpoints.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { OktaAwsError } from "../errors.ts";
import type { AppContext } from "../app/context.ts";
import { type CredentialFlags, requestForRole, roleRequest } from "./credential_request.ts";
import { cachedOrFetched } from "./obtain_credentials.ts";
import { CONCURRENCY, limiter, mapBounded } from "../app/map_bounded.ts";
import type { RoleSource, ShorterSession } from "../roles/role_source.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";

/** The result for one role. */
export type Outcome =
  | {
    role: KnownRole;
    held: IssuedCredentials;
    endpoint: StsEndpoint;
    region: string | undefined;
    sessionPolicy: SessionPolicy | undefined;
  }
  | { role: KnownRole; error: OktaAwsError };

/** How credentials are obtained. */
export interface AssumeOptions {
  /** Durations, and whether to ignore the cache. */
  flags: CredentialFlags;
  /** Called after each role. */
  onProgress: (done: number, total: number, role: KnownRole) => void;
}

/**
 * How many roles are looked up and locked before it is their turn, so that a connection that is free
 * again need not wait for that. Each holds a file open; some systems allow 256 of them.
 */
const MOST_WAITING = 40;

/** Gets credentials, several at a time; the outcomes are in the order of `roles`. */
export async function assumeAll(
  context: AppContext,
  source: RoleSource,
  { roles, flags, onProgress }: AssumeOptions & { roles: readonly KnownRole[] },
): Promise<Outcome[]> {
  const { clock } = context.ports;
  const asked = clock.now();
  const { force = false } = flags;
  const concurrency = context.settings.program.concurrency ?? CONCURRENCY;
  const limited = limiter(concurrency);
  // The first requests leave before the roles that wait for a turn are looked up.
  const { promise: firstSent, resolve: onFirstSent } = Promise.withResolvers<void>();
  let [begun, done] = [0, 0];
  const shorter: ShorterSession[] = [];
  const onShorter = (one: ShorterSession) => void shorter.push(one);
  const assume = async (role: KnownRole, at: number): Promise<Outcome> => {
    if (at >= concurrency) await firstSent;
    try {
      const request = await requestForRole(context, role, flags);
      const fetch = () =>
        limited(() => {
          if (++begun === concurrency) onFirstSent();
          return source.fetch({ ...roleRequest(request, force), onShorter });
        });
      const held = await cachedOrFetched(context, request, { force, asked, fetch });
      return {
        role,
        held,
        endpoint: request.portal ?? request.endpoint,
        region: request.profileRegion,
        sessionPolicy: request.sessionPolicy,
      };
    } catch (error) {
      if (error instanceof OktaAwsError) return { role, error };
      throw error;
    } finally {
      onFirstSent();
      onProgress(++done, roles.length, role);
    }
  };
  const outcomes = await mapBounded(
    roles,
    concurrency + Math.min(2 * concurrency, MOST_WAITING),
    assume,
  );
  const told = describeShorter(shorter);
  if (told !== undefined) await context.interaction.say(told);
  return outcomes;
}
