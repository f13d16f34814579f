/**
 * Sign-in in this computer's browser: authorization code with PKCE, with a redirect to a port of
 * 127.0.0.1.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8252
 * @module
 */

import {
  authorizeUrl,
  processTokens,
  REDIRECT_PATH,
  type SsoClient,
  type SsoTokens,
  tokenRequest,
} from "./sso_oidc.ts";
import { InteractionError, OktaAwsError, SignInError } from "../errors.ts";
import {
  codeOfRedirect,
  hasState,
  newPkceRequest,
  type PkceRequest,
  redirectPage,
  type RedirectResult,
} from "../oauth/authorization_code.ts";
import type { BrowserRedirect, LoopbackListener } from "../ports.ts";
import { Secret } from "../secret.ts";
import type { AppContext } from "../app/context.ts";
import { openProfileBrowser, type ProfileBrowser, usesProfile } from "./profile_browser.ts";
import type { SsoAccess } from "./sso_access.ts";

/** As long as a device code lives. */
const PATIENCE_MILLISECONDS = 600_000;

/**
 * Opens the portal in the browser and waits for the redirect.
 *
 * @returns `undefined` if no port or no browser could be opened.
 * @throws {SignInError} `state_mismatch`, `access_denied`, `sign_in_timeout`, AWS's refusal.
 */
export async function signInByBrowser(
  context: AppContext,
  access: SsoAccess,
  { client, signal }: { client: SsoClient; signal: AbortSignal },
): Promise<SsoTokens | undefined> {
  const pkce = await newPkceRequest();
  const listener = await listen(context, pkce.state);
  if (listener === undefined) return undefined;
  const profile = usesProfile(context, access.name)
    ? await openProfileBrowser(context, access)
    : undefined;
  let arrived = false;
  try {
    const redirectUri = `http://127.0.0.1:${listener.port}${REDIRECT_PATH}`;
    const redirect = await sendAndWait(context, access, {
      listener,
      signal,
      ...pkce,
      ...client,
      redirectUri,
      profile,
    });
    if (redirect === undefined) return undefined;
    return await finish(redirect, async () => {
      const code = codeOfRedirect(redirect.query, pkce.state);
      const grant = { grantType: "authorization_code", code, redirectUri } as const;
      const { codeVerifier } = pkce;
      const request = tokenRequest(access.endpoints.oidc.url, client, { ...grant, codeVerifier });
      const tokens = processTokens(await access.send(request, { idempotent: false }));
      arrived = true;
      return tokens;
    });
  } finally {
    await profile?.close(arrived);
    await listener.close();
  }
}

/** Without a port the person signs in by a code. */
async function listen({ ports }: AppContext, state: string): Promise<LoopbackListener | undefined> {
  try {
    return await ports.listenOnLoopback(REDIRECT_PATH, (query) => hasState(query, state));
  } catch {
    return undefined;
  }
}

interface BrowserSignIn extends PkceRequest, Pick<SsoClient, "clientId"> {
  listener: LoopbackListener;
  signal: AbortSignal;
  redirectUri: string;
  /** The account's own browser, if it has one. */
  profile: ProfileBrowser | undefined;
}

async function sendAndWait(
  context: AppContext,
  { session: { scopes }, endpoints: { oidc }, client: { clock } }: SsoAccess,
  { listener, signal, profile, ...request }: BrowserSignIn,
): Promise<BrowserRedirect | undefined> {
  const url = authorizeUrl(oidc.url, { ...request, scopes });
  if (profile === undefined) {
    await context.interaction.show(
      `\nContinue in your browser, or open this URL on this computer:\n\n    ${url}\n\n`,
    );
  }
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  void clock.sleep(PATIENCE_MILLISECONDS, either).then(() => over.abort(timedOut()), () => {});
  const opened = profile?.open(url, either) ??
    openBrowser(context, url).then(() => new Promise<never>(() => {}));
  opened.catch(() => {});
  try {
    return await Promise.race([listener.redirect(either), opened]);
  } catch (error) {
    if (error instanceof InteractionError && error.code === "no_browser") return undefined;
    throw error;
  } finally {
    over.abort();
  }
}

async function openBrowser({ ports }: AppContext, url: string): Promise<void> {
  const browser = ports.environment.get("BROWSER");
  await (await ports.processes()).openBrowser(new Secret(url), { browser });
}

const WORKED: RedirectResult = {
  ok: true,
  title: "You are signed in",
  text: "okta-aws continues in your terminal. You can close this page.",
};

/** Writes the page last, so that it shows the result of the sign-in. */
async function finish<T>(redirect: BrowserRedirect, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await redirect.answer(await redirectPage(WORKED));
    return result;
  } catch (error) {
    const known = error instanceof OktaAwsError ? error : undefined;
    const text = [known?.message, known?.hint, "You can close this page."]
      .filter((line) => line !== undefined).join(". ");
    await redirect.answer(await redirectPage({ ok: false, title: "You are not signed in", text }));
    throw error;
  }
}

function timedOut(): SignInError {
  return new SignInError("no sign-in in the browser within 10 minutes", {
    code: "sign_in_timeout",
    hint: "run the command again",
  });
}
