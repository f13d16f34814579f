/**
 * The sign-in that happens in a browser, anywhere: Okta's device grant. Its tokens are kept while they
 * live, and each opens the page of an app without anybody being asked.
 *
 * @module
 */

import { InteractionError, SettingsError, SignInError } from "../errors.ts";
import { pollForGrant } from "../oauth/device_polling.ts";
import { FEDERATION_APP, processAppLinksResponse } from "../okta/app_links.ts";
import {
  appInstanceId,
  deviceAuthorizationRequest,
  deviceTokenRequest,
  type DeviceTokens,
  exchangeRequest,
  LEAST_SCOPES,
  processDeviceAuthorization,
  processDeviceToken,
  processExchange,
} from "../okta/device_grant.ts";
import { deviceGrantError, wantsNewSignIn } from "../okta/device_grant_errors.ts";
import { processOrgDescription } from "../okta/org.ts";
import { parseOAuthError } from "../oauth/oauth_error.ts";
import type { HttpResponse } from "../ports.ts";
import { type ClassifiedPage, classifyPage } from "../saml/html_page.ts";
import type { StoredTokens } from "../store/token_store.ts";
import type { Conversation } from "./conversation.ts";
import type { DeviceAccess } from "./device_access.ts";
import type { OktaAccount } from "./okta_account.ts";
import { showDeviceCode } from "./show_device_code.ts";
import { sparingPerson } from "./spare_person.ts";

/** An account that signs in by the device grant. */
export type DeviceAccount = OktaAccount & { device: DeviceAccess };

/** Tokens that end sooner are not begun with. */
const LEAST_MILLISECONDS = 60_000;

/**
 * Opens an app's page.
 *
 * @param account The Okta account.
 * @param conversation Who is told.
 * @param app The app's URL.
 * @param newSession Whether the person has to sign in even where tokens are kept.
 * @returns The page.
 * @throws {SignInError} Okta's refusal, explained.
 * @throws {InteractionError} `no_terminal`, `no_input`, `unanswered`
 */
export async function devicePage(
  account: DeviceAccount,
  conversation: Conversation,
  app: string,
  newSession: boolean,
): Promise<ClassifiedPage> {
  const kept = newSession ? undefined : await keptTokens(account);
  if (kept !== undefined) {
    try {
      return await openApp(account, kept, app);
    } catch (error) {
      if (!wantsNewSignIn(error)) throw error;
    }
  }
  return await openApp(account, await signInByDevice(account, conversation), app);
}

/**
 * Makes sure that tokens are kept.
 *
 * @param account The Okta account.
 * @param conversation Who is told.
 * @returns The tokens.
 */
export async function deviceSession(
  account: DeviceAccount,
  conversation: Conversation,
): Promise<StoredTokens> {
  return await keptTokens(account) ?? await signInByDevice(account, conversation);
}

/**
 * The person's apps (`GET /api/v1/users/me/appLinks`), asked for with the tokens.
 *
 * @param account The Okta account.
 * @param conversation Who is told, where a sign-in is needed first.
 * @returns The answer.
 */
export async function deviceAppLinks(
  account: DeviceAccount,
  conversation: Conversation,
): Promise<HttpResponse> {
  const { accessToken } = await deviceSession(account, conversation);
  const response = await account.client.getWithToken("/api/v1/users/me/appLinks", accessToken);
  if (response.status !== 403) return response;
  throw new SettingsError("Okta does not tell the OIDC app which AWS apps you have", {
    code: "no_aws_app",
    hint: "copy the link of your AWS app from your Okta home page and give it: " +
      "okta-aws init --sso-url URL",
  });
}

async function keptTokens(
  { device, client, secrets }: DeviceAccount,
): Promise<StoredTokens | undefined> {
  const times = await device.tokens.times();
  if (times === undefined || times.expiresAt - client.clock.now() < LEAST_MILLISECONDS) {
    return undefined;
  }
  const { sessionKey } = await secrets();
  return sessionKey && await device.tokens.read(sessionKey);
}

function signInByDevice(
  account: DeviceAccount,
  conversation: Conversation,
): Promise<StoredTokens> {
  return sparingPerson(account, conversation, async () => {
    if (!await conversation.mayPush()) throw nobody(account);
    const tokens = await account.interruptible((signal) =>
      authorize(account, conversation, signal)
    );
    const now = account.client.clock.now();
    const stored = { signedInAt: now, expiresAt: now + tokens.expiresInSeconds * 1000, ...tokens };
    const { sessionKey } = await account.secrets();
    if (sessionKey !== undefined) await account.device.tokens.write(sessionKey, stored);
    return stored;
  });
}

