/**
 * The PROFILE argument of the commands that print or use credentials.
 *
 * @module
 */

import { isRegion } from "../aws/arn.ts";
import { UsageError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { withSessionPolicy } from "./session_policy_flags.ts";
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
  invocation: Invocation,
  kind: "foreground" | "background",
): Promise<Obtained> {
  const [obtained] = await obtainEach({ ...invocation, args: invocation.args.slice(0, 1) }, kind);
  return obtained!;
}

/** As {@linkcode obtainForInvocation}, for each argument; at least one. */
export async function obtainEach(
  { ports, args, flags }: Invocation,
  kind: "foreground" | "background",
  onResolved?: Parameters<typeof obtainProfile>[3],
): Promise<Obtained[]> {
  const { region } = flags;
  if (region !== undefined && !isRegion(region)) {
    throw new UsageError(`invalid region: ${showUntrusted(region)}`, {
      code: "bad_region",
      hint: "use a name such as eu-west-1",
    });
  }
  const context = await openContext(ports, flags, kind);
  const limited = await withSessionPolicy(context, flags);
  const all: Obtained[] = [];
  // One after the other: each may ask.
  for (const profile of args.length > 0 ? args : [undefined]) {
    const obtained = await obtainProfile(context, profile, limited, onResolved);
    const { request } = obtained;
    all.push({
      ...obtained,
      context,
      request: region === undefined ? request : { ...request, region },
    });
  }
  return all;
}
