/**
 * What the simulated world holds: an Okta org, its people and apps, AWS accounts and their roles.
 * Everything may be changed while the simulator runs; the next request sees it.
 *
 * @module
 */

import type { WorldClock } from "./clock.ts";
import type { Fault } from "./faults.ts";
import type { PageShape, ResponseShape } from "./saml/shape.ts";

/** How a factor's codes are made (RFC 6238). */
export interface TotpSettings {
  /** The secret in base32, upper case, no padding. */
  secret: string;
  /** The hash; Okta's own are SHA-1. */
  algorithm: "SHA-1" | "SHA-256" | "SHA-512";
  /** Digits of a code. */
  digits: number;
  /** Seconds that a code lasts. */
  period: number;
}

/** What the person does with a push, and what the answers meanwhile look like. */
export interface PushPlan {
  /** How it ends; with `wait` it goes on until a test changes this, or until Okta gives up. */
  outcome: "approve" | "reject" | "timeout" | "wait";
  /** How many polls are answered WAITING before the end. */
  waits: number;
  /**
   * The number to choose on the phone, by poll; the last one stays. The answer to the request that
   * sends the push has none, as Okta's has not.
   */
  numbers: (number | undefined)[];
}

/** What the org keeps of a security key. */
export interface SimKey {
  /** P-256. */
  publicKey: JsonWebKey;
  /** For `webauthn`; `preferred` where it is left out. */
  userVerification?: "required" | "preferred" | "discouraged";
  /** For `webauthn`: the key was enrolled as U2F, under this appId (extension `appid`). */
  appId?: string;
}

/** What an RSA server still wants after a right code: a PIN twice, then the next code. */
export type PinStep = "new_pin" | "repeat_pin" | "next_code";

/** One enrolled factor. */
export interface SimFactor {
  /** Okta's id, prefix by kind: `uft`, `ost`, `opf`, `sms`, `ufs`, … */
  id: string;
  /** `token:software:totp`, `push`, `sms`, `question`, … */
  factorType: string;
  /** `GOOGLE`, `OKTA`, `DUO`, … */
  provider: string;
  /** What the person is shown; the provider where it is left out. */
  vendorName?: string;
  /** The profile as Okta sends it; `undefined` leaves the member out. */
  profile?: Record<string, unknown> | null;
  /** For `token:software:totp`. */
  totp?: TotpSettings;
  /** For `question`. */
  answer?: string;
  /** For `web` of DUO: where Duo is, and the keys that both sides sign with. */
  duo?: { host: string; keys: import("./duo/signature.ts").DuoKeys };
  /** For `webauthn` and `u2f`. */
  key?: SimKey;
  /** For `push`; approved at the first poll where it is left out. */
  push?: PushPlan;
  /** For `token:hotp`, `token` and `token:hardware`: the codes that are taken, each once. */
  codes?: string[];
  /** For `email` on Identity Engine: its link has been clicked, which the next poll sees. */
  linkClicked?: true;
  /** For `token` of RSA: what is asked with 409 before the factor is proven. */
  pinSteps?: PinStep[];
  /** The code that was sent last (SMS, call, e-mail), and when, by Okta's clock. */
  sent?: { code: string; at: number };
  /** The counter of the last code accepted: that one and all before are replays. */
  lastCounter?: number;
}

/** One person in the org. */
export interface SimUser {
  /** `00u…`. */
  id: string;
  /** `name@domain`; the part before `@` signs in as well. */
  login: string;
  /** The password. */
  password: string;
  /** First name, as shown. */
  firstName: string;
  /** Last name, as shown. */
  lastName: string;
  /** The enrolled factors, in Okta's order. */
  factors: SimFactor[];
  /** Whether the sign-on policy asks for a factor: `enroll` asks to enrol even where some are. */
  mfa: "required" | "none" | "enroll" | "enroll_optional";
  /** Whether the password is fine, expired, or about to expire in some days. */
  passwordState: "active" | "expired" | { expiresInDays: number };
  /** Passwords that must not come back. */
  oldPasswords?: string[];
  /** A status that Okta shows in place of SUCCESS: `PROFILE_REQUIRED`, or one nobody has seen. */
  endsIn?: string;
  /** The IdP type that webfinger tells for this person; the org's where it is left out. */
  idpType?: string;
  /** When the password was changed last, milliseconds since 1970. */
  passwordChanged: number;
  /** Whether the account is locked. */
  lockedOut: boolean;
  /** Sign-on policy denies this person: E0000004 although the password is right. */
  denied: boolean;
  /** Wrong passwords in a row. */
  failedPasswords: number;
  /** Wrong codes in a row. */
  failedCodes: number;
}

/**
 * How the page of a step-up carries its stateToken: in a script with `\x2D` or `\u002D`, in a JSON
 * configuration, in a hidden input, in a form's action; or a redirect that carries it.
 */
export type StepUpStyle = "script" | "unicode" | "json" | "input" | "action" | "redirect";

/**
 * What an app wants on Identity Engine: any one authenticator, the password and any other, one that
 * is known and one that is had, or only what no phisher can use.
 */
