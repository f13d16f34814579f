/**
 * From an assertion to credentials at STS.
 *
 * @module
 */

import type { StsEndpoint } from "../aws/endpoints.ts";
import { assumeRoleWithSamlRequest, sendToSts } from "../aws/sts/sts.ts";
import { isDurationExceeded, isThrottling } from "../aws/sts/sts_errors.ts";
import { type AssumedRole, processAssumeRoleWithSamlResponse } from "../aws/sts/sts_response.ts";
import { AssertionError, AwsError } from "../errors.ts";
import type { Clock, HttpClient } from "../ports.ts";
import type { AccountStateFile } from "../store/account_state.ts";
import type { CachedCredentials } from "./credential_document.ts";
import type { GrantedRole } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";

/** What assuming roles needs. */
export interface StsContext {
  /** Sends the requests. */
  http: HttpClient;
  /** Tells the time. */
  clock: Clock;
  /** Remembers which roles allow how long. */
  state: AccountStateFile;
  /** Tells the person something. */
  say: (line: string) => Promise<void>;
}

/** What `max` asks for where the assertion names no duration, seconds: the longest there is. */
const LONGEST_SECONDS = 43_200;

/**
 * What is tried when a role does not allow what was asked for, seconds. Its limit can't be asked;
 * it is a whole number of hours nearly always.
 */
const LADDER_SECONDS = [43_200, 28_800, 14_400, 7200, 3600];

/**
 * The role of an assertion that an ARN names.
 *
 * @param fetched The assertion.
 * @param roleArn The role.
 * @returns The role with its SAML provider, or `undefined` where the assertion does not grant it.
 */
export function grantedRole(
  { assertion }: AppAssertion,
  roleArn: string,
): GrantedRole | undefined {
  return assertion.roles.find((role) => role.roleArn === roleArn);
}

/**
 * Assumes a role of the assertion. A duration that the role does not allow is stepped down, once:
 * the result is kept for the next time.
 *
 * @param context The ports.
 * @param fetched The assertion.
 * @param role One of its roles.
 * @param duration What was asked for, seconds, or `max` for the assertion's own.
 * @param endpoint Where STS is.
 * @returns The credentials.
 * @throws {AwsError} STS's refusal.
 */
export async function assumeGrantedRole(
  context: StsContext,
  fetched: AppAssertion,
  role: GrantedRole,
  duration: number | "max",
  endpoint: StsEndpoint,
): Promise<CachedCredentials & AssumedRole> {
  const asked = duration === "max"
    ? fetched.assertion.sessionDurationSeconds ?? LONGEST_SECONDS
    : duration;
  const { longestSeconds = {} } = await context.state.read();
  const first = Math.min(asked, longestSeconds[role.roleArn] ?? asked);
  const lower = LADDER_SECONDS.filter((seconds) => seconds < first);
  for (const seconds of [first, ...lower]) {
    try {
      const result = await assumeOnce(context, fetched, role, seconds, endpoint);
      if (seconds !== first) await noteLongest(context, role.roleArn, asked, seconds);
      return result;
    } catch (error) {
      if (!isDurationExceeded(error) || seconds === lower.at(-1) || lower.length === 0) throw error;
    }
  }
  throw new AssertionError("no duration left to try", { code: "no_duration" });
}

/**
 * Does something with an assertion. One that was kept from before is given up when STS refuses it: it
 * may be too old, or what it says may have changed at Okta.
 *
 * @param kept The assertion, and when it was fetched.
 * @param asked Since when there has been a need for it, milliseconds since the Unix epoch.
 * @param use What to do.
 * @param renew Fetches a new one.
 * @returns What `use` gives.
 * @throws {AwsError} STS's refusal of the new one, or of one that is as new.
 */
export async function withNewerAssertion<A extends { fetched: number }, T>(
  kept: A,
  asked: number,
  use: (assertion: A) => Promise<T>,
  renew: () => Promise<A>,
): Promise<T> {
  try {
    return await use(kept);
  } catch (error) {
    const refused = error instanceof AwsError && !isThrottling(error) && kept.fetched < asked;
    if (!refused) throw error;
    return await use(await renew());
  }
}

async function noteLongest(
  { state, say }: StsContext,
  roleArn: string,
  asked: number,
  seconds: number,
): Promise<void> {
  await state.change(({ longestSeconds }) => ({
    longestSeconds: { ...longestSeconds, [roleArn]: seconds },
  }));
  const hours = (duration: number) => `${duration / 3600} h`;
  await say(`${showUntrusted(roleArn)} allows ${hours(seconds)}, not ${hours(asked)}`);
}

async function assumeOnce(
  { http, clock }: StsContext,
  { form }: AppAssertion,
  { roleArn, principalArn }: GrantedRole,
  durationSeconds: number,
  endpoint: StsEndpoint,
): Promise<CachedCredentials & AssumedRole> {
  const { samlResponse } = form;
  const issued = clock.now();
  const request = assumeRoleWithSamlRequest({
    endpoint,
    roleArn,
    principalArn,
    samlResponse,
    durationSeconds,
  });
  const response = await sendToSts(http, clock, request, true);
  return { ...processAssumeRoleWithSamlResponse(response), issued };
}
