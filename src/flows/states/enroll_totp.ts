/**
 * MFA_ENROLL, MFA_ENROLL_ACTIVATE: Okta wants another factor. With the person's consent it is a
 * time-based code whose secret okta-aws keeps, and shows once for the phone.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { processAuthnResponse, verifyCodeRequest } from "../../okta/authn.ts";
import { authenticatorOf } from "../../okta/authn_authenticators.ts";
import type { AuthnTransaction } from "../../okta/authn_transaction.ts";
import {
  enrollableTotp,
  enrollTotpRequest,
  processTotpActivation,
  type TotpActivation,
} from "../../okta/enrollment.ts";
import { parseOktaError } from "../../okta/error_codes.ts";
import { normalizeBase32 } from "../../totp/base32.ts";
import { Secret } from "../../secret.ts";
import { formatTotpUri } from "../../totp/otpauth_uri.ts";
import { totpCode, type TotpParameters } from "../../totp/totp.ts";
import type { Conversation } from "../conversation.ts";
import type { OktaAccount } from "../okta_account.ts";
import { showTotpSecret } from "./show_totp_secret.ts";

/** A code may have been one step off: the next is tried, then it is given up. */
const TRIES = 2;

/**
 * Enrols the factor, stores its secret, and activates it; leaves an optional enrolment out unless
 * the person has asked for it.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param transaction In MFA_ENROLL or MFA_ENROLL_ACTIVATE.
 * @returns What Okta asks for next.
 * @throws {SignInError} `MFA_ENROLL` where it is another factor, or nobody agrees.
 */
export async function enrollTotp(
  account: OktaAccount,
  conversation: Conversation,
  transaction: AuthnTransaction,
): Promise<AuthnTransaction> {
  if (transaction.status === "MFA_ENROLL_ACTIVATE") {
    return await finishOrLeave(account, transaction);
  }
  const { skip, stateToken } = transaction;
  const wanted = account.enrollTotp?.done === false;
  if (skip !== undefined && !wanted) {
    const response = await account.client.post(skip.href, { stateToken });
    return processAuthnResponse(response, "go on without another factor");
  }
  const factor = enrollableTotp(transaction);
  if (factor?.enroll === undefined) throw cannotEnrol(transaction);
  if (!wanted) await askConsent(account, conversation);
  const response = await enrollTotpRequest(account.client, factor.enroll, stateToken);
  const started = processAuthnResponse(response, "enrol a time-based code");
  const activation = processTotpActivation(started);
  if (activation === undefined) throw cannotEnrol(transaction);
  return await keepAndActivate(account, conversation, started, activation);
}

/** An enrolment that somebody began elsewhere: its secret may be on a phone, so it is left to them. */
async function finishOrLeave(
  account: OktaAccount,
  { prev, stateToken }: AuthnTransaction,
): Promise<AuthnTransaction> {
  if (prev === undefined) throw refusal("Okta is in the middle of enrolling a factor", BROWSER);
  const response = await account.client.post(prev.href, { stateToken });
  return processAuthnResponse(response, "go back to the choice of factors to enrol");
}

const BROWSER = "enrol it once in the browser, then run okta-aws init";
const RUN_INIT = "run: okta-aws init --enroll-totp";

function refusal(message: string, hint: string): SignInError {
  return new SignInError(message, { code: "MFA_ENROLL", hint });
}

function cannotEnrol({ factors }: AuthnTransaction): SignInError {
  const names = factors.map((factor) => authenticatorOf(factor).name).join(", ");
  return refusal(
    `Okta asks you to enrol another factor: ${names || "it does not say which"}`,
    BROWSER,
  );
}

async function askConsent(account: OktaAccount, conversation: Conversation): Promise<void> {
  const asked = "Okta asks you to enrol another factor";
  if (!await conversation.canAsk()) throw refusal(asked, RUN_INIT);
  const question = `${asked}. Enrol codes of Google Authenticator, and let okta-aws keep and ` +
    `compute them for ${account.username}`;
  if (!await conversation.askConfirm(question, true)) throw refusal(`${asked}: not now`, BROWSER);
}

function parametersOf(
  { org, username }: OktaAccount,
  { sharedSecret, timeStepSeconds, digits }: TotpActivation,
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
async function keepAndActivate(
  account: OktaAccount,
  conversation: Conversation,
  started: AuthnTransaction,
  activation: TotpActivation,
): Promise<AuthnTransaction> {
  const parameters = parametersOf(account, activation);
  const uri = formatTotpUri(parameters);
  const { totp: before } = await account.secrets();
  await account.replaceTotp(uri);
  await showTotpSecret(conversation, uri, parameters);
  let activated: AuthnTransaction;
  try {
    activated = await activate(account, conversation, started, activation, parameters);
  } catch (error) {
    await account.replaceTotp(before);
    throw error;
  }
  if (account.enrollTotp !== undefined) account.enrollTotp.done = true;
  await conversation.say("the new factor is enrolled and its secret is stored");
  return activated;
}

async function activate(
  account: OktaAccount,
  conversation: Conversation,
  { stateToken }: AuthnTransaction,
  { activate: link }: TotpActivation,
  parameters: TotpParameters,
): Promise<AuthnTransaction> {
  const { client, state } = account;
  const { id = "env" } = await account.secrets();
  for (let left = TRIES;; left--) {
    const now = client.clock.now() + client.clockOffsetMilliseconds;
    const { code, counter, secondsLeft } = await totpCode(parameters, now);
    await state.change({ usedCode: { item: id, counter } });
    const response = await verifyCodeRequest(client, link, stateToken!, code);
    const error = response.status === 200 ? undefined : parseOktaError(response.body);
    if (error?.errorCode !== "E0000068" || left === 1) {
      return processAuthnResponse(response, "activate the new factor");
    }
    await conversation.say(`Okta did not take the first code: trying the next in ${secondsLeft} s`);
    await client.clock.sleep(secondsLeft * 1000);
  }
}
