/**
 * What the simulated world holds: an Okta org, its people and apps, AWS accounts and their roles.
 * Everything may be changed while the simulator runs; the next request sees it.
 */

import type { WorldClock } from "./clock.ts";
import type { Fault } from "./faults.ts";
import type { PageShape, ResponseShape } from "./saml/shape.ts";

/** RFC 6238. */
export interface TotpSettings {
  /** Base32, upper case, no padding. */
  secret: string;
  /** Okta's own use SHA-1. */
  algorithm: "SHA-1" | "SHA-256" | "SHA-512";
  digits: number;
  /** Seconds. */
  period: number;
}

/** What the user does with a push, and the answers until then. */
export interface PushPlan {
  /** `wait`: until a test changes this, or Okta's timeout. */
  outcome: "approve" | "reject" | "timeout" | "wait";
  /** Number of polls answered WAITING. */
  waits: number;
  /**
   * The number to tap on the phone, by poll; the last one is repeated. The answer to the request
   * that sends the push has none, as at Okta.
   */
  numbers: (number | undefined)[];
}

/** A security key's registration at the org. */
export interface SimKey {
  /** P-256. */
  publicKey: JsonWebKey;
  /** For `webauthn`; default: `preferred`. */
  userVerification?: "required" | "preferred" | "discouraged";
  /** For `webauthn`: the appId, if the key was enrolled as U2F (extension `appid`). */
  appId?: string;
}

/** What an RSA server asks for after a right code: a PIN twice, then the next code. */
export type PinStep = "new_pin" | "repeat_pin" | "next_code";

/** An enrolled factor. */
export interface SimFactor {
  /** Okta's id; the prefix depends on the type: `uft`, `ost`, `opf`, `sms`, `ufs`, … */
  id: string;
  /** `token:software:totp`, `push`, `sms`, `question`, … */
  factorType: string;
  /** `GOOGLE`, `OKTA`, `DUO`, … */
  provider: string;
  /** As shown; default: the provider. */
  vendorName?: string;
  /** The profile as Okta sends it; `undefined` omits the member. */
  profile?: Record<string, unknown> | null;
  /** For `token:software:totp`. */
  totp?: TotpSettings;
  /** For `question`. */
  answer?: string;
  /** For `web` of DUO: Duo's host, and the keys that both sides sign with. */
  duo?: { host: string; keys: import("./duo/signature.ts").DuoKeys };
  /** For `webauthn` and `u2f`. */
  key?: SimKey;
  /** For `push`; default: approved at the first poll. */
  push?: PushPlan;
  /** For `token:hotp`, `token` and `token:hardware`: the accepted codes, each once. */
  codes?: string[];
  /** For `email` on Identity Engine: the link was clicked, which the next poll sees. */
  linkClicked?: true;
  /** For `token` of RSA: what is asked with 409 before the factor is accepted. */
  pinSteps?: PinStep[];
  /** The last code sent (SMS, call, e-mail), and when, by Okta's clock. */
  sent?: { code: string; at: number };
  /** The counter of the last accepted code: that code and all before it are replays. */
  lastCounter?: number;
}

export interface SimUser {
  /** `00u…`. */
  id: string;
  /** `name@domain`; the part before `@` works as a user name too. */
  login: string;
  password: string;
  firstName: string;
  lastName: string;
  /** In Okta's order. */
  factors: SimFactor[];
  /** Whether the sign-on policy asks for a factor. `enroll` asks to enroll even if some exist. */
  mfa: "required" | "none" | "enroll" | "enroll_optional";
  passwordState: "active" | "expired" | { expiresInDays: number };
  /** Passwords that can't be reused. */
  oldPasswords?: string[];
  /** A status instead of SUCCESS: `PROFILE_REQUIRED`, or an unknown one. */
  endsIn?: string;
  /** The IdP type in webfinger's answer; default: the org's. */
  idpType?: string;
  /** How a forgotten password is recovered: without it, only by an administrator. */
  recovery?: { question: string; answer: string };
  /** Milliseconds since 1970. */
  passwordChanged: number;
  lockedOut: boolean;
  /** The sign-on policy denies this user: E0000004 although the password is right. */
  denied: boolean;
  /** In a row. */
  failedPasswords: number;
  /** In a row. */
  failedCodes: number;
}

/**
 * How a step-up page carries its stateToken: in a script with `\x2D` or `\u002D`, in a JSON
 * configuration, in a hidden input, in a form's action, or in a redirect.
 */
export type StepUpStyle = "script" | "unicode" | "json" | "input" | "action" | "redirect";

