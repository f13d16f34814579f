/** What is asked of STS, and by what way. @module */

import type { Clock, HttpClient } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import type { StsEndpoint } from "../endpoints.ts";
import type { SessionPolicy } from "../session_policy.ts";

/** The longest session of a role that was assumed with another role's session, seconds. */
export const CHAINED_ROLE_SECONDS = 3600;

/** Sends requests, with our proxies, authorities and retries. */
export interface StsTransport {
  http: HttpClient;
  clock: Clock;
}

/** Input of `assumeRoleWithSaml`. */
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

/** Who signs. The time of the signature is the transport's; AWS refuses one that is 15 minutes off. */
export interface SigningOptions {
  /** Where STS is, and for which region to sign. */
  endpoint: StsEndpoint;
  credentials: SigningCredentials;
}

/** Input of `assumeRole`. */
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
  /** Stays with all sessions that are made from this one. */
  sourceIdentity?: string | undefined;
  /** Session tags by key. */
  tags?: Readonly<Record<string, string>> | undefined;
  /** The tags that go on to the sessions that are made from this one. */
  transitiveTagKeys?: readonly string[] | undefined;
}
