/**
 * A page that asks for more before it opens the app, answered by the API that its stateToken is
 * for.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { sessionCookieUrl } from "../client/sessions.ts";
import type { ClassifiedPage } from "../../saml/html_page.ts";
import { CAPTCHA } from "../idx/idx_errors.ts";
import type { IdxPage } from "../idx/idx_sign_in.ts";
import { clearSessionCookies } from "./kept_session.ts";
import type { OktaAccount } from "./okta_account.ts";
import { type OpenedPage, openPage } from "./open_page.ts";
import { type FinishedTransaction, stepUpByAuthn } from "../classic/authn_sign_in.ts";

/** A page with a stateToken. */
type AskingPage = OpenedPage & { page: Extract<ClassifiedPage, { kind: "step_up" }> };

function asks(at: OpenedPage): at is AskingPage {
  return at.page.kind === "step_up";
}

/**
 * Answers a page that asks for more, and returns what the app shows then. An existing session
 * stays.
 *
 * @throws {SignInError} Okta's refusal.
 */
export async function answerStepUp(
  account: OktaAccount,
  at: OpenedPage,
  app: string,
): Promise<OpenedPage> {
  if (!asks(at)) return at;
  const pipeline = await account.session.client.pipeline();
  if (pipeline === "idx") return await throughIdx(account, at, app);
  try {
    const transaction = await stepUpByAuthn(account, at.page.stateToken);
    return await followStepUp(account, transaction, app);
  } catch (error) {
    // The authn API does not know the Identity Engine's tokens, and the org may have moved to it.
    const isUnknownToken = error instanceof SignInError && error.code === "E0000011";
    const mayBeIdx = pipeline === undefined ||
      isUnknownToken && await account.session.client.pipelineNow() !== "v1";
    if (!isUnknownToken || !mayBeIdx) throw error;
    return await throughIdx(account, at, app);
  }
}

/**
 * Signs in at a page's own sign-in.
 *
 * @param account Has no session.
 * @returns `undefined` if the authn API has to do it; no password has been sent then.
 * @throws {SignInError} Okta's refusal.
 */
export async function signInAtPage(
  account: OktaAccount,
  target: string,
): Promise<OpenedPage | undefined> {
  const at = await openPage(account, target);
  const isForced = account.auth === "idx";
  if (!asks(at)) {
    if (at.page.kind !== "sign_in_page" && at.page.kind !== "unknown") return at;
    if (isForced) throw notIdentityEngine();
    return undefined;
  }
  try {
    return await throughIdx(account, at, target);
  } catch (error) {
    const isCaptcha = error instanceof SignInError && error.code === CAPTCHA;
    if (isForced || !isCaptcha) throw error;
    // Not a failure: nothing has been tried yet.
    await account.session.state.change({ failed: undefined });
    clearSessionCookies(account);
    return undefined;
  }
}

function notIdentityEngine(): SignInError {
  return new SignInError("the AWS app's page has no sign-in of Okta Identity Engine", {
    code: "no_idx",
    hint: "set auth = auto in the settings, or remove it",
  });
}

async function throughIdx(
  account: OktaAccount,
  at: AskingPage,
  target: string,
): Promise<OpenedPage> {
  const reopen = async (): Promise<IdxPage | undefined> => {
    const again = await openPage(account, target);
    return asks(again) ? pageOf(again) : undefined;
  };
  const { signInByIdx } = await import("../idx/idx_sign_in.ts");
  const entry = { ...pageOf(at), address: target, reopen };
  const href = await signInByIdx(account, entry);
  const arrived = await openPage(account, href, { arrives: true });
  const isLost = ["unknown", "sign_in_page", "error_page"].includes(arrived.page.kind);
  return isLost ? await openPage(account, target) : arrived;
}

function pageOf({ page, url }: AskingPage): IdxPage {
  return { stateToken: page.stateToken, origin: url.origin };
}

/**
 * A step-up goes on by its link. If there is only a sessionToken, the old session has to go first:
 * Okta
 * takes no sessionToken from a browser that has a session, and would ask for the step again.
 */
function followStepUp(
  account: OktaAccount,
  { next, sessionToken }: FinishedTransaction,
  target: string,
): Promise<OpenedPage> {
  if (next !== undefined) return openPage(account, next.href);
  if (sessionToken === undefined) return openPage(account, target);
  clearSessionCookies(account);
  return openPage(account, sessionCookieUrl(account.org, sessionToken, target));
}
