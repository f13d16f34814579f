/**
 * Credentials for the server's callers: from the same cache and under the same locks as every other
 * caller, without ever asking a person. What was asked for lately is renewed ahead.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { freshUntil } from "../credentials/credential_document.ts";
import type { CredentialFlags } from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { InteractionError, OktaAwsError, SignInError } from "../errors.ts";
import { noSuchRole } from "../profiles/find_role.ts";
import {
  type ObtainedProfile,
  obtainProfile,
  resolveKnownProfile,
} from "../profiles/resolve_profile.ts";
import type { Clock } from "../ports.ts";

/** Only profiles that were asked for in this time are renewed ahead. */
const ASKED_MILLISECONDS = 60 * 60_000;
/** A laptop that wakes up must soon notice how much time has passed. */
const LONGEST_SLEEP_MILLISECONDS = 30_000;
const FIRST_RETRY_MILLISECONDS = 30_000;
const LAST_RETRY_MILLISECONDS = 10 * 60_000;
/** Never sooner again, however short the credentials live. */
const SHORTEST_MILLISECONDS = 1000;
/** How often Okta may be asked for roles because of a name that is unknown here. */
const LEARN_MILLISECONDS = 60_000;

/**
 * For so long an answer is given again without a look at the files: many programs ask at once. What
 * other runs change, such as `signout`, counts from then on.
 */
const SAME_ANSWER_MILLISECONDS = 1000;

/** Returns credentials of a profile, of any age that the cache allows. */
export type Obtain = (profile: string) => Promise<ObtainedProfile>;

/** Called when something was renewed, or needs a person. */
export type OnChange = (profile: string, error?: unknown) => void;

export interface CredentialService {
  /** @throws As `obtainProfile`; an `InteractionError` or `SignInError` needs a person. */
  obtain: Obtain;
  /** Renews ahead until the signal is aborted. */
  renew(signal: AbortSignal): Promise<void>;
}

interface Watched {
  asked: number;
  /** When to renew, milliseconds since the Unix epoch. */
  next: number;
  pause: number;
}

/** Whether a failure can only be settled by a person. */
export function needsPerson(error: unknown): boolean {
  return error instanceof InteractionError || error instanceof SignInError;
}

/** Resolves and obtains with a context that can't ask. */
export function obtainQuietly(
  openContext: () => Promise<AppContext>,
  flags: CredentialFlags,
): Obtain {
  let learned = -Infinity;
  return async (profile) => {
    const context = await openContext();
    const request = await resolveKnownProfile(context, profile, flags);
    if (request !== undefined) return { ...await obtainCredentials(context, request), request };
    const now = context.ports.clock.now();
    if (now - learned < LEARN_MILLISECONDS) throw await noSuchRole(context, profile);
    learned = now;
    return await obtainProfile(context, profile, flags);
  };
}

export function credentialService(
  clock: Clock,
  fetch: Obtain,
  onChange: OnChange = () => {},
): CredentialService {
  const watched = new Map<string, Watched>();
  const running = new Map<string, Promise<ObtainedProfile>>();
  let wake = new AbortController();

  /** Callers that ask for the same at nearly the same time share one answer. */
  const shared: Obtain = (profile) => {
    const known = running.get(profile);
    if (known !== undefined) return known;
    const answer = fetch(profile);
    running.set(profile, answer);
    const forget = () => running.delete(profile);
    void answer.then(
      ({ issued, credentials: { expiration } }) => {
        const fresh = freshUntil(issued, expiration.getTime()) - clock.now();
        const time = Math.max(0, Math.min(SAME_ANSWER_MILLISECONDS, fresh));
        void clock.sleep(time).then(forget);
      },
      forget,
    );
    return answer;
  };

  const note = (profile: string, { issued, credentials }: ObtainedProfile, asked: number) => {
    const stale = freshUntil(issued, credentials.expiration.getTime()) + 1;
    const next = Math.max(stale, clock.now() + SHORTEST_MILLISECONDS);
    const isNew = watched.get(profile)?.next !== next;
    watched.set(profile, { asked, next, pause: FIRST_RETRY_MILLISECONDS });
    if (isNew) wake.abort();
    return isNew;
  };

  const renewOne = async (profile: string, one: Watched): Promise<void> => {
    try {
      const changed = note(profile, await shared(profile), one.asked);
      if (changed) onChange(profile);
    } catch (error) {
      if (needsPerson(error) || !(error instanceof OktaAwsError)) watched.delete(profile);
      else {
        const next = clock.now() + one.pause;
        const pause = Math.min(one.pause * 2, LAST_RETRY_MILLISECONDS);
        watched.set(profile, { ...one, next, pause });
      }
      onChange(profile, error);
    }
  };

  return {
    async obtain(profile) {
      const obtained = await shared(profile);
      if (note(profile, obtained, clock.now())) onChange(profile);
      return obtained;
    },
    async renew(signal) {
      while (!signal.aborted) {
        const now = clock.now();
        for (const [profile, { asked }] of watched) {
          if (now - asked > ASKED_MILLISECONDS) watched.delete(profile);
        }
        const due = [...watched].filter(([, { next }]) => next <= now);
        await Promise.all(due.map(([profile, one]) => renewOne(profile, one)));
        if (due.length > 0) continue;
        wake = new AbortController();
        const soonest = Math.min(...[...watched.values()].map(({ next }) => next - now));
        const pause = Math.max(0, Math.min(soonest, LONGEST_SLEEP_MILLISECONDS));
        await clock.sleep(pause, AbortSignal.any([signal, wake.signal])).catch(() => {});
      }
    },
  };
}
