/**
 * What the simulator has given out and must recognise again.
 *
 * @module
 */

import type { SimApp, SimUser } from "./world.ts";

/** The states of an authn transaction that the simulator knows. */
export type AuthnStatus =
  | "UNAUTHENTICATED"
  | "MFA_REQUIRED"
  | "MFA_CHALLENGE"
  | "MFA_ENROLL"
  | "MFA_ENROLL_ACTIVATE"
  | "PASSWORD_EXPIRED"
  | "PASSWORD_WARN"
  | "SUCCESS";

/** An authn transaction that goes on. */
export interface Transaction {
  /** Its stateToken. */
  stateToken: string;
  /** Where it stands. */
  status: AuthnStatus;
  /** Who signs in; nobody yet where it is UNAUTHENTICATED. */
  user: SimUser | undefined;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** For MFA_CHALLENGE and MFA_ENROLL_ACTIVATE. */
  factorId?: string;
  /** For a push. */
  factorResult?: string;
  /** The factor being enrolled. */
  enrolling?: import("./world.ts").SimFactor;
  /** The app that asks for a step-up. */
  app?: SimApp;
  /** The session that is stepped up. */
  sid?: string;
  /** Whether the client asked to be warned of a password's end. */
  warn: boolean;
  /** Steps that are done. */
  done: Set<"factor" | "password" | "enroll" | "warn">;
  /** What the client gave at the start. */
  relayState?: string;
  /** Authentication methods used, RFC 8176. */
  amr: Set<string>;
}

/** A session of the org. */
export interface Session {
  /** Also the value of the `sid` cookie. */
  id: string;
  /** Whose it is. */
  user: SimUser;
  /** By Okta's clock, milliseconds since 1970. */
  createdAt: number;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** By Okta's clock, milliseconds since 1970. */
  lastFactor: number | undefined;
  /** Authentication methods used. */
  amr: string[];
  /** Ids of the apps whose own factor was given. */
  steppedUp: Set<string>;
}

/** A sessionToken not yet used. */
export interface SessionToken {
  /** Whose it is. */
  user: SimUser;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** Authentication methods used. */
  amr: string[];
  /** The app that asked for the step-up that ended in this sessionToken. */
  steppedUp?: string;
}

/** An assertion that Okta has issued. */
export interface IssuedAssertion {
  /** By the world's true clock, milliseconds since 1970. */
  issuedAt: number;
  /** For whom. */
  user: SimUser;
  /** The app as it was then. */
  app: SimApp;
  /** The document. */
  xml: string;
}

/** Credentials that STS has issued. */
export interface IssuedCredentials {
  /** `ASIA…` (`AKIA…` for long-lived ones). */
  accessKeyId: string;
  /** The secret access key. */
  secretAccessKey: string;
  /** The session token; long-lived keys have none. */
  sessionToken: string | undefined;
  /** Account id. */
  account: string;
  /** `arn:aws:sts::…:assumed-role/…`. */
  arn: string;
  /** The role's own ARN. */
  roleArn: string | undefined;
  /** `AROA…:name`. */
  userId: string;
  /** By the world's true clock, milliseconds since 1970. */
  expiration: number;
  /** Whether other role credentials were traded in for them. */
  chained: boolean;
}

/** A sign-in token of the federation endpoint. */
export interface SigninToken {
  /** The credentials behind it. */
  credentials: IssuedCredentials;
  /** By the world's true clock, milliseconds since 1970. */
  expiresAt: number;
  /** What the client asked for, seconds. */
  sessionDuration: number | undefined;
}

/** All of it. */
export interface State {
  /** By stateToken. */
  transactions: Map<string, Transaction>;
  /** By sid. */
  sessions: Map<string, Session>;
  /** By sessionToken. */
  sessionTokens: Map<string, SessionToken>;
  /** By base64 text. */
  assertions: Map<string, IssuedAssertion>;
  /** By access key id. */
  credentials: Map<string, IssuedCredentials>;
  /** By SigninToken. */
  signinTokens: Map<string, SigninToken>;
  /** `AROA…` id by role ARN. */
  roleIds: Map<string, string>;
  /** Requests seen by route and minute. */
  rateBuckets: Map<string, { minute: number; count: number }>;
}

/** @returns An empty state. */
export function createState(): State {
  return {
    transactions: new Map(),
    sessions: new Map(),
    sessionTokens: new Map(),
    assertions: new Map(),
    credentials: new Map(),
    signinTokens: new Map(),
    roleIds: new Map(),
    rateBuckets: new Map(),
  };
}
