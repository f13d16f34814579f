/**
 * Okta wants another factor. With the person's consent it is a time-based code whose secret okta-aws
 * keeps, and shows once for the phone.
 *
 * @module
 */

import { SignInError } from "../../../errors.ts";
import type { EnrollmentOffer, StartedEnrollment, TotpKey } from "../../factors/totp_enrollment.ts";
import { Secret } from "../../../secret.ts";
import { normalizeBase32 } from "../../../totp/base32.ts";
import { formatTotpUri } from "../../../totp/otpauth_uri.ts";
import { totpCode, type TotpParameters } from "../../../totp/totp.ts";
import { unexpected } from "../../factors/factor_errors.ts";
import type { OktaAccount } from "../okta_account.ts";
import { showTotpSecret } from "./show_totp_secret.ts";

/** A code may have been one step off: the next is tried, then it is given up. */
const TRIES = 2;

/**
 * Enrols the factor, stores its secret, and activates it; leaves an optional enrolment out unless
 * the person has asked for it, and one that somebody began elsewhere, whose secret may be on a phone.
 *
 * @param account The Okta account.
 * @param offer Okta's wish.
 * @returns What Okta asks for next.
 * @throws {SignInError} `MFA_ENROLL` where it is another factor, or nobody agrees.
 */
export async function enrollTotp<T>(
  account: OktaAccount,
  { names, underWay, leave, start }: EnrollmentOffer<T>,
): Promise<T> {
  const wanted = account.enrollTotp?.done === false;
  if (leave !== undefined && (underWay || !wanted)) return await leave();
  if (underWay) throw refusal("Okta is in the middle of enrolling a factor", BROWSER);
  if (start === undefined) throw cannotEnrol(names);
  if (!wanted) await askConsent(account);
  const started = await start();
  if (started === undefined) throw cannotEnrol(names);
  return await keepAndActivate(account, started);
}

const BROWSER = "enrol it once in the browser, then run okta-aws init";
const RUN_INIT = "run: okta-aws init --enroll-totp";

function refusal(message: string, hint: string): SignInError {
  return new SignInError(message, { code: "MFA_ENROLL", hint });
}

function cannotEnrol(names: string): SignInError {
  return refusal(
    `Okta asks you to enrol another factor: ${names || "it does not say which"}`,
    BROWSER,
  );
}

async function askConsent(account: OktaAccount): Promise<void> {
  const asked = "Okta asks you to enrol another factor";
  if (!await account.interaction.canAsk()) throw refusal(asked, RUN_INIT);
  const question = `${asked}. Enrol codes of Google Authenticator, and let okta-aws keep and ` +
    `compute them for ${account.username}`;
  if (!await account.interaction.askConfirm(question, true)) {
    throw refusal(`${asked}: not now`, BROWSER);
  }
}

function parametersOf(
  { org, username }: OktaAccount,
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
async function keepAndActivate<T>(
  account: OktaAccount,
  started: StartedEnrollment<T>,
): Promise<T> {
  const parameters = parametersOf(account, started.key);
  const uri = formatTotpUri(parameters);
  const { totp: before } = await account.secrets();
  await account.replaceTotp(uri);
  await showTotpSecret(account.interaction, uri, parameters);
  let activated: T;
  try {
    activated = await activate(account, started, parameters);
  } catch (error) {
    await account.replaceTotp(before);
    throw error;
  }
  if (account.enrollTotp !== undefined) account.enrollTotp.done = true;
  await account.interaction.say("the new factor is enrolled and its secret is stored");
  return activated;
}

async function activate<T>(
  account: OktaAccount,
  started: StartedEnrollment<T>,
  parameters: TotpParameters,
): Promise<T> {
  const { client, state } = account;
  const { id = "env" } = await account.secrets();
  for (let left = TRIES;; left--) {
    const now = client.clock.now() + client.clockOffsetMilliseconds;
    const { code, counter, secondsLeft } = await totpCode(parameters, now);
    await state.change({ usedCode: { item: id, counter } });
    const result = await started.activate(code);
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "refused" || left === 1) throw unexpected(result);
    await account.interaction.say(
      `Okta did not take the first code: trying the next in ${secondsLeft} s`,
    );
    await client.clock.sleep(secondsLeft * 1000);
  }
}
