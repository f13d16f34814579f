/**
 * Pages that are opened in the person's browser: with `auth = browser`, or offered where a terminal
 * can't sign in.
 *
 * @module
 */

import { InteractionError, OktaAwsError, SignInError } from "../../errors.ts";
import type { ClassifiedPage } from "../../saml/html_page.ts";
import type { Goal } from "../browser/browser_sign_in.ts";
import { keepSession, restoreSession } from "./kept_session.ts";
import type { OktaAccount } from "./okta_account.ts";
import { openPage } from "./open_page.ts";

/** What only a browser can answer. */
const NEEDS_BROWSER: readonly string[] = [
  ...["fastpass_only", "external_idp", "captcha", "idx_browser", "factor_not_supported"],
  ...["left_org", "no_fido2_tools", "session_not_accepted"],
];

/** Device trust, by the keys of Identity Engine's messages. */
const DEVICE_TRUST =
  /device_assurance|end_user_remediation|device_enrollment|device\.(?:not|management)/;

/**
 * Opens a page by Okta's APIs; in the browser if the account is set so, or if Okta asks for what only
 * a browser has and the person agrees.
 */
export async function inBrowserIfNeeded<T>(
  account: OktaAccount,
  byApi: () => Promise<T>,
  inBrowser: () => Promise<T>,
): Promise<T> {
  const { browser } = account.session;
  if (browser.inUse) return await inBrowser();
  try {
    return await byApi();
  } catch (error) {
    if (!await isBrowserWanted(account, error)) throw error;
    browser.inUse = true;
    const page = await inBrowser();
    await browser.remember();
    return page;
  }
}

/** Asks the person, if a browser can help and a window can open. */
async function isBrowserWanted(account: OktaAccount, error: unknown): Promise<boolean> {
  const { interaction, session: { browser, state } } = account;
  const isKnown = (error instanceof SignInError || error instanceof InteractionError) &&
    (NEEDS_BROWSER.includes(error.code) || DEVICE_TRUST.test(error.code));
  if (!isKnown || !browser.offered || !interaction.foreground || !await interaction.canAsk()) {
    return false;
  }
  const access = await browser.open();
  try {
    if (await access.whyNoWindow() !== undefined) return false;
    await access.find();
  } catch (failure) {
    if (!(failure instanceof OktaAwsError)) throw failure;
    return false;
  }
  await interaction.say(error.message);
  if (!await interaction.askConfirm("This sign-in needs a browser. Open one?", true)) return false;
  // Not a failure that this run has to share: it goes on.
  await state.change({ failed: undefined });
  return true;
}

/** The app's page by the cookies that a browser has left, if Okta takes them from us. */
export async function openByKeptCookies(
  account: OktaAccount,
  app: string,
): Promise<ClassifiedPage | undefined> {
  const { state } = account.session;
  if ((await state.read()).browserOnly?.includes(app)) return undefined;
  if (!await restoreSession(account)) return undefined;
  let page: ClassifiedPage;
  try {
    ({ page } = await openPage(account, app));
  } catch (error) {
    // The way through another identity provider is the browser's.
    if (error instanceof SignInError && error.code === "left_org") return undefined;
    throw error;
  }
  return page.kind === "saml_response" || page.kind === "not_assigned" ? page : undefined;
}

/** Opens a page in the browser, and takes over the org's session. */
export async function openInBrowser(
  account: OktaAccount,
  target: string,
  goal: Goal,
): Promise<ClassifiedPage> {
  const { client, state } = account.session;
  const { signInByBrowser } = await import("../browser/browser_sign_in.ts");
  const browser = await account.session.browser.open();
  const isBound = await wasJustRefused(account);
  const { page, cookies, unattended } = await signInByBrowser(
    { ...account, browser },
    target,
    goal,
  );
  if (isBound && unattended && goal === "assertion" && page.kind === "saml_response") {
    await state.change(({ browserOnly = [] }) => ({
      browserOnly: [...new Set([...browserOnly, target])],
    }));
  }
  client.jar.restore(cookies);
  await keepSession(account);
  return page;
}

/** A session so young that Okta has not ended it: if it was refused, it is bound to the browser. */
const YOUNG_MILLISECONDS = 10 * 60_000;

async function wasJustRefused({ session: { client, kept } }: OktaAccount): Promise<boolean> {
  const signedInAt = await kept.signedInAt();
  const isOurs = client.jar.cookies().some(({ name }) => name === "sid" || name === "idx");
  return isOurs && signedInAt !== undefined && client.clock.now() - signedInAt < YOUNG_MILLISECONDS;
}
