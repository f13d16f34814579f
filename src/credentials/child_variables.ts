/**
 * The variables that `exec` and `env` set (docs/cli, "Environment").
 *
 * @module
 */

import { formatTimestamp } from "../aws/timestamp.ts";
import { parseRoleArn } from "../aws/arn.ts";
import type { CredentialRequest } from "./credential_request.ts";
import type { RoleStep } from "../roles/role_step.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";

/** Names and values; `undefined` unsets. */
export type Variables = readonly (readonly [string, string | undefined])[];

/** The variables for some credentials. */
export function childVariables(
  { profile, chain, region }: Pick<CredentialRequest, "profile" | "region"> & {
    chain: readonly Pick<RoleStep, "roleArn">[];
  },
  { credentials, assumedRoleArn }: IssuedCredentials,
): Variables {
  const roleArn = chain.at(-1)!.roleArn;
  const expiration = formatTimestamp(credentials.expiration);
  const sessionToken = credentials.sessionToken.reveal();
  const regions = region === undefined
    ? []
    : [["AWS_REGION", region], ["AWS_DEFAULT_REGION", region]] as const;
  return [
    ["AWS_ACCESS_KEY_ID", credentials.accessKeyId],
    ["AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey.reveal()],
    ["AWS_SESSION_TOKEN", sessionToken],
    ["AWS_SECURITY_TOKEN", sessionToken],
    ["AWS_CREDENTIAL_EXPIRATION", expiration],
    ...regions,
    // A profile in the environment would win over the keys, with some SDKs.
    ["AWS_PROFILE", undefined],
    ["AWS_DEFAULT_PROFILE", undefined],
    ["OKTA_AWS_PROFILE", profile],
    ["AWS_OKTA_PROFILE", profile],
    ["AWS_OKTA_ASSUMED_ROLE", parseRoleArn(roleArn)?.roleName ?? roleArn],
    ["AWS_OKTA_ASSUMED_ROLE_ARN", assumedRoleArn],
    ["AWS_OKTA_SESSION_EXPIRATION", String(Math.floor(credentials.expiration.getTime() / 1000))],
  ];
}

/** Unsets what `env` sets. */
export const UNSET_VARIABLES: Variables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "OKTA_AWS_PROFILE",
  "AWS_OKTA_PROFILE",
  "AWS_OKTA_ASSUMED_ROLE",
  "AWS_OKTA_ASSUMED_ROLE_ARN",
  "AWS_OKTA_SESSION_EXPIRATION",
].map((name) => [name, undefined]);

/** An environment with some variables set and unset. */
export function mergeVariables(
  environment: Record<string, string>,
  variables: Variables,
): Record<string, string> {
  const merged = { ...environment };
  for (const [name, value] of variables) {
    if (value === undefined) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}
