/**
 * IAM Identity Center: its portal, how people deal with its sign-in, and what it has given out.
 *
 * @module
 */

/** An AWS account of the portal. */
export interface SimPortalAccount {
  /** Twelve digits. */
  id: string;
  /** What the organization calls it. */
  name: string;
  /** The permission sets that the person has there. */
  roles: string[];
  /** Whether its roles can't be listed any more: 404. */
  gone?: boolean;
}

/** The portal. */
export interface SimSso {
  /** The region that it lives in. */
  region: string;
  /** The accounts. */
  accounts: SimPortalAccount[];
  /** Items on a page. */
  pageSize: number;
  /** How long access tokens live, seconds. */
  tokenSeconds: number;
  /** How long role credentials live, seconds. */
  credentialSeconds: number;
  /** How long a registration lives, seconds. */
  registrationSeconds: number;
  /** Seconds between polls; `undefined` leaves it out. */
  interval: number | undefined;
  /** How long a device code lives, seconds. */
  expiresIn: number;
  /** What the person does, at which poll (from 1), and on the page that the browser is sent to. */
  person: { does: "approve" | "deny" | "wait"; atPoll: number };
  /** The next polls that are told to slow down. */
  slowDowns: number;
  /** Whether refresh tokens are given. */
  refreshTokens: boolean;
  /** The token is revoked after so many credentials; never where it is left out. */
  revokeAfter?: number;
  /** Errors stand in the body alone, without their header. */
  bareErrors?: boolean;
}

/** A registered client. */
export interface SimSsoClient {
  /** Its secret. */
  secret: string;
  /** True time, milliseconds since 1970. */
  expiresAt: number;
  /** What it may do. */
  grants: string[];
  /** Where its browser may be sent back. */
  redirectUris: string[];
}

/** An access token. */
export interface SimSsoToken {
  /** True time, milliseconds since 1970. */
  expiresAt: number;
  /** Whether it was revoked. */
  revoked: boolean;
}

/** A device code. */
export interface SimSsoCode {
  /** What the person sees. */
  userCode: string;
  /** Whose it is. */
  clientId: string;
  /** True time, milliseconds since 1970. */
  expiresAt: number;
  /** True time, milliseconds since 1970. */
  lastPoll: number;
  /** Seconds that have to lie between polls. */
  interval: number;
  /** Polls so far. */
  polls: number;
  /** What the person did. */
  verdict: "approved" | "denied" | undefined;
}

/** An authorization code. */
export interface SimAuthorizationCode {
  /** Whose it is. */
  clientId: string;
  /** Where it was sent. */
  redirectUri: string;
  /** SHA-256 of the verifier, base64url. */
  challenge: string;
}

/** All that was given out. */
export interface SsoState {
  /** By client id. */
  clients: Map<string, SimSsoClient>;
  /** By device code. */
  codes: Map<string, SimSsoCode>;
  /** By code. */
  authorizationCodes: Map<string, SimAuthorizationCode>;
  /** By access token. */
  tokens: Map<string, SimSsoToken>;
  /** Refresh tokens that still work: the access token that came with each. */
  refreshTokens: Map<string, string>;
  /** Credentials given out so far. */
  credentials: number;
}

/** @returns Nothing given out yet. */
export function createSsoState(): SsoState {
  return {
    clients: new Map(),
    codes: new Map(),
    authorizationCodes: new Map(),
    tokens: new Map(),
    refreshTokens: new Map(),
    credentials: 0,
  };
}

/** @returns A portal with three accounts, of which one has two roles and one none. */
export function simSso(settings: Partial<SimSso> = {}): SimSso {
  return {
    region: "eu-west-1",
    accounts: [
      { id: "111122223333", name: "Acme Production", roles: ["AdministratorAccess", "ReadOnly"] },
      { id: "444455556666", name: "日本", roles: ["ReadOnly"] },
      { id: "777788889999", name: "Empty", roles: [] },
    ],
    pageSize: 2,
    tokenSeconds: 8 * 3600,
    credentialSeconds: 3600,
    registrationSeconds: 90 * 24 * 3600,
    interval: 1,
    expiresIn: 600,
    person: { does: "approve", atPoll: 1 },
    slowDowns: 0,
    refreshTokens: true,
    ...settings,
  };
}
