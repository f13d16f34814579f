/**
 * A second factor as a person meets it, whichever of Okta's APIs offers it: Classic's factors and
 * Identity
 * Engine's authenticators.
 *
 * @module
 */

import type { OktaAwsError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";

/**
 * How a factor is answered:
 * `totp` by a time-based code, computed or typed; `typed_code` by the code of a device, nothing is
 * sent
 * before (HOTP, RSA, Symantec, YubiKey); `sent_code` by a code that Okta sends first (SMS, call,
 * e-mail);
 * `question` and `password` by their answers; `push` on a phone; `duo` at Duo; `security_key` by a
 * WebAuthn or U2F device; `browser`: not from a terminal.
 */
export type AuthenticatorKind =
  | "totp"
  | "typed_code"
  | "sent_code"
  | "question"
  | "password"
  | "push"
  | "duo"
  | "security_key"
  | "browser";

/** One factor that Okta offers now. */
export interface Authenticator {
  kind: AuthenticatorKind;
  /** Okta's name, lower case, for preferences and messages: `token:software:totp`. An open set. */
  factorType: string;
  /** Okta's name, upper case: `GOOGLE`. An open set. */
  provider: string;
  /** Okta's id. */
  id: string | undefined;
  /** What people call it, safe to show: `SMS to +1 XXX-XXX-1337`. */
  name: string;
  /** Phone number, address or device, safe to show: tells factors of one type apart. */
  detail?: string | undefined;
  /** A security question's text, safe to show. */
  question: string | undefined;
}

/** What Okta wants for a factor. */
export type FactorDemand =
  | { kind: "code" }
  | SecurityKeyDemand
  | DuoDemand;

/** A WebAuthn or U2F assertion is wanted (https://www.w3.org/TR/webauthn-2/). */
export interface SecurityKeyDemand {
  kind: "webauthn" | "u2f";
  /** The challenge (U2F: nonce), base64url as Okta sent it. */
  challenge: string;
  /** The credentials that may sign, base64url. */
  credentialIds: string[];
  /** U2F's appId; WebAuthn with the extension `appid` has it too. */
  appId: string | undefined;
  /** WebAuthn's relying party: the org's host. */
  rpId: string;
  /** The origin that clientData names: the org's. */
  origin: string;
  /** WebAuthn's `userVerification`: `required`, `preferred`, `discouraged`. */
  userVerification: string | undefined;
}

/** Duo's frame flow (https://duo.com/docs/duoweb-v2). */
export interface DuoDemand {
  kind: "duo";
  /** Duo's API host: `api-….duosecurity.com`. */
  host: string;
  /** `TX|…:APP|…`. */
  signature: Secret;
  /** The page that has the frame. */
  parent: string;
}

/** What a person, or their device, answers. */
export type FactorAnswer =
  | { kind: "code"; passCode: Secret }
  | { kind: "question"; answer: Secret }
  | { kind: "password"; password: Secret }
  | {
    kind: "webauthn";
    /** base64url or base64, as the API wants it (authn: base64). */
    clientData: string;
    authenticatorData: string;
    signatureData: string;
  }
  | { kind: "u2f"; clientData: string; signatureData: string }
  | {
    kind: "duo";
    /** `AUTH|…:APP|…`. */
    signedResponse: Secret;
  };

/**
 * Why an answer was refused; the transaction goes on after each.
 * `wrong`: not the right code or answer. `used`: a right code, but used before or past its time.
 * `new_pin`: the token's server wants a new PIN, or its repetition. `too_soon`: Okta sent one a
 * moment ago and sends no other yet. `rejected`: the person said no on the phone. `timeout`: nobody
 * answered there. `ended`: it came to an end in any other way.
 */
export type RefusalReason =
  | "wrong"
  | "used"
  | "new_pin"
  | "too_soon"
  | "rejected"
  | "timeout"
  | "ended";

/**
 * The outcome of a step. `next`: the factor is done, and the transaction goes on as `transaction`.
 * `waiting`: poll again; `number` is to be chosen on the phone (`"0"` is one). `asks`: Okta waits for
 * an answer.
 */
export type StepResult<T> =
  | { kind: "next"; transaction: T }
  | {
    kind: "waiting";
    number: string | undefined;
    /** When Okta wants to be polled next; if it does not say, every two seconds is fine. */
    pollMilliseconds: number | undefined;
  }
  | { kind: "asks"; demand: FactorDemand }
  | {
    kind: "refused";
    reason: RefusalReason;
    /** Okta's own words, safe to show. */
    says: string;
    /** What to throw if nothing else can be tried. */
    error: OktaAwsError;
  };

/**
 * One authenticator being answered. `T` is the transaction of the API behind it. Every method throws
 * the `OktaAwsError` that ends the transaction (locked, denied, expired).
 */
export interface FactorSession<T> {
  readonly authenticator: Authenticator;
  /** When the transaction ends, milliseconds since the Unix epoch by Okta's clock, where known. */
  readonly expiresAt: number | undefined;
  /** Whether Okta offers to send code or push again. */
  readonly canResend: boolean;
  /**
   * How often to poll whether a code that was sent has been answered elsewhere (an e-mail's link);
   * `undefined` if it can't be.
   */
  readonly pollMilliseconds?: number | undefined;
  /**
   * Makes Okta send the push, SMS, call or e-mail, or create the challenge. Not called for codes that
   * are only typed: one request is enough there.
   */
  start(): Promise<StepResult<T>>;
  /** Answers. A code may be answered without `start`. */
  answer(answer: FactorAnswer): Promise<StepResult<T>>;
  /** Asks for the state of a push, or of Duo. */
  poll(): Promise<StepResult<T>>;
  /** Sends it again; Okta refuses within 30 seconds of the last one (e-mail: 5). */
  resend(): Promise<StepResult<T>>;
}

/** A transaction that waits for a factor. */
export interface FactorChallenge<T> {
  /** What Okta offers, in its order. */
  readonly authenticators: readonly Authenticator[];
  /** Switches to one of `authenticators`, leaving the one before. */
  choose(authenticator: Authenticator): Promise<FactorSession<T>>;
}
