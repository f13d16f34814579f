/**
 * Requests to the AWS Security Token Service. An SDK is not needed for these, and would read the
 * shared config files, which may run us again.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
 * @module
 */

import { AwsV4Signer } from "aws4fetch";
import { sendWithRetry } from "../../http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import type { SessionPolicy } from "../session_policy.ts";
import type { StsEndpoint } from "../endpoints.ts";
import { isThrottledResponse } from "./sts_errors.ts";

/** The longest session of a role that was assumed with another role's session, seconds. */
export const CHAINED_ROLE_SECONDS = 3600;

const FORM = "application/x-www-form-urlencoded; charset=utf-8";
/** STS also answers in JSON, but its time format is not documented. */
const XML = "application/xml, text/xml";

/** Input of {@linkcode assumeRoleWithSamlRequest}. */
export interface AssumeRoleWithSamlInput {
  endpoint: StsEndpoint;
  roleArn: string;
  /** The SAML provider that the assertion names with the role. */
  principalArn: string;
  /** The SAMLResponse, base64 as Okta's form has it. */
  samlResponse: Secret;
  /** 900 to 43,200; STS's default is 3600. */
  durationSeconds?: number | undefined;
  sessionPolicy?: SessionPolicy | undefined;
}

/** Credentials to sign a request with, such as a role's {@linkcode SessionCredentials}. */
export interface SigningCredentials {
  accessKeyId: string;
  secretAccessKey: Secret;
  /** `undefined` for the long-lived keys of an IAM user. */
  sessionToken?: Secret | undefined;
}

/** Who signs, and when. */
export interface SigningOptions {
  /** Where STS is, and for which region to sign. */
  endpoint: StsEndpoint;
  credentials: SigningCredentials;
  /** The time of the signature: AWS refuses one that is 5 minutes off its own clock. */
  now: Date;
}

/** Input of {@linkcode assumeRoleRequest}. */
export interface AssumeRoleInput extends SigningOptions {
  roleArn: string;
  /** The session's name in AWS's logs, 2 to 64 of `A-Za-z0-9_+=,.@-`. */
  roleSessionName: string;
  /** The external id that the role's trust policy asks for. */
  externalId?: string | undefined;
  /** The MFA device of an IAM user. */
  serialNumber?: string | undefined;
  /** The device's current code. */
  tokenCode?: Secret | undefined;
  /**
   * Session length; cut to {@linkcode CHAINED_ROLE_SECONDS} if the credentials are a session
   * themselves.
   */
  durationSeconds?: number | undefined;
  sessionPolicy?: SessionPolicy | undefined;
}

type Field = string | number | undefined;

function policyFields(policy: SessionPolicy | undefined): Record<string, Field> {
  const arns = policy?.arns.map((arn, at) => [`PolicyArns.member.${at + 1}.arn`, arn] as const);
  return { Policy: policy?.document, ...Object.fromEntries(arns ?? []) };
}

function formBody(action: string, fields: Record<string, Field>): string {
  const form = new URLSearchParams({ Action: action, Version: "2011-06-15" });
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.set(name, String(value));
  }
  return form.toString();
}

/**
 * Builds the request that exchanges an assertion for a role's credentials. It needs no signature.
 * It is idempotent: one assertion may be redeemed many times, for five minutes.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
export function assumeRoleWithSamlRequest(input: AssumeRoleWithSamlInput): HttpRequest {
  const body = formBody("AssumeRoleWithSAML", {
    RoleArn: input.roleArn,
    PrincipalArn: input.principalArn,
    SAMLAssertion: input.samlResponse.reveal(),
    DurationSeconds: input.durationSeconds,
    ...policyFields(input.sessionPolicy),
  });
  const headers = { "Content-Type": FORM, "Accept": XML };
  return { method: "POST", url: input.endpoint.url, headers, body };
}

async function signedRequest(options: SigningOptions, body: string): Promise<HttpRequest> {
  const { endpoint, credentials, now } = options;
  const signer = new AwsV4Signer({
    method: "POST",
    url: endpoint.url,
    headers: { "Content-Type": FORM },
    body,
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey.reveal(),
    ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
    service: "sts",
    region: endpoint.region,
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ""),
    // AWS wants a Content-Type that is sent to be signed; the library would leave it out.
    allHeaders: true,
  });
  const { headers } = await signer.sign();
  // Accept is added afterwards: a proxy may rewrite it without breaking the signature.
  const sent = { ...Object.fromEntries(headers as Headers), "accept": XML };
  return { method: "POST", url: endpoint.url, headers: sent, body };
}

/**
 * Builds the request that assumes a role with other credentials.
 *
 * @returns The signed request, good for 5 minutes.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function assumeRoleRequest(input: AssumeRoleInput): Promise<HttpRequest> {
  const { durationSeconds, credentials } = input;
  const isChained = credentials.sessionToken !== undefined;
  const body = formBody("AssumeRole", {
    RoleArn: input.roleArn,
    RoleSessionName: input.roleSessionName,
    ExternalId: input.externalId,
    SerialNumber: input.serialNumber,
    TokenCode: input.tokenCode?.reveal(),
    DurationSeconds: durationSeconds === undefined || !isChained
      ? durationSeconds
      : Math.min(durationSeconds, CHAINED_ROLE_SECONDS),
    ...policyFields(input.sessionPolicy),
  });
  return signedRequest(input, body);
}

/**
 * Builds the request that asks whose credentials these are. It needs no permission, so it is the
 * way to check credentials.
 *
 * @returns The signed request, good for 5 minutes.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function callerIdentityRequest(options: SigningOptions): Promise<HttpRequest> {
  return signedRequest(options, formBody("GetCallerIdentity", {}));
}

/**
 * Sends a request to STS, with retries; `Throttling` (HTTP 400) counts as a rate limit.
 *
 * @param idempotent Whether it may be sent twice: not with an MFA code in it.
 * @throws {NetworkError} As `http` reports it, after the retries.
 */
export function sendToSts(
  { http, clock }: { http: HttpClient; clock: Clock },
  request: HttpRequest,
  idempotent: boolean,
): Promise<HttpResponse> {
  const sent = { ...request, repeatable: idempotent };
  return sendWithRetry({ http, clock }, sent, { idempotent, isThrottled: isThrottledResponse });
}
