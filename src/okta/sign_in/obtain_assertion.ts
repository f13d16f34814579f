/**
 * The SAML assertion of an AWS app, from a live session or a new sign-in.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { appSessionUrl, sessionCookieUrl } from "../client/sessions.ts";
import type { SamlAssertion } from "../../saml/assertion.ts";
import type { ClassifiedPage, SamlForm } from "../../saml/html_page.ts";
import { withAccountInHint } from "./account_hints.ts";
import { inBrowserIfNeeded, openByKeptCookies, openInBrowser } from "./open_in_browser.ts";
import { keepSession, restoreDevice, restoreSession } from "./kept_session.ts";
import type { OktaAccount } from "./okta_account.ts";
import { type OpenedPage, openPage } from "./open_page.ts";
import { preparePassword } from "../factors/password.ts";
import type { FinishedTransaction } from "../classic/authn_sign_in.ts";
import { detectSignInApi, rememberApi, type SignInApi } from "./sign_in_api.ts";

/** An app's assertion, and the form that carries it. */
export interface AppAssertion {
  /** The app's URL. */
  app: string;
  /** The form of the app's page: the response goes to STS and, for aliases, to its action. */
  form: SamlForm;
  assertion: SamlAssertion;
}

/** How many more steps an app may ask for before we call it a circle. */
const STEPS = 4;

/**
 * Fetches the assertion of an app.
 *
 * @param app The app's URL.
 * @param options `newSession` signs in even if a session is alive: `init` proves the secrets.
 * @throws {SignInError} If Okta does not let the person in, or not into this app.
 * @throws {AssertionError} If the page has no assertion for STS.
 */
export async function obtainAssertion(
  account: OktaAccount,
  app: string,
  { newSession = false } = {},
): Promise<AppAssertion> {
  const page = await named(account, () => openApp(account, app, newSession));
  if (page.kind !== "saml_response") throw (await import("./page_errors.ts")).pageError(page);
  const { parseSamlResponse } = await import("../../saml/assertion.ts");
  return { app, form: page.form, assertion: parseSamlResponse(page.form.samlResponse) };
}

/** Errors name the account in what they say to do. */
async function named<T>({ name }: OktaAccount, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw withAccountInHint(error, name);
  }
}

/** The app's page, by the API that the account signs in with, or in the browser. */
async function openApp(
  account: OktaAccount,
  app: string,
  newSession: boolean,
): Promise<ClassifiedPage> {
  return await inBrowserIfNeeded(
    account,
    () => openByApi(account, app, newSession),
    async () => {
      const known = newSession ? undefined : await openByKeptCookies(account, app);
      return known ?? await openInBrowser(account, app, "assertion");
    },
  );
}

async function openByApi(
  account: OktaAccount,
  app: string,
  newSession: boolean,
): Promise<ClassifiedPage> {
  const { device } = account.session;
  if (device !== undefined) {
    const { devicePage } = await import("../device/device_sign_in.ts");
    return await devicePage({ ...account, device }, app, newSession);
  }
  account.session.http.connectEarly?.(account.org);
  let at = newSession ? undefined : await pageOfLiveSession(account, app);
  at ??= await signInAt(account, app);
  for (let step = 0; at.page.kind === "step_up" && step < STEPS; step++) {
    const { answerStepUp } = await import("./step_up.ts");
    at = await answerStepUp(account, at, app);
    await keepSession(account);
  }
  return at.page;
}

/** Signs in, keeps the session for later commands, and returns the target page. */
export async function signInTo(
  account: OktaAccount,
  target: string,
): Promise<ClassifiedPage> {
  const signIn = () =>
    inBrowserIfNeeded(
      account,
      async () => (await signInAt(account, target)).page,
      () => {
        const isHome = new URL(target).pathname === "/";
        return isHome
          ? openInBrowser(account, `${account.org}/app/UserHome`, "session")
          : openInBrowser(account, target, "assertion");
      },
    );
  return await named(account, signIn);
}

async function signInAt(
  account: OktaAccount,
  target: string,
): Promise<OpenedPage> {
  account.session.http.connectEarly?.(account.org);
  await preparePassword(account);
  // Okta knows the device by its cookie, even if the session is over.
  await restoreDevice(account);
  const api = await detectSignInApi(account, target);
  try {
    const [worked, at] = await signInBy(api, account, target);
    await rememberApi(account, target, worked);
    await keepSession(account);
    return at;
  } catch (error) {
    // An org may have moved to the other API since: next time it is detected again.
    if (error instanceof SignInError) await rememberApi(account, target, undefined);
    throw error;
  }
}

/** @returns The API that led there, and the page. */
async function signInBy(
  api: SignInApi,
  account: OktaAccount,
  target: string,
): Promise<[SignInApi, OpenedPage]> {
  if (api === "idx") {
    const { signInAtPage } = await import("./step_up.ts");
    const at = await signInAtPage(account, target);
    if (at !== undefined) return ["idx", at];
  }
  const { signInByAuthn } = await import("../classic/authn_sign_in.ts");
  const transaction = await signInByAuthn(account);
  return ["authn", await followTransaction(account, transaction, target)];
}

/** @returns `undefined` if there is no session, or Okta has ended it. */
async function pageOfLiveSession(
  account: OktaAccount,
  app: string,
): Promise<OpenedPage | undefined> {
  if (!await restoreSession(account)) return undefined;
  const isClassic = await account.session.client.knownPipeline() === "v1";
  const at = await openPage(account, app, { isClassic });
  return at.page.kind === "sign_in_page" ? undefined : at;
}

/**
 * A sessionToken becomes cookies, on Classic with the same request that opens the app; without one
 * Okta's own link goes on (https://developer.okta.com/docs/guides/session-cookie/main/).
 */
async function followTransaction(
  account: OktaAccount,
  { sessionToken, next }: FinishedTransaction,
  target: string,
): Promise<OpenedPage> {
  if (sessionToken === undefined) return await openPage(account, next?.href ?? target);
  // The Identity Engine sets its own cookie only at the redirect.
  const isClassic = await account.session.client.knownPipeline() === "v1";
  const direct = isClassic ? appSessionUrl(target, sessionToken) : undefined;
  const at = direct === undefined ? undefined : await openPage(account, direct);
  // An app that has ignored the token shows the sign-in page. A used token leads there again.
  if (at !== undefined && at.page.kind !== "sign_in_page") return at;
  return await openPage(account, sessionCookieUrl(account.org, sessionToken, target));
}
