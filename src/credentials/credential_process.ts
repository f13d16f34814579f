/**
 * What `credential_process` prints. On the path of every cache hit: nothing is imported that costs.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 * @module
 */

import type { SessionCredentials } from "../aws/session_credentials.ts";
import { formatTimestamp } from "../aws/timestamp.ts";

/**
 * Credentials as an AWS SDK reads them from a `credential_process`.
 *
 * @param credentials The credentials; revealed, for this text is the answer that was asked for.
 * @param accountId The account they are for, where it is known.
 * @returns One JSON object on one line, without a line end.
 */
export function formatCredentialProcess(
  credentials: SessionCredentials,
  accountId?: string,
): string {
  return JSON.stringify({
    // A number: the SDKs refuse "1".
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey.reveal(),
    SessionToken: credentials.sessionToken.reveal(),
    Expiration: formatTimestamp(credentials.expiration),
    AccountId: accountId,
  });
}
