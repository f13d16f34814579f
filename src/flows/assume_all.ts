/**
 * Many roles at once: bounded, out of the cache where they are fresh, one's failure not another's.
 *
 * @module
 */

import type { StsEndpoint } from "../aws/endpoints.ts";
import { isAssertionExpired } from "../aws/sts_errors.ts";
import type { KnownRole } from "../config/role_match.ts";
import { OktaAwsError } from "../errors.ts";
import { throttledTogether } from "../aws/throttled_together.ts";
import type { CachedCredentials } from "../store/credential_document.ts";
import { assumeGrantedRole, type StsContext } from "./assume_role.ts";
import type { Conversation } from "./conversation.ts";
import { type CredentialFlags, requestForRole } from "./credential_request.ts";
import { CONCURRENCY, mapBounded } from "./map_bounded.ts";
import type { AppAssertion } from "./obtain_assertion.ts";
import { cachedOrFetched } from "./obtain_credentials.ts";
import type { OktaAccount } from "./okta_account.ts";
import type { Program } from "./program.ts";
import { sharedAssertion } from "./shared_assertion.ts";

/** What came of one role. */
export type Outcome =
  | { role: KnownRole; held: CachedCredentials; endpoint: StsEndpoint; region: string | undefined }
  | { role: KnownRole; error: OktaAwsError };

/** How roles are assumed. */
export interface AssumeOptions {
  /** Durations, and whether cached credentials are passed over. */
  flags: CredentialFlags;
  /** Told after each role: how many are done, of how many, and which it was. */
  onProgress: (done: number, total: number, role: KnownRole) => void;
}

/**
 * Assumes roles, several at a time, those that are cached and fresh left out.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param account The Okta account.
 * @param fetched Its apps' assertions.
 * @param roles The roles.
 * @param options How.
 * @returns What came of each, in the order of `roles`.
 */
export async function assumeAll(
  program: Program,
  conversation: Conversation,
  account: OktaAccount,
  fetched: readonly AppAssertion[],
  roles: readonly KnownRole[],
  { flags, onProgress }: AssumeOptions,
): Promise<Outcome[]> {
  const { clock } = program.ports;
  const say = (line: string) => conversation.say(line);
  const http = throttledTogether(account.http, clock);
  const context: StsContext = { http, clock, state: account.state, say };
  const assertions = assertionSource(program, account, conversation, fetched);
  const asked = clock.now();
  const { force = false } = flags;
  let done = 0;
  const assume = async (role: KnownRole): Promise<Outcome> => {
    try {
      const request = requestForRole(program, role, flags);
      const { duration, endpoint } = request;
      const fetch = () =>
        assertions.use(
          role.app,
          (assertion) => assumeGrantedRole(context, assertion, role, duration, endpoint),
        );
      const held = await cachedOrFetched(program, conversation, request, { force, asked, fetch });
      return { role, held, endpoint, region: request.profileRegion };
    } catch (error) {
      if (error instanceof OktaAwsError) return { role, error };
      throw error;
    } finally {
      onProgress(++done, roles.length, role);
    }
  };
  return await mapBounded(roles, program.settings.program.concurrency ?? CONCURRENCY, assume);
}

/** An assertion lives five minutes: one that ends in the middle is fetched anew, once for all. */
function assertionSource(
  program: Program,
  account: OktaAccount,
  conversation: Conversation,
  fetched: readonly AppAssertion[],
) {
  const byApp = new Map(fetched.map((one) => [one.app, Promise.resolve(one)]));
  return {
    async use<T>(app: string, work: (assertion: AppAssertion) => Promise<T>): Promise<T> {
      const first = byApp.get(app)!;
      try {
        return await work(await first);
      } catch (error) {
        if (!isAssertionExpired(error)) throw error;
        if (byApp.get(app) === first) {
          const now = program.ports.clock.now();
          byApp.set(app, sharedAssertion(program, account, conversation, app, now));
        }
        return await work(await byApp.get(app)!);
      }
    },
  };
}
