/**
 * IAM Identity Center at work: its session resolved, its endpoints and files found.
 *
 * @module
 */

import { type SsoEndpoints, ssoEndpoints } from "./sso_endpoints.ts";
import type { SsoSession } from "./sso_session.ts";
import { throttledTogether } from "../aws/sts/throttled_together.ts";
import { sendWithRetry } from "../http_retry.ts";
import type { Clock, HttpRequest, HttpResponse } from "../ports.ts";
import { type AccountStateFile, openAccountState } from "../store/account_state.ts";
import { openSsoTokenCache, type SsoTokenCache } from "./sso_token_cache.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import { openHttp } from "../app/open_http.ts";
import { isIdentityCenter, ssoSessionOf } from "./sso_account.ts";

/** One session at work. */
export interface SsoAccess {
  /** The account's name in the settings, or what stands for one. */
  readonly name: string;
  /** The session. */
  readonly session: SsoSession;
  /** Where its services are. */
  readonly endpoints: SsoEndpoints;
  /** Tokens and client, in the AWS CLI's own files. */
  readonly tokens: SsoTokenCache;
  readonly interaction: Interaction;
  /** What runs leave for one another. */
  readonly state: AccountStateFile;
  /** When this run began to ask, milliseconds since the Unix epoch. */
  readonly askedAt: number;
  /** Has the time. */
  readonly client: { readonly clock: Clock };
  /** Sends a request, and again where that helps. */
  send(request: HttpRequest, options: { idempotent: boolean }): Promise<HttpResponse>;
}

/**
 * Opens a session.
 *
 * @param name The account's name in the settings, or what stands for one.
 * @param session The session.
 * @returns The session at work.
 */
export async function openSsoAccess(
  context: AppContext,
  name: string,
  session: SsoSession,
): Promise<SsoAccess> {
  const { ports: { files, clock, environment }, paths } = context;
  const http = await openHttp(context);
  // A profile of the same portal may name another session than the account does.
  const own = isIdentityCenter(context, name) ? await ssoSessionOf(context, name) : session;
  const also = [own.name ?? own.startUrl, own.startUrl];
  const onWait = context.interaction.countDown;
  // The portal's limit is met by all requests of a run together, or by none.
  const paced = throttledTogether(http, clock);
  return {
    name,
    session,
    interaction: context.interaction,
    endpoints: ssoEndpoints(session.region, environment.get),
    tokens: await openSsoTokenCache(files, `${environment.home}/.aws/sso/cache`, session, also),
    state: await openAccountState(files, paths.cache, name),
    askedAt: clock.now(),
    client: { clock },
    send: (request, { idempotent }) =>
      sendWithRetry({ http: paced, clock }, request, { idempotent, onWait }),
  };
}
