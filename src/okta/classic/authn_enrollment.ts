/**
 * Enrolling a time-based code (Google Authenticator).
 *
 * Source: https://developer.okta.com/docs/reference/api/authn/#enroll-google-authenticator-factor
 *
 * @module
 */

import * as v from "valibot";
import type { HttpResponse } from "../../ports.ts";
import { lenient, number, object } from "../../schemas.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StepResult } from "../factors/authenticator.ts";
import { processAuthnResponse, verifyCodeRequest } from "./authn.ts";
import { authenticatorOf } from "./authn_factors.ts";
import type { AuthnLink, AuthnTransaction, Factor } from "./authn_transaction.ts";
import type { OktaClient } from "../client/client.ts";
import { oktaError, parseOktaError } from "../client/error_codes.ts";
import type { EnrollmentOffer, StartedEnrollment, TotpKey } from "../factors/enroll_totp.ts";

/** The key, and the link that takes the first code. */
export interface TotpActivation extends TotpKey {
  activate: string;
}

const count = lenient(number);
const activationSchema = object({
  sharedSecret: v.string(),
  timeStep: count,
  keyLength: count,
  encoding: lenient(v.string()),
});

/** Google Authenticator only: Okta shows its secret, but not that of Okta Verify. */
export function enrollableTotp({ factors }: AuthnTransaction): Factor | undefined {
  return factors.find(({ factorType, provider, enroll, status }) =>
    factorType === "token:software:totp" && provider === "GOOGLE" && enroll !== undefined &&
    status !== "ACTIVE"
  );
}

export function enrollTotpRequest(
  client: OktaClient,
  enroll: string,
  stateToken: Secret | undefined,
): Promise<HttpResponse> {
  const factor = { factorType: "token:software:totp", provider: "GOOGLE" };
  return client.post(enroll, { stateToken, ...factor });
}

export function processTotpActivation(
  { factor, next }: AuthnTransaction,
): TotpActivation | undefined {
  if (factor?.factorType !== "token:software:totp" || next?.name !== "activate") return undefined;
  const parsed = v.safeParse(activationSchema, factor.embedded.activation);
  if (!parsed.success || (parsed.output.encoding ?? "base32").toLowerCase() !== "base32") {
    return undefined;
  }
  const { sharedSecret, timeStep = 30, keyLength } = parsed.output;
  return {
    sharedSecret: new Secret(sharedSecret),
    timeStepSeconds: timeStep,
    // Some orgs send the length of the key here; then codes have 6 digits (default of RFC
    // 6238).
    digits: keyLength === 7 || keyLength === 8 ? keyLength : 6,
    activate: next.href,
  };
}

/** Okta's request to enrol a factor (MFA_ENROLL or MFA_ENROLL_ACTIVATE). */
export function authnEnrollment(
  client: OktaClient,
  transaction: AuthnTransaction,
): EnrollmentOffer<AuthnTransaction> {
  const { status, prev, skip, factors, stateToken } = transaction;
  const leaveBy = (link: AuthnLink | undefined, doing: string) =>
    link && (async () => processAuthnResponse(await client.post(link.href, { stateToken }), doing));
  if (status === "MFA_ENROLL_ACTIVATE") {
    const leave = leaveBy(prev, "go back to the list of factors to enrol");
    return { names: "", underWay: true, leave, start: undefined };
  }
  const enroll = enrollableTotp(transaction)?.enroll;
  return {
    names: factors.map((factor) => authenticatorOf(factor).name).join(", "),
    underWay: false,
    leave: leaveBy(skip, "continue without another factor"),
    start: enroll === undefined ? undefined : () => startTotp(client, enroll, stateToken),
  };
}

async function startTotp(
  client: OktaClient,
  enroll: string,
  stateToken: Secret | undefined,
): Promise<StartedEnrollment<AuthnTransaction> | undefined> {
  const response = await enrollTotpRequest(client, enroll, stateToken);
  const started = processAuthnResponse(response, "enrol a time-based code");
  const key = processTotpActivation(started);
  if (key === undefined) return undefined;
  return {
    key,
    async activate(code) {
      const answer = { stateToken: started.stateToken!, passCode: code };
      const answered = await verifyCodeRequest(client, key.activate, answer);
      return processActivationResponse(answered);
    },
  };
}

/** A wrong code does not end the enrolment. */
function processActivationResponse(response: HttpResponse): StepResult<AuthnTransaction> {
  const doing = "activate the new factor";
  const error = response.status === 200 ? undefined : parseOktaError(response.body);
  if (error?.errorCode !== "E0000068") {
    return { kind: "next", transaction: processAuthnResponse(response, doing) };
  }
  return {
    kind: "refused",
    reason: "wrong",
    says: showUntrusted(error.errorSummary),
    error: oktaError(response, doing),
  };
}
