/**
 * The tokens of Okta's device grant: kept while they live, else had by a sign-in in a browser.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
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
import type { StoredTokens } from "./token_store.ts";
import {
  codeExpired,
  noTerminalForSignIn,
  signInCommand,
  signInTimedOut,
} from "../../app/browser_sign_in.ts";
import type { DeviceAccess } from "./device_access.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { showDeviceCode } from "./show_device_code.ts";
import { withSignInBackoff } from "../factors/sign_in_backoff.ts";

/** An account that signs in by the device grant. */
export type DeviceAccount = SignInAccount & { device: DeviceAccess };

/** Tokens that end sooner are not begun with. */
const LEAST_MILLISECONDS = 60_000;

/**
 * Makes sure that tokens are kept.
 *
 * @param account The Okta account.
 * @returns The tokens.
 */
export async function deviceSession(
  account: DeviceAccount,
): Promise<StoredTokens> {
  return await keptTokens(account) ?? await signInByDevice(account);
}

/**
 * Tokens of an earlier sign-in.
 *
 * @param account The Okta account.
 * @returns The tokens, or `undefined` where there are none that live.
 */
export async function keptTokens(
  { device, session: { client }, secrets }: DeviceAccount,
): Promise<StoredTokens | undefined> {
  const times = await device.tokens.times();
  if (times === undefined || times.expiresAt - client.clock.now() < LEAST_MILLISECONDS) {
    return undefined;
  }
  const { sessionKey } = await secrets.read();
  return sessionKey && await device.tokens.read(sessionKey);
}

/**
 * Signs in: shows the code and waits until it is approved.
 *
 * @param account The Okta account.
 * @returns The tokens; they are kept.
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
    const { sessionKey } = await account.secrets.read();
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

/** An org that takes none but the scopes it knows is asked for the least. */
async function askForCode({ session: { client }, device }: DeviceAccount): Promise<HttpResponse> {
  const response = await deviceAuthorizationRequest(client, device.clientId);
  if (parseOAuthError(response.body)?.error !== "invalid_scope") return response;
  return await deviceAuthorizationRequest(client, device.clientId, LEAST_SCOPES);
}

function classicOrg(): SignInError {
  return new SignInError("this org runs Okta Classic, which has no device grant", {
    code: "classic_org",
    hint: "set auth = auto in the settings of the account",
  });
}