export type AppFactors = "one" | "password_and_any" | "two_kinds" | "phishing_resistant";

/** An app's authentication policy on Identity Engine. */
export interface AppPolicy {
  /** Where it is left out: `password_and_any`, or `one` where the person's `mfa` is `none`. */
  factors?: AppFactors;
  /** Whether all is to be proven anew each time the app is opened. */
  everyTime?: boolean;
  /** Refuses everybody, for this reason. */
  denial?: "access_denied" | "device_assurance";
  /** Whether the device falls short, but may do so for a while. */
  gracePeriod?: boolean;
}

/** An app that shows on people's dashboards. */
export interface SimApp {
  /** `0oa…`. */
  id: string;
  /** `exk…`: the SAML issuer is `http://www.okta.com/<exk>`. */
  exk: string;
  /** `amazon_aws`, `amazon_aws_sso`, `acme_awsprod_1`, … */
  name: string;
  /** What people see. */
  label: string;
  /** The number at the end of the embed link. */
  linkNumber: number;
  /** Logins of those who have the app. */
  assigned: string[];
  /** Role ARN and provider ARN of each role that the assertion grants. */
  grants: { roleArn: string; principalArn: string }[];
  /** SessionDuration attribute in seconds; `undefined` leaves it out. */
  sessionDuration: number | undefined;
  /** RoleSessionName attribute; the login where it is left out; `null` leaves it out. */
  roleSessionName?: string | null;
  /** Where the form goes. */
  action: string;
  /** Audience of the assertion. */
  audience: string;
  /** RelayState of the form where the request has none; `undefined` leaves the input out. */
  relayState: string | undefined;
  /** How the SAML Response is written. */
  response: ResponseShape;
  /** How the page around it is written. */
  page: PageShape;
  /** What a request without a session gets. */
  withoutSession: "redirect" | "page" | "step_up";
  /** Whether the app asks for a factor of its own, and how its page carries the stateToken. */
  stepUp: "none" | StepUpStyle;
  /** What SUCCESS of a step-up gives: a link to go on, a sessionToken, or both. */
  stepUpResult: "original" | "sessionToken" | "both";
  /** On Identity Engine: what the app wants. */
  policy?: AppPolicy;
  /** Whether the embed link redirects to `/app/<name>/<exk>/sso/saml` first. */
  embedRedirects: boolean;
}

/** One role of an AWS account. */
export interface SimRole {
  /** The role's name. */
  name: string;
  /** Its path, `/` or `/a/b/`. */
  path: string;
  /** The role's setting, 3600 to 43200. */
  maxSessionDurationSeconds: number;
  /** Its trust policy refuses everybody. */
  denied?: boolean;
  /** ARNs that may call AssumeRole on it; none where it is left out. */
  trusts?: string[];
  /** `sts:ExternalId` that AssumeRole must bring. */
  externalId?: string;
}

/** One AWS account. */
export interface SimAccount {
  /** Twelve digits. */
  id: string;
  /** Its alias, if it has one. */
  alias?: string;
  /** `aws`, `aws-us-gov`, `aws-cn`; `aws` where it is left out. */
  partition?: string;
  /** Names of the SAML providers. */
  samlProviders: string[];
  /** Its roles. */
  roles: SimRole[];
  /** Long-lived keys of IAM users. */
  accessKeys?: { id: string; secret: string; userName: string }[];
}

/** The org's own settings. */
export interface SimOrg {
  /** `00o…`. */
  id: string;
  /** Classic or Identity Engine. */
  pipeline: "v1" | "idx";
  /** The IdP type that webfinger tells for everybody. */
  idpType: string;
  /** A second origin, told as `_links.alternate`. */
  alternate?: string;
  /** Origins besides its own that `redirectUrl` may lead to. */
  trustedOrigins: string[];
  /** How long a stateToken lives; every request starts the time anew. */
  stateTokenLifetimeMs: number;
  /** How long a sessionToken lives. */
  sessionTokenLifetimeMs: number;
  /** How long a session lives. */
  sessionLifetimeMs: number;
}

/** How an org on Identity Engine (`org.pipeline` is `idx`) behaves. */
export interface SimIdx {
  /** Whether `identify` takes the password at once, or the name alone. */
  identify: "combined" | "first";
  /** Whether each form has a stateHandle of its own, or all the one at the top. */
  handles: "per_form" | "one";
  /** Whether menus list what brings the person nearer, or all that the person has. */
  menu: "helpful" | "all";
  /** Whether a push is sent without being asked for, where it is the only way. */
  autoChallenge: boolean;
  /** Whether Okta Verify on this computer is looked for before anything else. */
  probing: boolean;
  /** Whether `keep-me-signed-in` is asked at the end. */
  keepMeSignedIn: boolean;
  /** What an expired password's remediation is called. */
  expiredAs: "reenroll-authenticator" | "reset-authenticator";
  /** Whether the end is a member of the answer, or a remediation. */
  success: "member" | "remediation";
  /** How the sign-in page carries its stateToken. */
  page: "script" | "unicode" | "json";
  /** Milliseconds between two polls, as Okta asks for them; Okta's own are 4000. */
  refreshMs: number;
  /** Whether a security key's challenge has `hints`. */
  keyHints: boolean;
  /** Whether `/api/v1/authn` works, or how the global session policy refuses it. */
  authn: "works" | "E0000004" | "E0000085";
  /** Whether a captcha stands beside the user name. */
  captcha?: boolean;
  /** Whether app pages take the `sid` cookie, or `idx` alone. */
  takesSid: boolean;
}

