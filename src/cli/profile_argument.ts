/**
 * The PROFILE argument of the commands that print or use credentials.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { type Invocation, openContext } from "./invocation.ts";
import { type ObtainedProfile, obtainProfile } from "../profiles/resolve_profile.ts";

/** Credentials, their request, and the context that they were obtained in. */
export interface Obtained extends ObtainedProfile {
  context: AppContext;
}

/**
 * Obtains the credentials that a command line asks for.
 *
 * @param kind Who waits: a person, or a program that started us.
 * @throws As {@linkcode obtainProfile}
 */
export async function obtainForInvocation(
  { ports, args, flags }: Invocation,
  kind: "foreground" | "background",
): Promise<Obtained> {
  const context = await openContext(ports, flags, kind);
  return { ...await obtainProfile(context, args[0], flags), context };
}
