/**
 * Access tokens in place of a session.
 *
 * @module
 */

import { oktaNow } from "../../clock.ts";
import type { OktaContext } from "../context.ts";
import type { OidcTokens } from "./oidc_world.ts";

/** @returns The tokens of the request's `Authorization`, while they live. */
export function bearerOf({ world, state, request }: OktaContext): OidcTokens | undefined {
  const token = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
  const tokens = state.oidc.tokens.get(token);
  return tokens && tokens.expiresAt > oktaNow(world.clock) ? tokens : undefined;
}