/** What a new password must have, in Okta's words. */
export interface Complexity {
  /** Characters. */
  minLength: number;
  /** Lower case letters. */
  minLowerCase: number;
  /** Upper case letters. */
  minUpperCase: number;
  /** Digits. */
  minNumber: number;
  /** Other characters. */
  minSymbol: number;
  /** Whether parts of the user name are refused. */
  excludeUsername?: boolean;
}

/** The org's policies. */
export interface SimPolicy {
  /** Wrong passwords until the account locks. */
  maxFailedPasswords: number;
  /** Wrong codes until the account locks. */
  maxFailedCodes: number;
  /** Whether a locked account shows as LOCKED_OUT, or as a wrong password. */
  showLockout: boolean;
  /** How a code that was used before is refused. */
  replayError: "E0000082" | "E0000068";
  /** Whether a right code of another time is refused as E0000083, or as any wrong code. */
  tellsTimeWindow: boolean;
  /** Member of `_embedded` that lists the factors: live traffic or docs' examples. */
  factorsMember: "factors" | "factor";
  /** Put behind every verify link, e.g. `?p=1`. */
  verifyQuery: string;
  /** Replaces the origin of verify links: an org whose links leave it. */
  linkOrigin?: string;
  /** `policy.allowRememberDevice`. */
  allowRememberDevice: boolean;
  /** What a new password must have; Okta shows it where the password is to be changed. */
  complexity: Complexity;
  /** How a new password that lacks it is refused. */
  complexityError: "E0000080" | "E0000014";
  /** Whether requests without `Accept: application/json` are refused. */
  strictAccept: boolean;
  /** `errorCauses` as `null` instead of `[]`. */
  nullErrorCauses: boolean;
}

/** A route that answers 429 for its next requests. */
export interface Throttle {
  /** The path's beginning. */
  path: string;
  /** How many requests are still refused. */
  times: number;
  /** Seconds until `X-Rate-Limit-Reset`, by Okta's clock. */
  resetInSeconds: number;
}

/** An EKS cluster. */
export interface SimCluster {
  /** Its name. */
  name: string;
  /** The id of its account. */
  accountId: string;
  /** Its region. */
  region: string;
  /** Its API server; missing while it is being made. */
  endpoint?: string;
  /** The authority of the API server's certificate, PEM in base64. */
  authority?: string;
  /** `ACTIVE` where it is left out. */
  status?: string;
  /** The id of a local cluster on an Outpost. */
  id?: string;
}

/** How AWS behaves. */
export interface SimAws {
  /** The layout of the role chooser. */
  signinLayout: "legacy" | "nextjs";
  /** STS answers this many more requests with Throttling. */
  throttledRequests: number;
  /** Requests of STS that are refused because of the region. */
  regionDisabled: boolean;
  /** Tells a Throttling as 400 (documented) or 503. */
  throttlingStatus: number;
  /** Regions that the accounts have; every one where it is left out. */
  regions?: string[];
  /** Roles that may not ask EKS. */
  eksDenied: string[];
  /** EKS lists so many clusters a page at most. */
  eksPageSize: number;
}

/** The whole world. */
export interface World {
  /** The time. */
  clock: WorldClock;
  /** The Okta org. */
  org: SimOrg;
  /** Its policies. */
  policy: SimPolicy;
  /** Its ways where it is on Identity Engine. */
  idx: SimIdx;
  /** Its people; the first is `sim.user`. */
  users: SimUser[];
  /** Its apps. */
  apps: SimApp[];
  /** The OIDC app for command lines, if the org has one. */
  oidc?: import("./okta/oauth/oidc_world.ts").SimOidc;
  /** IAM Identity Center, if the company has it. */
  sso?: import("./aws/sso/sso_world.ts").SimSso;
  /** The AWS accounts. */
  accounts: SimAccount[];
  /** The EKS clusters of all accounts. */
  clusters: SimCluster[];
  /** How AWS behaves. */
  aws: SimAws;
  /** Routes that answer 429. */
  throttles: Throttle[];
  /** What goes wrong; asked in order before the real answer, the first Response wins. */
  faults: Fault[];
}

/** @returns The ARN of an account's role. */
export function roleArn(account: SimAccount, role: SimRole): string {
  return `arn:${account.partition ?? "aws"}:iam::${account.id}:role${role.path}${role.name}`;
}

/** @returns The ARN of an account's SAML provider. */
export function providerArn(account: SimAccount, name: string): string {
  return `arn:${account.partition ?? "aws"}:iam::${account.id}:saml-provider/${name}`;
}