/**
 * What an app requires on Identity Engine: any one authenticator, the password and any other, a
 * knowledge and a possession factor, or a phishing-resistant one.
 */
export type AppFactors = "one" | "password_and_any" | "two_kinds" | "phishing_resistant";

/** An app's authentication policy on Identity Engine. */
export interface AppPolicy {
  /** Default: `password_and_any`, or `one` if the user's `mfa` is `none`. */
  factors?: AppFactors;
  /** Whether every opening of the app needs a new sign-in. */
  everyTime?: boolean;
  /** Denies everyone, for this reason. */
  denial?: "access_denied" | "device_assurance";
  /** Whether the device violates the policy, but is still in its grace period. */
  gracePeriod?: boolean;
}

/** An app on the dashboard. */
export interface SimApp {
  /** `0oa…`. */
  id: string;
  /** `exk…`: the SAML issuer is `http://www.okta.com/<exk>`. */
  exk: string;
  /** `amazon_aws`, `amazon_aws_sso`, `acme_awsprod_1`, … */
  name: string;
  label: string;
  /** At the end of the embed link. */
  linkNumber: number;
  /** Logins. */
  assigned: string[];
  grants: { roleArn: string; principalArn: string }[];
  /** The SessionDuration attribute, seconds; `undefined` omits it. */
  sessionDuration: number | undefined;
  /** The RoleSessionName attribute; default: the login; `null` omits it. */
  roleSessionName?: string | null;
  /** The form's target. */
  action: string;
  /** The assertion's audience. */
  audience: string;
  /** RelayState of the form where the request has none; `undefined` omits the input. */
  relayState: string | undefined;
  response: ResponseShape;
  page: PageShape;
  /** How a request without a session is answered. */
  withoutSession: "redirect" | "page" | "step_up";
  /** Whether the app asks for a step-up, and how its page carries the stateToken. */
  stepUp: "none" | StepUpStyle;
  /** What SUCCESS of a step-up contains: a link to the app, a sessionToken, or both. */
  stepUpResult: "original" | "sessionToken" | "both";
  /** On Identity Engine. */
  policy?: AppPolicy;
  /** Whether the embed link redirects to `/app/<name>/<exk>/sso/saml`. */
  embedRedirects: boolean;
}

export interface SimRole {
  name: string;
  /** Its path, `/` or `/a/b/`. */
  path: string;
  /** 3600 to 43200. */
  maxSessionDurationSeconds: number;
  /** Whether its trust policy denies everyone. */
  denied?: boolean;
  /** ARNs that may call AssumeRole on it; default: none. */
  trusts?: string[];
  /** The `sts:ExternalId` that AssumeRole requires. */
  externalId?: string;
}

export interface SimAccount {
  /** Twelve digits. */
  id: string;
  alias?: string;
  /** `aws`, `aws-us-gov`, `aws-cn`; default: `aws`. */
  partition?: string;
  samlProviders: string[];
  roles: SimRole[];
  /** Long-lived keys of IAM users. */
  accessKeys?: { id: string; secret: string; userName: string }[];
}

/** The org's settings. */
export interface SimOrg {
  /** `00o…`. */
  id: string;
  /** `v1`: Classic; `idx`: Identity Engine. */
  pipeline: "v1" | "idx";
  /** The IdP type in webfinger's answer. */
  idpType: string;
  /** A second origin, in `_links.alternate`. */
  alternate?: string;
  /** Other origins allowed in `redirectUrl`. */
  trustedOrigins: string[];
  /** Lifetime of a stateToken, extended by every request. */
  stateTokenLifetimeMs: number;
  sessionTokenLifetimeMs: number;
  sessionLifetimeMs: number;
}

/** How an org on Identity Engine (`org.pipeline` is `idx`) behaves. */
export interface SimIdx {
  /** Whether `identify` has user name and password, or the user name only. */
  identify: "combined" | "first";
  /** Whether each form has its own stateHandle, or all share the answer's. */
  handles: "per_form" | "one";
  /** Whether menus list the authenticators that help to satisfy the policy, or all. */
  menu: "helpful" | "all";
  /** Whether a push is sent automatically if it is the only choice. */
  autoChallenge: boolean;
  /** Whether the sign-in starts with probing for Okta Verify on this computer. */
  probing: boolean;
  /** Okta Verify on this computer: where it listens, and whether it has signed the challenge. */
  oktaVerify?: { ports: string[]; signed: boolean };
  /** Whether people may unlock their accounts. */
  unlock?: boolean;
  /** Whether the sign-in ends with `keep-me-signed-in`. */
  keepMeSignedIn: boolean;
  /** The remediation for an expired password. */
  expiredAs: "reenroll-authenticator" | "reset-authenticator";
  /** Whether success is a member of the answer, or a remediation. */
  success: "member" | "remediation";
  /** How the sign-in page carries its stateToken. */
  page: "script" | "unicode" | "json";
  /** Milliseconds between polls; Okta's value is 4000. */
  refreshMs: number;
  keyHints: boolean;
  /** Whether `/api/v1/authn` works, or how the global session policy rejects it. */
  authn: "works" | "E0000004" | "E0000085";
  /** Whether `identify` has a captcha. */
  captcha?: boolean;
  /** Whether app pages accept the `sid` cookie, or only `idx`. */
  takesSid: boolean;
}

