/**
 * Okta wants another factor. With the person's consent it is a time-based code of Google
 * Authenticator's kind, whose secret okta-aws stores, and shows once for the phone.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { Interaction } from "../../app/interaction.ts";
import { Secret } from "../../secret.ts";
import { normalizeBase32 } from "../../totp/base32.ts";
import { formatTotpUri } from "../../totp/otpauth_uri.ts";
import { terminalQr } from "../../totp/terminal_qr.ts";
import { totpCode, type TotpParameters } from "../../totp/totp.ts";
import type { StepResult } from "./authenticator.ts";
import type { SignInAccount } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/** What codes are made from. */
export interface TotpKey {
  /** base32 */
  sharedSecret: Secret;
  timeStepSeconds: number;
  digits: 6 | 7 | 8;
}

/** An enrolment that has begun. */
export interface StartedEnrollment<T> {
  readonly key: TotpKey;
  /** Sends a first code; `refused` if it is the wrong one, and another may be tried. */
  activate(code: Secret): Promise<StepResult<T>>;
}

/** An enrolment that Okta asks for. `T` is the transaction of the API behind it. */
export interface EnrollmentOffer<T> {
  /** What there is to enrol, safe to show; empty if Okta does not say. */
  readonly names: string;
  /** Whether somebody has begun an enrolment elsewhere: it is left to them. */
  readonly underWay: boolean;
  /** Goes on without enrolling; `undefined` if Okta insists. */
  readonly leave: (() => Promise<T>) | undefined;
  /** Begins; `undefined` if Okta offers no time-based code. */
  readonly start: (() => Promise<StartedEnrollment<T> | undefined>) | undefined;
}

/** A code may have been one step off: the next one is tried, then no other. */
const TRIES = 2;

/**
 * Enrols the factor, stores its secret, and activates it. An optional enrolment is skipped unless the
 * person has asked for it, and so is one that was begun elsewhere, whose secret may be on a phone.
 *
 * @throws {SignInError} `MFA_ENROLL` if it is another factor, or nobody agrees.
 */
export async function enrollTotp<T>(
  account: SignInAccount,
  { names, underWay, leave, start }: EnrollmentOffer<T>,
): Promise<T> {
  const wanted = account.factors.enrollTotp?.done === false;
  if (leave !== undefined && (underWay || !wanted)) return await leave();
  if (underWay) throw refusal("the enrolment of another factor has not been finished", BROWSER);
  if (start === undefined) throw cannotEnrol(names);
  if (!wanted) await askConsent(account);
  const started = await start();
  if (started === undefined) throw cannotEnrol(names);
  return await storeAndActivate(account, started);
}

const BROWSER = "enrol it in the browser, then run: okta-aws init";
const RUN_INIT = "run: okta-aws init --enroll-totp";

function refusal(message: string, hint: string): SignInError {
  return new SignInError(message, { code: "MFA_ENROLL", hint });
}

function cannotEnrol(names: string): SignInError {
  return refusal(
    `Okta asks you to enrol another factor: ${names || "an unnamed one"}`,
    BROWSER,
  );
}

async function askConsent({ interaction, username }: SignInAccount): Promise<void> {
  const asked = "Okta asks you to enrol another factor";
  if (!await interaction.canAsk()) throw refusal(asked, RUN_INIT);
  const question = `${asked}. Enrol Google Authenticator for ${username}, and let okta-aws store ` +
    "its secret";
  if (!await interaction.askConfirm(question, true)) {
    throw refusal(`${asked}, and you declined`, BROWSER);
  }
}

function parametersOf(
  { org, username }: SignInAccount,
  { sharedSecret, timeStepSeconds, digits }: TotpKey,
): TotpParameters {
  return {
    key: new Secret(normalizeBase32(sharedSecret.reveal())),
    algorithm: "SHA-1",
    digits,
    periodSeconds: timeStepSeconds,
    issuer: new URL(org).hostname,
    account: username,
  };
}

/** Stored before it is activated: from then on Okta lets nobody in without it. */
async function storeAndActivate<T>(
  account: SignInAccount,
  started: StartedEnrollment<T>,
): Promise<T> {
  const { secrets, interaction, factors: { enrollTotp } } = account;
  const parameters = parametersOf(account, started.key);
  const uri = formatTotpUri(parameters);
  const { totp: before } = await secrets.read();
  await secrets.replaceTotp(uri);
  await showTotpSecret(interaction, uri, parameters);
  let activated: T;
  try {
    activated = await activate(account, started, parameters);
  } catch (error) {
    await secrets.replaceTotp(before);
    throw error;
  }
  if (enrollTotp !== undefined) enrollTotp.done = true;
  await interaction.say("new factor enrolled, its secret is stored");
  return activated;
}

/**
 * Shows the secret once, at the terminal only: as a QR code, and as text, for narrow terminals and
 * screen readers. Without a terminal it is stored and not shown.
 */
async function showTotpSecret(
  interaction: Interaction,
  uri: Secret,
  { key }: TotpParameters,
): Promise<void> {
  if (!await interaction.canAsk()) return;
  const picture = interaction.plain ? undefined : terminalQr(uri, interaction);
  const intro = "to get codes on your phone too, scan this with an authenticator app now;\n" +
    "it is not shown again (optional: okta-aws computes its own codes):\n\n";
  const groups = key.reveal().replace(/.{4}(?=.)/g, "$& ");
  await interaction.show(`${intro}${picture ?? ""}\n    ${groups}\n\n`);
}

async function activate<T>(
  { session: { client, state }, secrets, interaction }: SignInAccount,
  started: StartedEnrollment<T>,
  parameters: TotpParameters,
): Promise<T> {
  const { id = "env" } = await secrets.read();
  for (let left = TRIES;; left--) {
    const now = client.clock.now() + client.clockOffsetMilliseconds;
    const { code, counter, secondsLeft } = await totpCode(parameters, now);
    await state.change({ usedCode: { item: id, counter } });
    const result = await started.activate(code);
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "refused" || left === 1) throw unexpected(result);
    await interaction.say(
      `Okta rejected the first code: trying the next one in ${secondsLeft} s`,
    );
    await client.clock.sleep(secondsLeft * 1000);
  }
}
