/**
 * Records for the fast path what a command line of `exec` or `env` meant (`cached_child.ts`).
 *
 * @module
 */

import { cacheKey, type CredentialRequest } from "../credentials/credential_request.ts";
import type { ChildFacts } from "../credentials/fast_path_index.ts";
import { areRepeatable, writeFastPath } from "../credentials/fast_path_write.ts";
import { openCache } from "../credentials/open_cache.ts";
import { resolveRequest } from "../credentials/resolve_request.ts";
import { ProfileError } from "../errors.ts";
import { grantFile, readGrants } from "../plugins/grants.ts";
import { onlyRoleWith, roleNotice } from "../profiles/find_role.ts";
import type { Invocation } from "./invocation.ts";
import type { Obtained } from "./profile_argument.ts";

/** Records the meaning, if the next run with the same arguments would do the same. */
export async function rememberChild(
  { argv, args: [typed], flags }: Invocation,
  { context, request }: Obtained,
  began: number,
): Promise<void> {
  // Keys of another profile may differ next time; a session policy is told each time.
  const isRepeatable = request.source === undefined && request.sessionPolicy === undefined &&
    areRepeatable(flags);
  if (typed === undefined || typed === "-" || !isRepeatable) return;
  if (argv[0] === "exec" && await hasExecHook(context)) return;
  const found = await howFound(typed, { context, request }, flags);
  if (found === undefined) return;
  const { profile, region } = request;
  await writeFastPath(context, {
    argv,
    began,
    document: await openCache(context).path(cacheKey(request)),
    inputs: [grantFile(context).path],
    child: {
      typed,
      profile,
      ...found,
      ...(region !== undefined && { region }),
      ...(flags.json && { json: true }),
      ...(flags.shell && { shell: flags.shell }),
    },
  });
}

async function hasExecHook(context: Obtained["context"]): Promise<boolean> {
  return (await readGrants(context)).some(({ hooks }) => hooks.includes("preExec"));
}

/** @returns `undefined` if a person chose the role from a menu. */
async function howFound(
  typed: string,
  { context, request }: Pick<Obtained, "context" | "request">,
  flags: Invocation["flags"],
): Promise<Pick<ChildFacts, "isPart" | "notice"> | undefined> {
  const direct = await resolveDirectly(context, typed, flags);
  if (direct !== undefined) return isSame(direct, request) ? { isPart: false } : undefined;
  const role = await onlyRoleWith(context, typed);
  if (role?.roleArn !== request.chain.at(-1)?.roleArn) return undefined;
  return { isPart: true, ...(role && !flags.quiet && { notice: roleNotice(role) }) };
}

async function resolveDirectly(
  context: Obtained["context"],
  typed: string,
  flags: Invocation["flags"],
): Promise<CredentialRequest | undefined> {
  try {
    return await resolveRequest(context, typed, flags);
  } catch (error) {
    if (error instanceof ProfileError) return undefined;
    throw error;
  }
}

function isSame(one: CredentialRequest, other: CredentialRequest): boolean {
  return one.profile === other.profile &&
    JSON.stringify(cacheKey(one)) === JSON.stringify(cacheKey(other));
}
