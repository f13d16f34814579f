/**
 * Calls of the AWS Security Token Service. AWS's client makes the requests and reads the answers
 * (`sts_client.ts`); it is loaded with the first call, or ahead of it by {@linkcode prefetchSts}.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
 * @module
 */

import type { Clock, HttpClient } from "../../ports.ts";
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

/** A literal, so that the bundler finds it. */
const loadClient = () => import("./sts_client.ts");

/** By then the request is on its way; loading keeps the thread busy. */
const SENT_MILLISECONDS = 5;

/**
 * The client in parts, each of which takes 10 to 30 ms: in between, an answer that has arrived
 * is read. Half of the time goes into Node's modules for HTTP, which the client loads and we don't use.
 */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import("@smithy/core/schema"),
  () => import("@smithy/core/protocols"),
  () => import("@smithy/node-http-handler"),
  loadClient,
  async () => (await loadClient()).rehearse(),
];

/** A quick answer is about to come: no part is begun between these two. */
const [QUICK_MILLISECONDS, SLOW_MILLISECONDS] = [30, 60];

/**
 * An HTTP client that loads AWS's client while the first answers are awaited, for somebody who will
 * call STS afterwards.
 */
export function prefetchingSts(http: HttpClient, clock: Clock): HttpClient {
  const left = [...PARTS];
  let awaited: Promise<unknown> | undefined;
  let sent = 0;
  let isLoading = false;
  const load = async () => {
    while (awaited !== undefined && left.length > 0) {
      const elapsed = clock.now() - sent;
      const isSent = elapsed >= SENT_MILLISECONDS;
      const isSoon = elapsed >= QUICK_MILLISECONDS && elapsed < SLOW_MILLISECONDS;
      // The call that needs it reports a failure.
      if (isSent && !isSoon) await left.shift()!().catch(() => {});
      await clock.sleep(isSent && !isSoon ? 0 : SENT_MILLISECONDS);
    }
    isLoading = false;
  };
  return {
    ...http,
    send(request) {
      const answer = http.send(request);
      if (left.length === 0) return answer;
      awaited = answer;
      sent = clock.now();
      const forget = () => void (awaited === answer && (awaited = undefined));
      answer.then(forget, forget);
      if (!isLoading) {
        isLoading = true;
        void load();
      }
      return answer;
    },
  };
}

/** Begins to load AWS's client. */
export function prefetchSts(): void {
  // The call that needs it reports a failure.
  loadClient().catch(() => {});
}

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
  return await (await loadClient()).assumeRoleWithSaml(transport, input);
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
