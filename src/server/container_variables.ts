/** The variables that lead an AWS SDK to the server. @module */

import { parseRoleArn } from "../aws/arn.ts";
import type { Variables } from "../credentials/child_variables.ts";
import type { CredentialRequest } from "../credentials/credential_request.ts";
import type { Secret } from "../secret.ts";

/**
 * Everything that SDKs look at before the container's endpoint, or instead of it; except for
 * `[default]` of the AWS files.
 */
const IN_THE_WAY = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SECURITY_TOKEN",
  "AWS_CREDENTIAL_EXPIRATION",
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_ROLE_ARN",
  "AWS_ROLE_SESSION_NAME",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CREDENTIAL_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
  "AWS_OKTA_SESSION_EXPIRATION",
  "AWS_OKTA_ASSUMED_ROLE_ARN",
] as const;

/** @param url The start of the credentials' URLs. */
export function containerVariables(
  { profile, chain, region }: CredentialRequest,
  url: string,
  token: Secret,
): Variables {
  const roleArn = chain.at(-1)!.roleArn;
  const regions = region === undefined
    ? []
    : [["AWS_REGION", region], ["AWS_DEFAULT_REGION", region]] as const;
  return [
    ...IN_THE_WAY.map((name) => [name, undefined] as const),
    ["AWS_CONTAINER_CREDENTIALS_FULL_URI", credentialsUrl(url, profile)],
    ["AWS_CONTAINER_AUTHORIZATION_TOKEN", token.reveal()],
    ...regions,
    ["OKTA_AWS_PROFILE", profile],
    ["AWS_OKTA_PROFILE", profile],
    ["AWS_OKTA_ASSUMED_ROLE", parseRoleArn(roleArn)?.roleName ?? roleArn],
  ];
}

export function credentialsUrl(url: string, profile: string): string {
  return `${url.replace(/\/$/, "")}/${encodeURIComponent(profile)}`;
}
