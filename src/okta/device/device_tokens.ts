/**
 * The tokens of Okta's device grant (`auth = device`): kept while they live, then a new sign-in in
 * a browser.
 *
 * @module
 */

import { SettingsError, SignInError } from "../../errors.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import type { AppContext } from "../../app/context.ts";
import type { Secret } from "../../secret.ts";
import { pollForGrant } from "../../oauth/device_polling.ts";
import { parseOAuthError } from "../../oauth/oauth_error.ts";
import {
  deviceAuthorizationRequest,
  deviceTokenRequest,
  type DeviceTokens,
  LEAST_SCOPES,
  processDeviceAuthorization,
  processDeviceToken,
} from "./device_grant.ts";
import { processOrgDescription } from "../client/org.ts";
import type { HttpResponse } from "../../ports.ts";
import { openTokenStore, type StoredTokens, type TokenStore } from "./token_store.ts";
import {
  codeExpired,
  mayOpenBrowser,
  noTerminalForSignIn,
  signInCommand,
  signInTimedOut,
} from "../../app/browser_sign_in.ts";
import type { OktaIdentity, SignInAccount } from "../factors/factor_context.ts";
import { showDeviceCode } from "./show_device_code.ts";
import { withSignInBackoff } from "../factors/sign_in_backoff.ts";

/** What an account with `auth = device` works with. */
export interface DeviceAccess {
  /** The client id of the org's OIDC app. */
  readonly clientId: string;
  readonly tokens: TokenStore;
  /** Opens a page in the person's browser, if there is one. */
  openBrowser(url: Secret): Promise<void>;
}

/**
 * `undefined` if the account signs in another way.
 *
 * @throws {SettingsError} `no_oidc_client_id`
 */
export async function openDeviceAccess(
  context: AppContext,
  { name, org }: Pick<OktaIdentity, "name" | "org">,
  { auth, oidc_client_id: clientId }: AccountSettings,
): Promise<DeviceAccess | undefined> {
  if (auth !== "device") return undefined;
  if (clientId === undefined) throw noClientId(name);
  const { ports, paths } = context;
  return {
    clientId,
    tokens: await openTokenStore(ports.files, {
      cacheDirectory: paths.cache,
      account: name,
      org,
      clientId,
    }),
    async openBrowser(url) {
      if (!mayOpenBrowser(context)) return;
      const browser = ports.environment.get("BROWSER");
      await (await ports.processes()).openBrowser(url, { browser });
    },
  };
}

function noClientId(name: string): SettingsError {
  return new SettingsError(`auth = device needs oidc_client_id, but account ${name} has none`, {
    code: "no_oidc_client_id",
    hint:
      "ask your Okta administrator for the client id of the org's OIDC app for AWS, and add it " +
      `to [account ${name}] in the settings`,
  });
}

/** An account that signs in by the device grant. */
export type DeviceAccount = SignInAccount & { device: DeviceAccess };

/** Tokens that end sooner are not used. */
const LEAST_MILLISECONDS = 60_000;

/** Tokens that were kept, or else of a new sign-in. */
export async function deviceSession(
  account: DeviceAccount,
): Promise<StoredTokens> {
  return await keptTokens(account) ?? await signInByDevice(account);
}

/** `undefined` if there are none that live. */
export async function keptTokens(
  { device, session: { client }, secrets }: DeviceAccount,
): Promise<StoredTokens | undefined> {
  const times = await device.tokens.times();
  if (times === undefined || times.expiresAt - client.clock.now() < LEAST_MILLISECONDS) {
    return undefined;
  }
  const sessionKey = await secrets.sessionKey();
  return sessionKey && await device.tokens.read(sessionKey);
}

/**
 * Signs in: shows the code, waits until it is approved, and keeps the tokens.
 *
 * @throws {SignInError} Okta's refusal, explained.
 * @throws {InteractionError} `no_terminal`, `unanswered`
 */
export function signInByDevice(
  account: DeviceAccount,
): Promise<StoredTokens> {
  const { interaction, session: { interruptible, client } } = account;
  return withSignInBackoff(account, async () => {
    if (!await interaction.mayPush()) throw noTerminalForSignIn(signInCommand(account.name));
    const tokens = await interruptible((signal) => authorize(account, signal));
    const now = client.clock.now();
    const stored = { signedInAt: now, expiresAt: now + tokens.expiresInSeconds * 1000, ...tokens };
    const sessionKey = await account.secrets.sessionKey();
    if (sessionKey !== undefined) await account.device.tokens.write(sessionKey, stored);
    return stored;
  });
}

async function authorize(
  account: DeviceAccount,
  signal: AbortSignal,
): Promise<DeviceTokens> {
  const { session: { client }, device: { clientId }, interaction } = account;
  const { pipeline } = processOrgDescription(
    (await client.get("/.well-known/okta-organization")).body,
  );
  if (pipeline === "v1") throw classicOrg();
  const code = processDeviceAuthorization(await askForCode(account));
  await showDeviceCode(interaction, code, {
    owns: (url) => client.owns(url),
    openBrowser: account.device.openBrowser,
    purpose: account.factors.purpose,
  });
  const { patienceMilliseconds } = interaction;
  const poll = async () =>
    processDeviceToken(await deviceTokenRequest(client, clientId, code.deviceCode));
  const outcome = await pollForGrant(client.clock, poll, { ...code, patienceMilliseconds, signal });
  if (outcome.kind === "granted") return outcome.value;
  throw outcome.kind === "expired"
    ? codeExpired("expired_token")
    : signInTimedOut(signInCommand(account.name));
}

/** An org that refuses unknown scopes is asked for the least. */
async function askForCode({ session: { client }, device }: DeviceAccount): Promise<HttpResponse> {
  const response = await deviceAuthorizationRequest(client, device.clientId);
  if (parseOAuthError(response.body)?.error !== "invalid_scope") return response;
  return await deviceAuthorizationRequest(client, device.clientId, LEAST_SCOPES);
}

function classicOrg(): SignInError {
  return new SignInError("this org runs Okta Classic, which has no device grant", {
    code: "classic_org",
    hint: "set auth = auto in the account's settings",
  });
}
