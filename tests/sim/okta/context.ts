/**
 * What every handler of Okta's gets.
 *
 * @module
 */

import type { LoggedRequest } from "../request_log.ts";
import type { Session, State } from "../state.ts";
import type { World } from "../world.ts";
import { oktaNow } from "../clock.ts";

/** One request, and all there is to answer it. */
export interface OktaContext {
  /** The world as it is now. */
  world: World;
  /** What was given out. */
  state: State;
  /** The request. */
  request: LoggedRequest;
  /** The org's origin. */
  origin: string;
}

/** @returns The session of the request's `sid` or `idx` cookie, while it lives. */
export function sessionOf({ world, state, request }: OktaContext): Session | undefined {
  const idx = request.cookies.get("idx");
  const session = state.sessions.get(request.cookies.get("sid") ?? "") ??
    [...state.sessions.values()].find((one) => one.idx === idx);
  return session && session.expiresAt > oktaNow(world.clock) ? session : undefined;
}
