/** Answers for programs: credentials, and errors as a status with a code and a message. @module */

import { formatTimestamp } from "../aws/timestamp.ts";
import { formatCredentialProcess } from "../credentials/credential_document.ts";
import {
  AssertionError,
  AwsError,
  NetworkError,
  OktaAwsError,
  ProfileError,
  SecretStoreError,
  UsageError,
} from "../errors.ts";
import type { ObtainedProfile } from "../profiles/resolve_profile.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { needsPerson } from "./credential_service.ts";

/** An error as programs get it. */
export interface ErrorAnswer {
  status: 400 | 404 | 500 | 502 | 503;
  body: { code: string; message: string; hint?: string };
}

export function errorAnswer(error: unknown): ErrorAnswer {
  if (!(error instanceof OktaAwsError)) {
    return { status: 500, body: { code: "fault", message: "okta-aws failed unexpectedly" } };
  }
  const { code, hint } = error;
  const message = showUntrusted(error.message);
  return { status: statusOf(error), body: { code, message, ...(hint && { hint }) } };
}

function statusOf(error: OktaAwsError): ErrorAnswer["status"] {
  if (error instanceof ProfileError) return 404;
  if (error instanceof UsageError) return 400;
  // A locked or empty secret store waits for a person, as Okta's questions do.
  if (needsPerson(error) || error instanceof SecretStoreError) return 503;
  const upstream = [NetworkError, AwsError, AssertionError];
  return upstream.some((kind) => error instanceof kind) ? 502 : 500;
}

/** As the containers of ECS get credentials. */
export function containerCredentials({ request, credentials }: ObtainedProfile): string {
  const roleArn = request.chain.at(-1)!.roleArn;
  return JSON.stringify({
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey.reveal(),
    Token: credentials.sessionToken.reveal(),
    Expiration: formatTimestamp(credentials.expiration),
    RoleArn: roleArn,
    AccountId: roleArn.split(":")[4],
  });
}

/** What `cred-process` prints. */
export function processCredentials({ request, credentials }: ObtainedProfile): string {
  const accountId = request.chain.at(-1)!.roleArn.split(":")[4];
  return `${formatCredentialProcess(credentials, accountId)}\n`;
}
