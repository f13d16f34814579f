/**
 * The SAML assertion of an AWS app: out of the session that is alive, else out of a new sign-in.
 *
 * @module
 */

import { AssertionError, SignInError } from "../errors.ts";
import { sessionCookieUrl } from "../okta/sessions.ts";
import { parseSamlResponse, type SamlAssertion } from "../saml/assertion.ts";
import {
  type ClassifiedPage,
  classifyPage,
  type IntermediateForm,
  type SamlForm,
} from "../saml/html_page.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { stateTokenFromUrl } from "../saml/state_token.ts";
import type { Conversation } from "./conversation.ts";
import { endSession, keepSession, restoreDevice, restoreSession } from "./kept_session.ts";
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
  const page = await openApp(account, conversation, app, newSession);
  if (page.kind !== "saml_response") throw pageError(page);
  return { app, form: page.form, assertion: parseSamlResponse(page.form.samlResponse) };
}

/** The app's page, however the account signs in. */
async function openApp(
  account: OktaAccount,
  conversation: Conversation,
  app: string,
  newSession: boolean,
): Promise<ClassifiedPage> {
  const { device } = account;
  if (device !== undefined) {
    const { devicePage } = await import("./device_sign_in.ts");
    return await devicePage({ ...account, device }, conversation, app, newSession);
  }
  let page = newSession ? undefined : await pageOfLiveSession(account, app);
  page ??= await signInTo(account, conversation, app);
  for (let step = 0; page.kind === "step_up" && step < STEPS; step++) {
    const transaction = await stepUp(account, conversation, page.stateToken);
    page = await followStepUp(account, transaction, app);
    await keepSession(account);
  }
  return page;
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
  // Okta knows the device by its cookie, whatever became of the session.
  await restoreDevice(account);
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
  return undefined;
}

/**
 * Opens a page; forms on the way that a browser would submit by itself are submitted, within the org.
 * A redirect to a step-up carries the stateToken even where the page behind it does not.
 */
async function openPage({ client }: OktaAccount, address: string): Promise<ClassifiedPage> {
  let { response, url } = await client.page(address);
  let page = classifyPage(response.body, response.status);
  for (let forms = 0; isIntermediate(page) && forms < STEPS; forms++) {
    ({ response, url } = await submit(client, page.form, url));
    page = classifyPage(response.body, response.status);
  }
  const hasNone = page.kind === "unknown" || page.kind === "sign_in_page";
  const stateToken = hasNone ? stateTokenFromUrl(url.href) : undefined;
  return stateToken === undefined ? page : { kind: "step_up", stateToken };
}

function isIntermediate(
  page: ClassifiedPage,
): page is Extract<ClassifiedPage, { form: IntermediateForm }> {
  return page.kind === "relay_form" || page.kind === "saml_request_form";
}

/** The client refuses an address outside the org, before anything is sent. */
function submit(
  client: OktaAccount["client"],
  { action, method, fields }: IntermediateForm,
  from: URL,
): ReturnType<OktaAccount["client"]["page"]> {
  const url = new URL(action, from);
  const values = new URLSearchParams();
  for (const [name, value] of fields) values.set(name, value.reveal());
  if (method === "POST") return client.page(url.href, values);
  url.search = values.toString();
  return client.page(url.href);
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

/**
 * A step-up goes on by its link. Where there is only a sessionToken, the old session has to go first:
 * Okta takes no sessionToken from a browser that has a session, and would ask for the step again.
 */
function followStepUp(
  account: OktaAccount,
  transaction: FinishedTransaction,
  target: string,
): Promise<ClassifiedPage> {
  const { next, sessionToken } = transaction;
  if (next !== undefined) return openPage(account, next.href);
  if (sessionToken !== undefined) endSession(account);
  return followTransaction(account, transaction, target);
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
