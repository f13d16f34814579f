/**
 * What the simulator has given out and must recognise again.
 *
 * @module
 */

import { createSsoState, type SsoState } from "./aws/sso/sso_world.ts";
import { createOidcState, type OidcState } from "./okta/oauth/oidc_world.ts";
import { createIdxState, type IdxState } from "./okta/idx/transaction.ts";
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
  | "STOPPED"
  | "SUCCESS";

/** What a challenge adds to the body, beside the factor itself. */
export interface ChallengeBody {
  /** `challengeType`: WebAuthn's alone has one. */
  type?: "FACTOR";
  /** `_embedded.factor._embedded`. */
  embedded?: Record<string, unknown>;
  /** What `_links.next` is called; `poll` while WAITING, else `verify`, where it is left out. */
  next?: { name: string; href: string; method: "GET" | "POST" };
}

/** A push that is out. */
export interface SentPush {
  /** By Okta's clock, milliseconds since 1970. */
  at: number;
  /** Polls answered so far. */
  polls: number;
}

/** A message to a person: a code, or the request to approve a push. */
export interface Delivery {
  /** `sms`, `call`, `email`, `push`. */
  channel: string;
  /** The person's login. */
  login: string;
  /** Which factor. */
  factorId: string;
  /** The code; a push has none. */
  code: string | undefined;
  /** By Okta's clock, milliseconds since 1970. */
  at: number;
}

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
  /** The push that was sent last. */
  push?: SentPush;
  /** Whether an RSA server has asked for a new PIN. */
  askedForPin?: boolean;
  /** The new PIN, given once. */
  newPin?: string;
  /** The Duo factor whose signed answer has come back. */
  duoProven?: string;
  /** What a security key is to sign, base64url. */
  keyChallenge?: string;
  /** What else the challenge shows. */
  challenge?: ChallengeBody;
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
  /** The value of the `idx` cookie, on Identity Engine. */
  idx: string;
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
  /** What was given out by `/idp/idx`. */
  idx: IdxState;
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
  /** What was given out by OIDC. */
  oidc: OidcState;
  /** What IAM Identity Center has given out. */
  sso: SsoState;
  /** What people were sent, in order. */
  inbox: Delivery[];
  /** Ids of those whose factor is remembered, by the value of the `DT` cookie. */
  rememberedDevices: Map<string, Set<string>>;
  /** Requests seen by route and minute. */
  rateBuckets: Map<string, { minute: number; count: number }>;
}

/** @returns An empty state. */
export function createState(): State {
  return {
    transactions: new Map(),
    idx: createIdxState(),
    sessions: new Map(),
    sessionTokens: new Map(),
    assertions: new Map(),
    credentials: new Map(),
    signinTokens: new Map(),
    roleIds: new Map(),
    oidc: createOidcState(),
    sso: createSsoState(),
    inbox: [],
    rememberedDevices: new Map(),
    rateBuckets: new Map(),
  };
}
