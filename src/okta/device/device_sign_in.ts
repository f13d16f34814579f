/**
 * An app's page by Okta's device grant: its tokens are exchanged for one that opens the page.
 *
 * @module
 */

import { SettingsError, SignInError } from "../../errors.ts";
import { parseOAuthError } from "../../oauth/oauth_error.ts";
import { oktaError } from "../client/error_codes.ts";
import { FEDERATION_APP, processAppLinksResponse } from "../client/app_links.ts";
import { appInstanceId, exchangeRequest, processExchange } from "./device_grant.ts";
import { deviceGrantError, wantsNewSignIn } from "./device_grant_errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { type ClassifiedPage, classifyPage } from "../../saml/html_page.ts";
import type { StoredTokens } from "./token_store.ts";
import { type DeviceAccount, deviceSession, keptTokens, signInByDevice } from "./device_tokens.ts";
import type { OktaClient } from "../client/client.ts";

/**
 * Opens an app's page.
 *
 * @param newSession Whether the person has to sign in even if tokens are kept.
 * @throws {SignInError} Okta's refusal, explained.
 * @throws {InteractionError} `no_terminal`, `no_input`, `unanswered`
 */
export async function devicePage(
  account: DeviceAccount,
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
  return await openApp(account, await signInByDevice(account), app);
}

/** The person's apps (`GET /api/v1/users/me/appLinks`). */
export async function deviceAppLinks(
  account: DeviceAccount,
): Promise<HttpResponse> {
  const { accessToken } = await deviceSession(account);
  const response = await account.session.client.getWithToken(
    "/api/v1/users/me/appLinks",
    accessToken,
  );
  if (response.status !== 403) return response;
  throw new SettingsError("Okta does not let the OIDC app list your AWS apps", {
    code: "no_aws_app",
    hint: "copy the link of your AWS app from your Okta home page and run: " +
      "okta-aws init --sso-url URL",
  });
}

async function openApp(
  { session: { client }, device }: DeviceAccount,
  tokens: StoredTokens,
  app: string,
): Promise<ClassifiedPage> {
  const { accessToken, idToken } = tokens;
  const exchange = {
    accessToken,
    idToken,
    appInstanceId: appInstanceId(app) ?? await onlyApp(client, tokens, app),
  };
  const response = await exchangeRequest(client, device.clientId, exchange);
  const token = processExchange(response).reveal();
  const page = await ssoPage(client, new URLSearchParams({ token }));
  if (parseOAuthError(page.body) !== undefined) throw deviceGrantError(page);
  if (page.status === 429 || page.status >= 500) throw oktaError(page, "open the AWS app");
  const classified = classifyPage(page.body, page.status);
  if (classified.kind === "step_up") throw wantsMore();
  return classified;
}

/**
 * Older orgs know the GET only; an org that refuses the POST's method has not used the token up.
 */
async function ssoPage(
  client: OktaClient,
  form: URLSearchParams,
): Promise<HttpResponse> {
  const { response } = await client.page("/login/token/sso", form);
  if (response.status !== 404 && response.status !== 405) return response;
  return (await client.page(`/login/token/sso?${form}`)).response;
}

/** The page asks for a step that happens in a browser: a token can't do that. */
function wantsMore(): SignInError {
  return new SignInError("the AWS app asks for another step after the device sign-in", {
    code: "assurance_not_met",
    hint:
      "ask your Okta administrator to give the OIDC app the same policy as the AWS app, or set " +
      "auth = auto",
  });
}

/** A sign-on URL (`/app/…/exk…/sso/saml`) does not have the id by which the app is asked for. */
async function onlyApp(
  client: OktaClient,
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
    "the AWS app's link has no app id, which auth = device needs",
    {
      code: "no_app_id",
      hint:
        "copy the link of the AWS app from your Okta home page (…/home/amazon_aws/0oa…/272) and " +
        "run: okta-aws init --sso-url URL",
    },
  );
}
