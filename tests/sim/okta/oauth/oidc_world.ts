/** The org's OIDC app for command-line tools, and what it has issued. */

import type { SimUser } from "../../world.ts";

/** The OIDC app (Native), and what the user does with its codes. */
export interface SimOidc {
  /** `0oa…` */
  clientId: string;
  grants: ("device" | "token_exchange")[];
  /** The granted scopes; others are dropped from the token, as Okta does. */
  scopes: string[];
  /** Whether other scopes are rejected instead: `invalid_scope`. */
  refusesOtherScopes: boolean;
  /** The AWS app whose "Allowed Web SSO Client" is this one; default: all. */
  allowedApps: string[] | undefined;
  /** Whether a browser sign-in satisfies the AWS app's policy; `fresh`: within the last minute. */
  assurance: "met" | "not_met" | "fresh";
  /** Seconds between polls; `undefined` omits it. */
  interval: number | undefined;
  /** Lifetime of a code, seconds. */
  expiresIn: number;
  /** What the user does, and at which poll (from 1); `wait`: nothing until a test acts. */
  person: { does: "approve" | "deny" | "wait"; atPoll: number };
  /** Number of polls to answer with slow_down, at any interval. */
  slowDowns: number;
  /** Whether `POST /login/token/sso` exists; older orgs have `GET` only. */
  postSso: boolean;
}

export interface DeviceCode {
  deviceCode: string;
  userCode: string;
  scope: string[];
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** By Okta's clock, milliseconds since 1970; before the first poll, the time of issue. */
  lastPoll: number;
  /** Minimum seconds between polls. */
  interval: number;
  polls: number;
  verdict: "approved" | "denied" | undefined;
}

export interface OidcTokens {
  user: SimUser;
  scope: string[];
  idToken: string;
  /** By Okta's clock, milliseconds since 1970. */
  signedInAt: number;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
}

export interface WebSsoToken {
  user: SimUser;
  /** `0oa…` */
  appId: string;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  used: boolean;
}

export interface OidcState {
  /** By device code. */
  codes: Map<string, DeviceCode>;
  /** By access token. */
  tokens: Map<string, OidcTokens>;
  /** By token. */
  webSso: Map<string, WebSsoToken>;
}

export function createOidcState(): OidcState {
  return { codes: new Map(), tokens: new Map(), webSso: new Map() };
}

/** An app set up as okta-aws-cli's guide says. */
export function simOidc(settings: Partial<SimOidc> = {}): SimOidc {
  return {
    clientId: "0oa4x34ogyC1i1krJ1d7",
    grants: ["device", "token_exchange"],
    scopes: ["openid", "okta.apps.sso", "okta.users.read.self"],
    refusesOtherScopes: false,
    allowedApps: undefined,
    assurance: "met",
    interval: 1,
    expiresIn: 600,
    person: { does: "approve", atPoll: 2 },
    slowDowns: 0,
    postSso: true,
    ...settings,
  };
}