/** What a new password must have. */
export interface Complexity {
  minLength: number;
  minLowerCase: number;
  minUpperCase: number;
  minNumber: number;
  /** Characters other than letters and digits. */
  minSymbol: number;
  /** Whether parts of the user name are rejected. */
  excludeUsername?: boolean;
}

export interface SimPolicy {
  maxFailedPasswords: number;
  maxFailedCodes: number;
  /** Whether a locked account is shown as LOCKED_OUT, or as a wrong password. */
  showLockout: boolean;
  /** The error for a code used before. */
  replayError: "E0000082" | "E0000068";
  /** Whether a right code of another time is E0000083, or a wrong code. */
  tellsTimeWindow: boolean;
  /** The member of `_embedded` that lists the factors: `factor` in the documentation's examples. */
  factorsMember: "factors" | "factor";
  /** Appended to every verify link, e.g. `?p=1`. */
  verifyQuery: string;
  /** Replaces the origin of verify links. */
  linkOrigin?: string;
  /** `policy.allowRememberDevice`. */
  allowRememberDevice: boolean;
  /** Okta shows it when the password must be changed. */
  complexity: Complexity;
  /** The error for a password that violates it. */
  complexityError: "E0000080" | "E0000014";
  /** Whether requests without `Accept: application/json` are rejected. */
  strictAccept: boolean;
  /** Whether empty `errorCauses` are `null` instead of `[]`. */
  nullErrorCauses: boolean;
}

/** A path whose next requests are answered 429. */
export interface Throttle {
  /** A prefix. */
  path: string;
  /** Requests left. */
  times: number;
  /** Seconds until `X-Rate-Limit-Reset`, by Okta's clock. */
  resetInSeconds: number;
}

export interface SimCluster {
  name: string;
  /** Account id. */
  accountId: string;
  region: string;
  /** Its API server's URL; `undefined` while it is being created. */
  endpoint?: string;
  /** The certificate authority of the API server, PEM in base64. */
  authority?: string;
  /** Default: `ACTIVE`. */
  status?: string;
  /** The id of a local cluster on an Outpost. */
  id?: string;
}

export interface SimAws {
  /** The layout of the role page. */
  signinLayout: "legacy" | "nextjs";
  /** How long credentials live whatever was asked for, seconds (AWS: never less than 900). */
  lifetimeSeconds?: number;
  /** Number of STS requests to answer with Throttling. */
  throttledRequests: number;
  /** Whether STS answers RegionDisabledException. */
  regionDisabled: boolean;
  /** The status of Throttling: 400 (documented) or 503. */
  throttlingStatus: number;
  /** Enabled regions; default: all. */
  regions?: string[];
  /** ARNs of roles without access to EKS. */
  eksDenied: string[];
  eksPageSize: number;
}

export interface World {
  clock: WorldClock;
  org: SimOrg;
  policy: SimPolicy;
  /** Used on Identity Engine. */
  idx: SimIdx;
  users: SimUser[];
  apps: SimApp[];
  /** The OIDC app for command-line tools, if any. */
  oidc?: import("./okta/oauth/oidc_world.ts").SimOidc;
  /** IAM Identity Center, if any. */
  sso?: import("./aws/sso/sso_world.ts").SimSso;
  accounts: SimAccount[];
  clusters: SimCluster[];
  aws: SimAws;
  throttles: Throttle[];
  /** Checked in order before the real answer; the first Response is used. */
  faults: Fault[];
}

export function roleArn(account: SimAccount, role: SimRole): string {
  return `arn:${account.partition ?? "aws"}:iam::${account.id}:role${role.path}${role.name}`;
}

export function providerArn(account: SimAccount, name: string): string {
  return `arn:${account.partition ?? "aws"}:iam::${account.id}:saml-provider/${name}`;
}
