/**
 * The SAML assertion of an AWS app: out of the session that is alive, else out of a new sign-in.
 *
 * @module
 */

import { AssertionError, SignInError } from "../errors.ts";
import { sessionCookieUrl } from "../okta/sessions.ts";
import { parseSamlResponse, type SamlAssertion } from "../saml/assertion.ts";
import { type ClassifiedPage, classifyPage, type SamlForm } from "../saml/html_page.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import type { OktaAccount } from "./okta_account.ts";
import { type FinishedTransaction, signIn, stepUp } from "./sign_in.ts";

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
 * @param conversation Who is told and asked.
 * @param app The app's URL.
 * @param options `newSession` signs in even where a session is alive: `init` proves the secrets.
 * @returns The assertion.
 * @throws {SignInError} Where Okta does not let the person in, or not into this app.
 * @throws {AssertionError} Where what comes is no assertion for STS.
 */
export async function obtainAssertion(
  account: OktaAccount,
  conversation: Conversation,
  app: string,
  { newSession = false } = {},
): Promise<AppAssertion> {
  let page = newSession ? undefined : await pageOfLiveSession(account, app);
  page ??= await signInTo(account, conversation, app);
  for (let step = 0; page.kind === "step_up" && step < STEPS; step++) {
    const transaction = await stepUp(account, conversation, page.stateToken);
    page = await followStepUp(account, transaction, app);
    await keepSession(account);
  }
  if (page.kind !== "saml_response") throw pageError(page);
  return { app, form: page.form, assertion: parseSamlResponse(page.form.samlResponse) };
}

/**
 * Makes sure that there is an Okta session, and keeps it for the commands that come.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param target The page to go on to.
 * @returns That page.
 */
export async function signInTo(
  account: OktaAccount,
  conversation: Conversation,
  target: string,
): Promise<ClassifiedPage> {
  const transaction = await signIn(account, conversation);
  const page = await followTransaction(account, transaction, target);
  await keepSession(account);
  return page;
}

/** @returns `undefined` where there is no session, or Okta has ended it. */
async function pageOfLiveSession(
  account: OktaAccount,
  app: string,
): Promise<ClassifiedPage | undefined> {
  if (!await restoreSession(account)) return undefined;
  const page = await openPage(account, app);
  if (page.kind !== "sign_in_page") return page;
  account.client.jar.keepOnly(["DT"]);
  return undefined;
}

/**
 * Puts the kept session's cookies back into the jar.
 *
 * @param account The Okta account.
 * @returns Whether there are any; whether Okta still knows them is not asked.
 */
export async function restoreSession(account: OktaAccount): Promise<boolean> {
  const { jar } = account.client;
  if (jar.cookies().length > 0) return true;
  if (await account.sessions.signedInAt() === undefined) return false;
  const { sessionKey } = await account.secrets();
  const stored = sessionKey && await account.sessions.read(sessionKey);
  if (stored === undefined) return false;
  jar.restore(stored.cookies);
  return stored.cookies.length > 0;
}

async function keepSession(account: OktaAccount): Promise<void> {
  const { client, sessions } = account;
  const { sessionKey } = await account.secrets();
  if (sessionKey === undefined) return;
  await sessions.write(sessionKey, {
    signedInAt: client.clock.now(),
    cookies: client.jar.cookies(),
  });
}

async function openPage({ client }: OktaAccount, url: string): Promise<ClassifiedPage> {
  const { response } = await client.page(url);
  return classifyPage(response.body, response.status);
}

/** A sessionToken becomes cookies; without one Okta's own link goes on (protocol.md, a.2). */
function followTransaction(
  account: OktaAccount,
  { sessionToken, next }: FinishedTransaction,
  target: string,
): Promise<ClassifiedPage> {
  if (sessionToken !== undefined) {
    return openPage(account, sessionCookieUrl(account.org, sessionToken, target));
  }
  return openPage(account, next?.href ?? target);
}

/** Where there is no link, the sessionToken makes a session anew: one that lives would hide it. */
function followStepUp(
  account: OktaAccount,
  transaction: FinishedTransaction,
  app: string,
): Promise<ClassifiedPage> {
  if (transaction.next !== undefined) return openPage(account, transaction.next.href);
  account.client.jar.keepOnly(["DT"]);
  return followTransaction(account, transaction, app);
}

function pageError(page: ClassifiedPage): SignInError | AssertionError {
  switch (page.kind) {
    case "identity_center":
      return new AssertionError("this app is AWS IAM Identity Center, not AWS account federation", {
        code: "identity_center",
        hint: "its assertion can't be used at STS: take the link of the app that is called " +
          "AWS Account Federation, if your company has it",
      });
    case "not_assigned":
      return new SignInError(`Okta does not open the AWS app: ${showUntrusted(page.message)}`, {
        code: "not_assigned",
        hint: "ask your Okta administrator to assign it to you, or check the app's link",
      });
    case "error_page":
      return new SignInError(`Okta does not open the AWS app: ${showUntrusted(page.message)}`, {
        code: "app_error",
        hint: "open the AWS app in a browser: does it work there?",
      });
    case "sign_in_page":
      return new SignInError("Okta shows its sign-in page again in place of the AWS app", {
        code: "session_not_accepted",
        hint: "the app may want a way to sign in that a terminal can't offer: does it work in a " +
          "browser?",
      });
    default:
      return new SignInError("what Okta shows in place of the AWS app is not known to okta-aws", {
        code: "unknown_page",
        hint: "is this the AWS app's link? Open it in a browser",
      });
  }
}
