/**
 * The org's OIDC app for command lines, and what it has given out.
 *
 * @module
 */

import type { SimUser } from "../../world.ts";

/** The OIDC app (Native) and how people deal with its codes. */
export interface SimOidc {
  /** `0oa…` */
  clientId: string;
  /** The grants that the app has. */
  grants: ("device" | "token_exchange")[];
  /** The scopes that it may ask for; others are left out of the token, as Okta does. */
  scopes: string[];
  /** Whether a scope that is not among them is refused instead: `invalid_scope`. */
  refusesOtherScopes: boolean;
  /** The app for which the AWS app's "Allowed Web SSO Client" is this one; all where it is left out. */
  allowedApps: string[] | undefined;
  /** Whether a sign-in in the browser is enough for the AWS app's policy: `fresh` wants one of the last minute. */
  assurance: "met" | "not_met" | "fresh";
  /** Seconds between polls; `undefined` leaves it out. */
  interval: number | undefined;
  /** How long a code lives, seconds. */
  expiresIn: number;
  /** What the person does, and at which poll (from 1); `wait` does nothing until a test does. */
  person: { does: "approve" | "deny" | "wait"; atPoll: number };
  /** The next polls that are told to slow down, however far apart they are. */
  slowDowns: number;
  /** Whether `POST /login/token/sso` is known; older orgs take `GET` alone. */
  postSso: boolean;
}

/** A device code. */
export interface DeviceCode {
  /** What the client polls with. */
  deviceCode: string;
  /** What the person types. */
  userCode: string;
  /** The scopes asked for. */
  scope: string[];
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** By Okta's clock, milliseconds since 1970; of the code itself before the first poll. */
  lastPoll: number;
  /** Seconds that have to lie between polls. */
  interval: number;
  /** Polls so far. */
  polls: number;
  /** Whether somebody has approved or denied it. */
  verdict: "approved" | "denied" | undefined;
}

/** Tokens of one sign-in. */
export interface OidcTokens {
  /** Whose they are. */
  user: SimUser;
  /** What they are good for. */
  scope: string[];
  /** The id token. */
  idToken: string;
  /** By Okta's clock, milliseconds since 1970. */
  signedInAt: number;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
}

/** A token that opens an app once. */
export interface WebSsoToken {
  /** For whom. */
  user: SimUser;
  /** Which app: `0oa…` */
  appId: string;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** Whether it has been used. */
  used: boolean;
}

/** What the org has given out by OIDC. */
export interface OidcState {
  /** By device code. */
  codes: Map<string, DeviceCode>;
  /** By access token. */
  tokens: Map<string, OidcTokens>;
  /** By token. */
  webSso: Map<string, WebSsoToken>;
}

/** @returns Nothing given out yet. */
export function createOidcState(): OidcState {
  return { codes: new Map(), tokens: new Map(), webSso: new Map() };
}

/** @returns An app as okta-aws-cli's set-up guide has it; `settings` changes it. */
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
