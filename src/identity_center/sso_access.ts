/**
 * One session of IAM Identity Center with its endpoints, files and network.
 *
 * @module
 */

import { withEndpointKeys } from "../aws/endpoint_variables.ts";
import { type SsoEndpoints, ssoEndpoints } from "../aws/endpoints.ts";
import type { SsoSession } from "../aws/sso_session.ts";
import { throttledTogether } from "../aws/sts/throttled_together.ts";
import { sendWithRetry } from "../http_retry.ts";
import type { Clock, HttpRequest, HttpResponse } from "../ports.ts";
import { type AccountStateFile, openAccountState } from "../store/account_state.ts";
import { openSsoTokenCache, type SsoTokenCache, type StoredSsoToken } from "./sso_token_cache.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import { openHttp } from "../app/open_http.ts";
import { isIdentityCenter, ssoSessionOf } from "./sso_account.ts";
import type { SsoTokens } from "./sso_oidc.ts";

/** One open session. */
export interface SsoAccess {
  /** The account's name in the settings, or the one that `ssoAccountName` makes. */
  readonly name: string;
  readonly session: SsoSession;
  readonly endpoints: SsoEndpoints;
  /** Tokens and client, in the AWS CLI's own files. */
  readonly tokens: SsoTokenCache;
  readonly interaction: Interaction;
  /** What one run leaves for the next. */
  readonly state: AccountStateFile;
  /** When this run began, milliseconds since the Unix epoch. */
  readonly askedAt: number;
  readonly client: { readonly clock: Clock };
  /** Opens a connection before it is needed. */
  connectEarly(url: string): void;
  /** Sends a request, with retries. */
  send(request: HttpRequest, options: { idempotent: boolean }): Promise<HttpResponse>;
}

/** Opens a session. */
export async function openSsoAccess(
  context: AppContext,
  name: string,
  session: SsoSession,
): Promise<SsoAccess> {
  const { ports: { files, clock, environment }, paths } = context;
  const http = await openHttp(context);
  // A profile of the same portal may name another session than the account.
  const own = isIdentityCenter(context, name) ? await ssoSessionOf(context, name) : session;
  const also = [own.name ?? own.startUrl, own.startUrl];
  const onWait = context.interaction.countDown;
  // All requests of a run share the portal's rate limit.
  const paced = throttledTogether(http, clock);
  return {
    name,
    session,
    interaction: context.interaction,
    endpoints: ssoEndpoints(
      session.region,
      withEndpointKeys(environment.get, session.endpointKeys),
    ),
    tokens: await openSsoTokenCache(files, `${environment.home}/.aws/sso/cache`, {
      ...session,
      also,
    }),
    state: await openAccountState(files, paths.cache, name),
    askedAt: clock.now(),
    client: { clock },
    connectEarly: (url) => http.connectEarly?.(url),
    send: (request, { idempotent }) =>
      sendWithRetry({ http: paced, clock }, request, { idempotent, onWait }),
  };
}

/** Stores tokens for later commands and the AWS CLI. */
export async function keepTokens(
  access: SsoAccess,
  { accessToken, refreshToken, expiresInSeconds }: SsoTokens,
  { client, file }: Pick<StoredSsoToken, "client" | "file">,
): Promise<StoredSsoToken> {
  const expiresAt = access.client.clock.now() + expiresInSeconds * 1000;
  const stored = { accessToken, refreshToken, expiresAt, client, ...(file && { file }) };
  await access.tokens.write(stored);
  return stored;
}
