/**
 * By which of Okta's APIs an account signs in: the one that is set, the one that worked for this app
 * before, the one that the org's pipeline speaks. It is found out without a password being sent.
 *
 * @module
 */

import type { OktaAccount } from "./okta_account.ts";

/** An API for signing in: the authn API, or the Identity Engine's. */
export type Way = "authn" | "idx";

/** What decides. */
export interface KnownWays {
  /** `auth` of the settings. */
  auth: string | undefined;
  /** What worked for this app before. */
  worked: string | undefined;
  /** `v1` is Classic, `idx` is Identity Engine. */
  pipeline: string | undefined;
}

/**
 * The way to try first.
 *
 * @param known What is known.
 * @returns The way. The Identity Engine is asked at the app's own page: one sign-in, and it is judged
 * by the app's own policy.
 */
export function wayOf({ auth, worked, pipeline }: KnownWays): Way {
  if (auth === "authn" || auth === "idx") return auth;
  if (worked === "authn" || worked === "idx") return worked;
  return pipeline === "idx" ? "idx" : "authn";
}

/**
 * The way to a page; the org is asked what it runs only where nothing else tells.
 *
 * @param account The Okta account.
 * @param target The page.
 * @returns The way to try first.
 */
export async function detectSignInApi(
  { auth, session: { state, client } }: OktaAccount,
  target: string,
): Promise<Way> {
  const worked = (await state.read()).ways?.[target];
  const isKnown = auth === "authn" || auth === "idx" || worked !== undefined;
  const pipeline = isKnown ? undefined : await client.pipeline();
  return wayOf({ auth, worked, pipeline });
}

/**
 * Remembers what worked; or forgets it, where it no longer does.
 *
 * @param account The Okta account.
 * @param target The page.
 * @param way What worked; `undefined` where it did not.
 */
export async function rememberWay(
  { session: { state } }: OktaAccount,
  target: string,
  way: Way | undefined,
): Promise<void> {
  if ((await state.read()).ways?.[target] === way) return;
  await state.change(({ ways = {} }) => {
    const { [target]: _, ...others } = ways;
    return { ways: way === undefined ? others : { ...others, [target]: way } };
  });
}
