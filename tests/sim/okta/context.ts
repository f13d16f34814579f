import { oktaNow } from "../clock.ts";
import type { LoggedRequest } from "../request_log.ts";
import type { Session, State } from "../state.ts";
import type { World } from "../world.ts";
import type { OidcTokens } from "./oauth/oidc_world.ts";

/** One request, and what is needed to answer it. */
export interface OktaContext {
  world: World;
  state: State;
  request: LoggedRequest;
  origin: string;
  /** The folder of Okta's Sign-In Widget, if the pages are to have it. */
  widget?: URL;
}

/** The session of the request's `sid` or `idx` cookie, unless it has expired. */
export function sessionOf({ world, state, request }: OktaContext): Session | undefined {
  const idx = request.cookies.get("idx");
  const session = state.sessions.get(request.cookies.get("sid") ?? "") ??
    [...state.sessions.values()].find((one) => one.idx === idx);
  return session && session.expiresAt > oktaNow(world.clock) ? session : undefined;
}

/** The tokens of the `Authorization` header, unless they have expired. */
export function bearerOf({ world, state, request }: OktaContext): OidcTokens | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const tokens = state.oidc.tokens.get(token);
  return tokens && tokens.expiresAt > oktaNow(world.clock) ? tokens : undefined;
}
