/**
 * Where an account's roles and their credentials come from: the assertions of Okta's AWS apps
 * (`credentials/saml_source.ts`), or the portal of IAM Identity Center
 * (`identity_center/portal_source.ts`). `refresh` and `cred-process` both use it.
 *
 * @module
 */

import type { StsEndpoint } from "../aws/endpoints.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import type { SsoSession } from "../aws/sso_session.ts";
import type { FactorPreference } from "../okta/factors/factor_preference.ts";
import type { RoleList } from "./role_list.ts";

/** One role whose credentials are wanted. */
export interface RoleRequest {
  roleArn: string;
  /** The URL of the app that grants it, if known. */
  app: string | undefined;
  /** Seconds, or `max` for what the assertion allows; the portal decides on its own. */
  duration: number | "max";
  endpoint: StsEndpoint;
  sessionPolicy?: SessionPolicy | undefined;
  /** Whether to try a duration again that STS refused before. */
  again?: boolean | undefined;
  /** Told if the role allows only a shorter session; default: the person is told at once. */
  onShorter?: ((shorter: ShorterSession) => void) | undefined;
}

/** A role that allows less than was asked for, in seconds. */
export interface ShorterSession {
  roleArn: string;
  allowed: number;
  asked: number;
}

/** What an account grants now. */
export interface LearnedRoles {
  /** Already stored; in the foreground every role has a profile name. */
  list: RoleList;
  /** The apps whose whole list has been seen: a role missing from it is no longer granted. */
  asked: string[];
  /** The apps that failed; the person has been told why. */
  failed: string[];
}

/** Called while roles are learnt. */
export interface LearnEvents {
  /** After each AWS account whose roles have been listed. */
  onAccount?: ((done: number, total: number) => void) | undefined;
  /** A request waits for its answer: the time to load what comes after. */
  onBegun?: (() => void) | undefined;
}

/** The roles of one account of the settings. */
export interface RoleSource {
  readonly name: string;
  /** Asks which roles are granted, and stores the answer. */
  learn(events?: LearnEvents): Promise<LearnedRoles>;
  /**
   * Gets new credentials. Roles that are fetched from one source at the same time share assertions
   * and tokens.
   *
   * @throws {AssertionError} `role_not_granted`
   * @throws {AwsError} AWS's refusal.
   */
  fetch(request: RoleRequest): Promise<IssuedCredentials>;
}

/** What a request for one role adds to its account's settings. */
export interface SourceOptions {
  /** The factor that the profile names. */
  mfa?: FactorPreference;
  /** aws-okta's `okta_session_cookie_key`: an Okta session apart from the account's. */
  sessionCookieKey?: string;
  /** The role that is shown with a push. */
  roleArn?: string;
  /** When the credentials were asked for, milliseconds since the Unix epoch. */
  askedAt?: number;
  /** Assertions that were fetched earlier are not used, milliseconds since the Unix epoch. */
  notBefore?: number;
  /** Whether new credentials of all roles will be fetched, at once. */
  allRoles?: boolean;
  /** The session of IAM Identity Center that the profile names. */
  sso?: SsoSession;
}