async function authorize(
  account: DeviceAccount,
  conversation: Conversation,
  signal: AbortSignal,
): Promise<DeviceTokens> {
  const { client, device: { clientId } } = account;
  const { pipeline } = processOrgDescription(
    (await client.get("/.well-known/okta-organization")).body,
  );
  if (pipeline === "v1") throw classicOrg();
  const code = processDeviceAuthorization(await askForCode(account));
  await showDeviceCode(conversation, code, {
    owns: (url) => client.owns(url),
    openBrowser: account.device.openBrowser,
  });
  const { patienceMilliseconds } = conversation;
  const poll = async () =>
    processDeviceToken(await deviceTokenRequest(client, clientId, code.deviceCode));
  const outcome = await pollForGrant(client.clock, code, poll, { patienceMilliseconds, signal });
  if (outcome.kind === "granted") return outcome.value;
  throw outcome.kind === "expired" ? expired() : unanswered(account);
}

/** An org that takes none but the scopes it knows is asked for the least. */
async function askForCode({ client, device }: DeviceAccount): Promise<HttpResponse> {
  const response = await deviceAuthorizationRequest(client, device.clientId);
  if (parseOAuthError(response.body)?.error !== "invalid_scope") return response;
  return await deviceAuthorizationRequest(client, device.clientId, LEAST_SCOPES);
}

async function openApp(
  { client, device }: DeviceAccount,
  tokens: StoredTokens,
  app: string,
): Promise<ClassifiedPage> {
  const id = appInstanceId(app) ?? await onlyApp(client, tokens, app);
  const response = await exchangeRequest(client, device.clientId, tokens, id);
  const token = processExchange(response).reveal();
  const page = await ssoPage(client, new URLSearchParams({ token }));
  if (parseOAuthError(page.body) !== undefined) throw deviceGrantError(page);
  const classified = classifyPage(page.body, page.status);
  if (classified.kind === "step_up") throw wantsMore();
  return classified;
}

/** Older orgs know the GET alone; who refuses the POST's method has not used the token up. */
async function ssoPage(
  client: OktaAccount["client"],
  form: URLSearchParams,
): Promise<HttpResponse> {
  const { response } = await client.page("/login/token/sso", form);
  if (response.status !== 404 && response.status !== 405) return response;
  return (await client.page(`/login/token/sso?${form}`)).response;
}

/** More than a token can give: the page asks for a step that happens in a browser. */
function wantsMore(): SignInError {
  return new SignInError("the AWS app asks for one more step behind the device sign-in", {
    code: "assurance_not_met",
    hint:
      "ask your Okta administrator to give the OIDC app the same policy as the AWS app, or set " +
      "auth = auto",
  });
}

/** A sign-on URL (`/app/…/exk…/sso/saml`) does not say by which id the app is asked for. */
async function onlyApp(
  client: OktaAccount["client"],
  { accessToken }: StoredTokens,
  app: string,
): Promise<string> {
  const response = await client.getWithToken("/api/v1/users/me/appLinks", accessToken);
  const links = response.status === 200 ? processAppLinksResponse(response) : [];
  const ids = links.filter(({ appName }) =>
    appName === FEDERATION_APP || app.includes(`/${appName}/`)
  )
    .map(({ linkUrl }) => appInstanceId(linkUrl)).filter((id) => id !== undefined);
  if (ids.length === 1) return ids[0]!;
  throw new SettingsError(
    "the AWS app's link does not tell the app's id, which auth = device needs",
    {
      code: "no_app_id",
      hint:
        "copy the link of the AWS app from your Okta home page (…/home/amazon_aws/0oa…/272) and " +
        "give it: okta-aws init --sso-url URL",
    },
  );
}

function command({ name }: OktaAccount): string {
  return `okta-aws signin${name === "default" ? "" : ` --account ${name}`}`;
}

function nobody(account: OktaAccount): InteractionError {
  return new InteractionError("somebody has to sign in in a browser, and nobody is asked here", {
    code: "no_terminal",
    hint: `run this in a terminal: ${command(account)}`,
  });
}

function unanswered(account: OktaAccount): InteractionError {
  return new InteractionError("nobody has signed in in the browser in time", {
    code: "unanswered",
    hint: `run this in a terminal: ${command(account)}`,
  });
}

function expired(): SignInError {
  return new SignInError("the code has expired before it was approved in the browser", {
    code: "expired_token",
    hint: "run the command again, and open its new address",
  });
}

function classicOrg(): SignInError {
  return new SignInError("this org runs Okta Classic, which has no device grant", {
    code: "classic_org",
    hint: "set auth = auto in the settings of the account",
  });
}
