/**
 * Calls of the AWS Security Token Service. AWS's client makes those that are signed (`sts_client.ts`);
 * it is loaded with the first of them.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
 * @module
 */

import { redeemAssertion } from "./redeem_assertion.ts";
import {
  type AssumeRoleInput,
  type AssumeRoleWithSamlInput,
  CHAINED_ROLE_SECONDS,
  type SigningCredentials,
  type SigningOptions,
  type StsTransport,
} from "./sts_calls.ts";
import type { AssumedRole, CallerIdentity } from "./sts_response.ts";

export { CHAINED_ROLE_SECONDS };
export type {
  AssumeRoleInput,
  AssumeRoleWithSamlInput,
  SigningCredentials,
  SigningOptions,
  StsTransport,
};

/** It takes long to load: 0.1 s of processor time. */
const loadClient = async () =>
  await import("./sts_client.ts" as string) as typeof import("./sts_client.ts");

/**
 * Exchanges an assertion for a role's credentials. It is idempotent: one assertion may be redeemed
 * many times, for five minutes.
 *
 * @throws {AwsError} STS's refusal with its code, or `malformed_response`.
 * @throws {NetworkError} As `http` reports it after the retries; STS's code if it fails (HTTP 5xx);
 * `unexpected_response` if it was not STS that answered.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
export async function assumeRoleWithSaml(
  transport: StsTransport,
  input: AssumeRoleWithSamlInput,
): Promise<AssumedRole> {
  return await redeemAssertion(transport, input);
}

/**
 * Assumes a role with other credentials. With an MFA code it is not sent twice: a code works once.
 *
 * @throws As {@linkcode assumeRoleWithSaml}
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(
  transport: StsTransport,
  input: AssumeRoleInput,
): Promise<AssumedRole> {
  const { credentials, durationSeconds } = input;
  const longest = credentials.sessionToken === undefined ? Infinity : CHAINED_ROLE_SECONDS;
  const seconds = durationSeconds === undefined ? undefined : Math.min(durationSeconds, longest);
  return await (await loadClient()).assumeRole(transport, { ...input, durationSeconds: seconds });
}

/**
 * Asks whose credentials these are. It needs no permission, so it is the way to check credentials.
 *
 * @throws As {@linkcode assumeRoleWithSaml}
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function callerIdentity(
  transport: StsTransport,
  options: SigningOptions,
): Promise<CallerIdentity> {
  return await (await loadClient()).callerIdentity(transport, options);
}
