/**
 * One access token of IAM Identity Center for all processes that need it at the same time: a valid
 * one, else a renewed one, else one from a sign-in.
 *
 * @module
 */

import { processTokens, tokenRequest } from "./sso_oidc.ts";
import { NetworkError, SignInError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { withAccountLock } from "../store/account_lock.ts";
import type { StoredSsoToken } from "./sso_token_cache.ts";
import type { AppContext } from "../app/context.ts";
import { keepTokens, type SsoAccess } from "./sso_access.ts";

/** A token is renewed this long before it expires, as in botocore (tokens.py). */
const RENEWAL_MILLISECONDS = 15 * 60_000;

/** A token that expires sooner is not used. */
const LEAST_MILLISECONDS = 60_000;

/** Which token is wanted. */
export interface WantedToken {
  /** A token that the portal has rejected. */
  dead?: Secret | undefined;
  /** Whether somebody may be asked to sign in; default: yes. */
  signIn?: boolean;
}

/**
 * Gives a token.
 *
 * @returns `undefined` only if `signIn` is false and there is no valid token.
 * @throws {SignInError} AWS's refusal.
 * @throws {InteractionError} If somebody would have to sign in and nobody is there.
 */
export async function ssoToken(
  context: AppContext,
  access: SsoAccess,
  wanted: WantedToken = {},
): Promise<StoredSsoToken | undefined> {
  const { ports: { files }, paths } = context;
  const kept = await access.tokens.read();
  if (isGood(access, kept, wanted)) return kept;
  const who = access.session.name ?? new URL(access.session.startUrl).host;
  const onWait = () =>
    void context.interaction.say(`waiting for another okta-aws that signs in to ${who}`);
  const { canAsk } = context.interaction;
  const account = `sso-session ${who}`;
  return await withAccountLock(
    { files, cacheDirectory: paths.cache, account, onWait, canAsk },
    async () => {
      const now = await access.tokens.read();
      if (isGood(access, now, wanted)) return now;
      const renewed = now && await renewToken(access, now, wanted);
      if (renewed !== undefined) return renewed;
      if (wanted.signIn === false) return undefined;
      const { signInToPortal } = await import("./sso_sign_in.ts");
      return await signInToPortal(context, access);
    },
  );
}

function isDead(token: StoredSsoToken, { dead }: WantedToken): boolean {
  return dead !== undefined && token.accessToken.reveal() === dead.reveal();
}

function left({ client: { clock } }: SsoAccess, { expiresAt }: StoredSsoToken): number {
  return expiresAt - clock.now();
}

/** A token that can't be renewed is good until it expires. */
function isGood(
  access: SsoAccess,
  token: StoredSsoToken | undefined,
  wanted: WantedToken,
): token is StoredSsoToken {
  if (token === undefined || isDead(token, wanted)) return false;
  const least = token.refreshToken === undefined ? LEAST_MILLISECONDS : RENEWAL_MILLISECONDS;
  return left(access, token) > least;
}

/** A renewal may fail as long as the old token is valid. */
async function renewToken(
  access: SsoAccess,
  old: StoredSsoToken,
  wanted: WantedToken,
): Promise<StoredSsoToken | undefined> {
  const { refreshToken, client } = old;
  const lives = !isDead(old, wanted) && left(access, old) > LEAST_MILLISECONDS ? old : undefined;
  if (refreshToken === undefined || client === undefined) return lives;
  if (client.expiresAt <= access.client.clock.now()) return lives;
  try {
    const grant = { grantType: "refresh_token", refreshToken } as const;
    const request = tokenRequest(access.endpoints.oidc.url, client, grant);
    const tokens = processTokens(await access.send(request, { idempotent: false }));
    const next = { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
    return await keepTokens(access, next, old);
  } catch (error) {
    if (error instanceof SignInError) return lives;
    if (error instanceof NetworkError && lives !== undefined) return lives;
    throw error;
  }
}
