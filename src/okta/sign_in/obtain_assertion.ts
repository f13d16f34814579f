/**
 * The SAML assertion of an AWS app: out of the session that is alive, else out of a new sign-in.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { sessionCookieUrl } from "../client/sessions.ts";
import { parseSamlResponse, type SamlAssertion } from "../../saml/assertion.ts";
import type { ClassifiedPage, SamlForm } from "../../saml/html_page.ts";
import { keepSession, restoreDevice, restoreSession } from "./kept_session.ts";
import type { OktaAccount } from "./okta_account.ts";
import { type OpenedPage, openPage } from "./open_page.ts";
import { pageError } from "./page_errors.ts";
import { type FinishedTransaction, signInByAuthn } from "../classic/authn_sign_in.ts";
import { answerStepUp, signInAtPage } from "./step_up.ts";
import { detectSignInApi, rememberWay, type Way } from "./sign_in_api.ts";

/** An app's assertion, and the form that carries it. */
export interface AppAssertion {
  /** The app's URL. */
  app: string;
  /** The form of the app's page: the response goes to STS and, for aliases, to its action. */
  form: SamlForm;
  /** What the response says. */
  assertion: SamlAssertion;
}

/** How often an app may ask for one more step before we call it a circle. */
const STEPS = 4;

/**
 * Fetches the assertion of an app.
 *
 * @param account The Okta account.
 * @param app The app's URL.
 * @param options `newSession` signs in even where a session is alive: `init` proves the secrets.
 * @returns The assertion.
 * @throws {SignInError} Where Okta does not let the person in, or not into this app.
 * @throws {AssertionError} Where what comes is no assertion for STS.
 */
export async function obtainAssertion(
  account: OktaAccount,
  app: string,
  { newSession = false } = {},
): Promise<AppAssertion> {
  const page = await openApp(account, app, newSession);
  if (page.kind !== "saml_response") throw pageError(page);
  return { app, form: page.form, assertion: parseSamlResponse(page.form.samlResponse) };
}

/** The app's page, however the account signs in. */
async function openApp(
  account: OktaAccount,
  app: string,
  newSession: boolean,
): Promise<ClassifiedPage> {
  const { device } = account.session;
  if (device !== undefined) {
    const { devicePage } = await import("../device/device_sign_in.ts");
    return await devicePage({ ...account, device }, app, newSession);
  }
  let at = newSession ? undefined : await pageOfLiveSession(account, app);
  at ??= await signInAt(account, app);
  for (let step = 0; at.page.kind === "step_up" && step < STEPS; step++) {
    at = await answerStepUp(account, at, app);
    await keepSession(account);
  }
  return at.page;
}

/**
 * Makes sure that there is an Okta session, and keeps it for the commands that come.
 *
 * @param account The Okta account.
 * @param target The page to go on to.
 * @returns That page.
 */
export async function signInTo(
  account: OktaAccount,
  target: string,
): Promise<ClassifiedPage> {
  return (await signInAt(account, target)).page;
}

async function signInAt(
  account: OktaAccount,
  target: string,
): Promise<OpenedPage> {
  // Okta knows the device by its cookie, whatever became of the session.
  await restoreDevice(account);
  const way = await detectSignInApi(account, target);
  try {
    const [worked, at] = await signInBy(way, account, target);
    await rememberWay(account, target, worked);
    await keepSession(account);
    return at;
  } catch (error) {
    // An org may have moved to the other API since: next time it is looked at anew.
    if (error instanceof SignInError) await rememberWay(account, target, undefined);
    throw error;
  }
}

/** @returns The way that led there, and the page. */
async function signInBy(
  way: Way,
  account: OktaAccount,
  target: string,
): Promise<[Way, OpenedPage]> {
  if (way === "idx") {
    const at = await signInAtPage(account, target);
    if (at !== undefined) return ["idx", at];
  }
  const transaction = await signInByAuthn(account);
  return ["authn", await followTransaction(account, transaction, target)];
}

/** @returns `undefined` where there is no session, or Okta has ended it. */
async function pageOfLiveSession(
  account: OktaAccount,
  app: string,
): Promise<OpenedPage | undefined> {
  if (!await restoreSession(account)) return undefined;
  const at = await openPage(account, app);
  return at.page.kind === "sign_in_page" ? undefined : at;
}

/** A sessionToken becomes cookies; without one Okta's own link goes on (protocol.md, a.2). */
function followTransaction(
  account: OktaAccount,
  { sessionToken, next }: FinishedTransaction,
  target: string,
): Promise<OpenedPage> {
  const address = sessionToken === undefined
    ? next?.href ?? target
    : sessionCookieUrl(account.org, sessionToken, target);
  return openPage(account, address);
}
