/**
 * Which factor a person prefers.
 *
 * @module
 */

import type { Authenticator } from "./authenticator.ts";

/** What a person asked for, by flag, environment, profile or account. */
export interface FactorPreference {
  /** `token:software:totp`, in any case. */
  factorType: string | undefined;
  /** `GOOGLE`, `OKTA`, in any case. */
  provider: string | undefined;
  /** Duo's device and way: `phone1`, `push`, as aws-okta's `--mfa-duo-device` has it. */
  duoDevice?: string | undefined;
}

/**
 * The authenticators that a preference leaves.
 *
 * @param authenticators What Okta offers.
 * @param preference What the person asked for.
 * @returns Those that fit, in Okta's order; all where nothing was asked for.
 */
export function preferred(
  authenticators: readonly Authenticator[],
  { factorType, provider }: FactorPreference,
): Authenticator[] {
  const type = factorType?.toLowerCase();
  const by = provider?.toUpperCase();
  return authenticators.filter((one) =>
    (type === undefined || one.factorType === type) && (by === undefined || one.provider === by)
  );
}

/**
 * The time-based code that a stored secret answers: Google's before Okta Verify's, since only the
 * secret of the first is ever shown to a person.
 *
 * @param authenticators What Okta offers.
 * @returns The authenticator, or `undefined` where none is time-based.
 */
export function computable(authenticators: readonly Authenticator[]): Authenticator | undefined {
  const timeBased = authenticators.filter(({ kind }) => kind === "totp");
  return timeBased.find(({ provider }) => provider === "GOOGLE") ?? timeBased[0];
}
