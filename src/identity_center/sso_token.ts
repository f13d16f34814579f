/**
 * An access token of IAM Identity Center for everybody who needs one at the same time: the one that
 * lives, else a renewed one, else a sign-in, by one process for all.
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

/** From then on the token is renewed where it can be, as botocore does (tokens.py). */
const RENEWAL_MILLISECONDS = 15 * 60_000;

/** A token that ends sooner is not begun with. */
const LEAST_MILLISECONDS = 60_000;

/** What is wanted of a token. */
export interface TokenWish {
  /** A token that the portal has turned down: another one is wanted. */
  dead?: Secret | undefined;
  /** Whether somebody may be asked to sign in; they may where it is left out. */
  signIn?: boolean;
}

/**
 * Gives a token.
 *
 * @param access The session.
 * @param wish What is wanted.
 * @returns The token; `undefined` only where nobody was to sign in and none could be had without.
 * @throws {SignInError} AWS's refusal.
 * @throws {InteractionError} Where somebody would have to sign in and nobody is there.
 */
export async function ssoToken(
  context: AppContext,
  access: SsoAccess,
  wish: TokenWish = {},
): Promise<StoredSsoToken | undefined> {
  const { ports: { files }, paths } = context;
  const kept = await access.tokens.read();
  if (isGood(access, kept, wish)) return kept;
  const who = access.session.name ?? new URL(access.session.startUrl).host;
  const onWait = () =>
    void context.interaction.say(`waiting for another okta-aws that signs in to ${who}`);
  const { canAsk } = context.interaction;
  const account = `sso-session ${who}`;
  return await withAccountLock(
    { files, cacheDirectory: paths.cache, account, onWait, canAsk },
    async () => {
      const now = await access.tokens.read();
      if (isGood(access, now, wish)) return now;
      const renewed = now && await renewToken(access, now, wish);
      if (renewed !== undefined) return renewed;
      if (wish.signIn === false) return undefined;
      const { signInToPortal } = await import("./sso_sign_in.ts");
      return await signInToPortal(context, access);
    },
  );
}

function isDead(token: StoredSsoToken, { dead }: TokenWish): boolean {
  return dead !== undefined && token.accessToken.reveal() === dead.reveal();
}

function left({ client: { clock } }: SsoAccess, { expiresAt }: StoredSsoToken): number {
  return expiresAt - clock.now();
}

/** One that can't be renewed is good to its end. */
function isGood(
  access: SsoAccess,
  token: StoredSsoToken | undefined,
  wish: TokenWish,
): token is StoredSsoToken {
  if (token === undefined || isDead(token, wish)) return false;
  const least = token.refreshToken === undefined ? LEAST_MILLISECONDS : RENEWAL_MILLISECONDS;
  return left(access, token) > least;
}

/** A renewal that fails costs nothing as long as the old token lives. */
async function renewToken(
  access: SsoAccess,
  old: StoredSsoToken,
  wish: TokenWish,
): Promise<StoredSsoToken | undefined> {
  const { refreshToken, client } = old;
  const lives = !isDead(old, wish) && left(access, old) > LEAST_MILLISECONDS ? old : undefined;
  if (refreshToken === undefined || client === undefined) return lives;
  if (client.expiresAt <= access.client.clock.now()) return lives;
  try {
    const grant = { grantType: "refresh_token", refreshToken } as const;
    const request = tokenRequest(access.endpoints.oidc.url, client, grant);
    const tokens = processTokens(await access.send(request, { idempotent: false }));
    const next = { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
    return await keepTokens(access, client, next, old.file);
  } catch (error) {
    if (error instanceof SignInError) return lives;
    if (error instanceof NetworkError && lives !== undefined) return lives;
    throw error;
  }
}
