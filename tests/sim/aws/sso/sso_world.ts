/** IAM Identity Center: its portal, what the user does at sign-in, and what it has issued. */

export interface SimPortalAccount {
  /** Twelve digits. */
  id: string;
  name: string;
  /** The user's permission sets. */
  roles: string[];
  /** Whether listing its roles answers 404. */
  gone?: boolean;
}

export interface SimSso {
  region: string;
  accounts: SimPortalAccount[];
  pageSize: number;
  /** Lifetime of access tokens. */
  tokenSeconds: number;
  /** Lifetime of role credentials. */
  credentialSeconds: number;
  /** Lifetime of a client registration. */
  registrationSeconds: number;
  /** Seconds between polls; `undefined` omits it. */
  interval: number | undefined;
  /** Lifetime of a device code, seconds. */
  expiresIn: number;
  /** What the user does, at which poll (from 1), and on the page in the browser. */
  person: { does: "approve" | "deny" | "wait"; atPoll: number };
  /** Number of polls to answer with slow_down. */
  slowDowns: number;
  /** Whether refresh tokens are issued. */
  refreshTokens: boolean;
  /** Revoke the token after this many credentials; default: never. */
  revokeAfter?: number;
  /** Errors have no header, only a body. */
  bareErrors?: boolean;
}

export interface SimSsoClient {
  secret: string;
  /** True time, milliseconds since 1970. */
  expiresAt: number;
  grants: string[];
  redirectUris: string[];
}

export interface SimSsoToken {
  /** True time, milliseconds since 1970. */
  expiresAt: number;
  revoked: boolean;
}

export interface SimSsoCode {
  /** As shown to the user. */
  userCode: string;
  clientId: string;
  /** True time, milliseconds since 1970. */
  expiresAt: number;
  /** True time, milliseconds since 1970. */
  lastPoll: number;
  /** Minimum seconds between polls. */
  interval: number;
  polls: number;
  verdict: "approved" | "denied" | undefined;
}

export interface SimAuthorizationCode {
  clientId: string;
  redirectUri: string;
  /** SHA-256 of the verifier, base64url. */
  challenge: string;
}

export interface SsoState {
  /** By client id. */
  clients: Map<string, SimSsoClient>;
  /** By device code. */
  codes: Map<string, SimSsoCode>;
  /** By code. */
  authorizationCodes: Map<string, SimAuthorizationCode>;
  /** By access token. */
  tokens: Map<string, SimSsoToken>;
  /** The access token issued with each valid refresh token. */
  refreshTokens: Map<string, string>;
  /** Number of credentials issued. */
  credentials: number;
}

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

/** A portal with three accounts; one has two roles, one has none. */
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
