/**
 * The sign-in to IAM Identity Center: in the browser of this machine, which is sent back to us, or
 * by a code in any browser.
 *
 * @module
 */

import {
  deviceCodeRequest,
  isRegisteredFor,
  processDeviceCode,
  processDevicePoll,
  processRegistration,
  registerClientRequest,
  type SsoClient,
  type SsoTokens,
  tokenRequest,
} from "./sso_oidc.ts";
import { isRegistrationDead } from "./sso_response.ts";
import { pollForGrant } from "../oauth/device_polling.ts";
import type { Secret } from "../secret.ts";
import type { StoredSsoToken } from "./sso_token_cache.ts";
import {
  codeExpired,
  isBrowserAtHand,
  mayOpenBrowser,
  noTerminalForSignIn,
  signInCommand,
  signInTimedOut,
} from "../app/browser_sign_in.ts";
import type { AppContext } from "../app/context.ts";
import { keepTokens, type SsoAccess } from "./sso_access.ts";
import { purposeOf } from "../okta/factors/sign_in_purpose.ts";
import { showDeviceCode } from "../okta/device/show_device_code.ts";
import { withSignInBackoff } from "../okta/factors/sign_in_backoff.ts";
import { isPortalPage } from "./portal_page.ts";
import { usesProfile } from "./profile_browser.ts";
import { signInByBrowser } from "./sso_browser.ts";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

/** A client that ends sooner is not begun with. */
const LEAST_CLIENT_MILLISECONDS = 60_000;

/**
 * Signs in, and keeps the token.
 *
 * @throws {SignInError} AWS's refusal.
 * @throws {InteractionError} `no_terminal`, `unanswered`
 */
export function signInToPortal(
  context: AppContext,
  access: SsoAccess,
): Promise<StoredSsoToken> {
  const { name, interaction } = access;
  return withSignInBackoff({ name, interaction, session: access }, async () => {
    const profile = usesProfile(context, access.name);
    if (!profile && !await context.interaction.mayPush()) {
      throw noTerminalForSignIn(command(access));
    }
    return await context.ports.interruptible(async (signal) => {
      // In the background a window that opens unasked looks like phishing.
      const inBrowser = profile || (context.interaction.foreground && isBrowserAtHand(context));
      const [client, tokens] = await withClient(access, inBrowser, async (client) => {
        const own = inBrowser
          ? await signInByBrowser(context, access, { client, signal })
          : undefined;
        return own ?? await signInByCode(context, access, { client, signal });
      });
      return await keepTokens(access, tokens, { client });
    });
  });
}

/** A registration that AWS has ended early is renewed once. */
async function withClient<T>(
  access: SsoAccess,
  inBrowser: boolean,
  work: (client: SsoClient) => Promise<T>,
): Promise<[SsoClient, T]> {
  const kept = await access.tokens.readClient();
  const grantType = inBrowser ? "authorization_code" : DEVICE_CODE;
  const lives = kept !== undefined && isRegisteredFor(kept, grantType) &&
    kept.expiresAt - access.client.clock.now() > LEAST_CLIENT_MILLISECONDS;
  if (lives) {
    try {
      return [kept, await work(kept)];
    } catch (error) {
      if (!isRegistrationDead(error)) throw error;
      await access.tokens.removeClient();
    }
  }
  const client = await register(access);
  return [client, await work(client)];
}

async function register({ session, endpoints, tokens, send }: SsoAccess): Promise<SsoClient> {
  const { startUrl, scopes } = session;
  const request = registerClientRequest(endpoints.oidc.url, startUrl, scopes);
  const client = processRegistration(await send(request, { idempotent: true }));
  await tokens.writeClient(client);
  return client;
}

async function signInByCode(
  context: AppContext,
  access: SsoAccess,
  { client, signal }: { client: SsoClient; signal: AbortSignal },
): Promise<SsoTokens> {
  const { session: { startUrl }, endpoints: { oidc }, send } = access;
  const code = processDeviceCode(
    await send(deviceCodeRequest(oidc.url, client, startUrl), { idempotent: true }),
  );
  await showDeviceCode(context.interaction, code, {
    owns: (url) => oidc.custom || isPortalPage(url, startUrl),
    openBrowser: (url) => openBrowser(context, url),
    purpose: () => purposeOf(context, { name: access.name, username: startUrl }),
  });
  const grant = { grantType: DEVICE_CODE, deviceCode: code.deviceCode } as const;
  const request = tokenRequest(oidc.url, client, grant);
  const poll = async () => processDevicePoll(await send(request, { idempotent: false }));
  const { patienceMilliseconds } = context.interaction;
  const outcome = await pollForGrant(access.client.clock, poll, {
    ...code,
    patienceMilliseconds,
    signal,
  });
  if (outcome.kind === "granted") return outcome.value;
  throw outcome.kind === "expired"
    ? codeExpired("ExpiredTokenException")
    : signInTimedOut(command(access));
}

async function openBrowser(context: AppContext, url: Secret): Promise<void> {
  if (!mayOpenBrowser(context)) return;
  const browser = context.ports.environment.get("BROWSER");
  await (await context.ports.processes()).openBrowser(url, { browser });
}

function command({ name, session }: SsoAccess): string {
  if (name.includes(" ")) return `aws sso login --sso-session ${session.name ?? session.startUrl}`;
  return signInCommand(name);
}
