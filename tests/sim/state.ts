/** What the simulator has issued and must recognise. */

import { createSsoState, type SsoState } from "./aws/sso/sso_world.ts";
import { createOidcState, type OidcState } from "./okta/oauth/oidc_world.ts";
import { createIdxState, type IdxState } from "./okta/idx/transaction.ts";
import type { SimApp, SimUser } from "./world.ts";

export type AuthnStatus =
  | "UNAUTHENTICATED"
  | "MFA_REQUIRED"
  | "MFA_CHALLENGE"
  | "MFA_ENROLL"
  | "MFA_ENROLL_ACTIVATE"
  | "PASSWORD_EXPIRED"
  | "PASSWORD_WARN"
  | "RECOVERY_CHALLENGE"
  | "RECOVERY"
  | "PASSWORD_RESET"
  | "STOPPED"
  | "SUCCESS";

/** What a challenge adds to the body besides the factor. */
export interface ChallengeBody {
  /** `challengeType`; WebAuthn only. */
  type?: "FACTOR";
  /** `_embedded.factor._embedded`. */
  embedded?: Record<string, unknown>;
  /** `_links.next`; default: `poll` while WAITING, else `verify`. */
  next?: { name: string; href: string; method: "GET" | "POST" };
}

/** A push that was sent. */
export interface SentPush {
  /** By Okta's clock, milliseconds since 1970. */
  at: number;
  polls: number;
}

/** A code or a push sent to a user. */
export interface Delivery {
  /** `sms`, `call`, `email`, `push`. */
  channel: string;
  login: string;
  factorId: string;
  /** `undefined` for a push. */
  code: string | undefined;
  /** By Okta's clock, milliseconds since 1970. */
  at: number;
}

/** An authn transaction in progress. */
export interface Transaction {
  stateToken: string;
  status: AuthnStatus;
  /** `undefined` while UNAUTHENTICATED. */
  user: SimUser | undefined;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** In MFA_CHALLENGE and MFA_ENROLL_ACTIVATE. */
  factorId?: string;
  factorResult?: string;
  push?: SentPush;
  askedForPin?: boolean;
  /** The new PIN, before it is repeated. */
  newPin?: string;
  /** The id of the Duo factor whose signed answer has arrived. */
  duoProven?: string;
  /** What a security key must sign, base64url. */
  keyChallenge?: string;
  challenge?: ChallengeBody;
  enrolling?: import("./world.ts").SimFactor;
  /** A forgotten password or a locked account; `code` is the last one that was sent. */
  recovery?: { type: "PASSWORD" | "UNLOCK"; factorType: "SMS" | "CALL" | "EMAIL"; code: string };
  /** The app that asked for a step-up. */
  app?: SimApp;
  /** The id of the session that is stepped up. */
  sid?: string;
  /** Whether the client sent `warnBeforePasswordExpired`. */
  warn: boolean;
  done: Set<"factor" | "password" | "enroll" | "warn">;
  relayState?: string;
  /** Authentication methods used (RFC 8176). */
  amr: Set<string>;
}

export interface Session {
  /** Also the value of the `sid` cookie. */
  id: string;
  user: SimUser;
  /** By Okta's clock, milliseconds since 1970. */
  createdAt: number;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** By Okta's clock, milliseconds since 1970. */
  lastFactor: number | undefined;
  amr: string[];
  /** Ids of the apps whose step-up was completed. */
  steppedUp: Set<string>;
  /** The value of the `idx` cookie (Identity Engine). */
  idx: string;
}

/** An unused sessionToken. */
export interface SessionToken {
  user: SimUser;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  amr: string[];
  /** The id of the app whose step-up ended in this sessionToken. */
  steppedUp?: string;
}

export interface IssuedAssertion {
  /** By the world's true clock, milliseconds since 1970. */
  issuedAt: number;
  user: SimUser;
  /** The app at that time. */
  app: SimApp;
  xml: string;
}

export interface IssuedCredentials {
  /** `ASIA…` (`AKIA…` for long-lived ones). */
  accessKeyId: string;
  secretAccessKey: string;
  /** `undefined` for long-lived keys. */
  sessionToken: string | undefined;
  /** Account id. */
  account: string;
  /** `arn:aws:sts::…:assumed-role/…`. */
  arn: string;
  roleArn: string | undefined;
  /** `AROA…:name`. */
  userId: string;
  /** By the world's true clock, milliseconds since 1970. */
  expiration: number;
  /** Whether they were obtained with other role credentials. */
  chained: boolean;
}

/** A SigninToken of the federation endpoint. */
export interface SigninToken {
  credentials: IssuedCredentials;
  /** By the world's true clock, milliseconds since 1970. */
  expiresAt: number;
  /** As requested, seconds. */
  sessionDuration: number | undefined;
}

export interface State {
  /** By stateToken. */
  transactions: Map<string, Transaction>;
  idx: IdxState;
  /** By sid. */
  sessions: Map<string, Session>;
  /** By sessionToken. */
  sessionTokens: Map<string, SessionToken>;
  /** By the assertion's base64 text. */
  assertions: Map<string, IssuedAssertion>;
  /** By access key id. */
  credentials: Map<string, IssuedCredentials>;
  /** By SigninToken. */
  signinTokens: Map<string, SigninToken>;
  /** `AROA…` id by role ARN. */
  roleIds: Map<string, string>;
  oidc: OidcState;
  sso: SsoState;
  /** Codes and pushes, in order. */
  inbox: Delivery[];
  /** Ids of the users whose factor is remembered, by the value of the `DT` cookie. */
  rememberedDevices: Map<string, Set<string>>;
  /** By route. */
  rateBuckets: Map<string, { minute: number; count: number }>;
}

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
