/**
 * The PROFILE argument of the commands that hand out credentials: resolved, learnt, or chosen.
 *
 * @module
 */

import { ProfileError, UsageError } from "../errors.ts";
import type { AppContext } from "../app/context.ts";
import { openContext } from "./invocation.ts";
import {
  type CredentialRequest,
  openProfile,
  resolveRequest,
} from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import type { CachedCredentials } from "../credentials/credential_document.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Invocation } from "./invocation.ts";

/** Which credentials a command line asks for. */
export interface Asked {
  /** The run. */
  context: AppContext;
  /** The request. */
  request: CredentialRequest;
}

/** Credentials, and what they are for. */
export interface Obtained extends CachedCredentials, Asked {}

/**
 * Obtains the credentials that a command line asks for.
 *
 * @param invocation The command line.
 * @param kind Who waits: a person, or a program that started us.
 * @returns The credentials.
 * @throws {UsageError} `no_profile` where PROFILE was left out and nobody can choose.
 * @throws {ProfileError} `unknown_profile`, `ambiguous_profile`, `profile_loop`
 */
export async function obtainForInvocation(
  invocation: Invocation,
  kind: "foreground" | "background",
): Promise<Obtained> {
  const { ports, flags } = invocation;
  const context = await openContext(ports, flags, kind);
  const request = await resolveForInvocation(context, invocation);
  const cached = await obtainCredentials(context, request, flags.force);
  if (kind === "foreground") {
    const { noteRecentRole } = await import("../roles/recent_roles.ts");
    const { roleArn } = request.chain.at(-1)!;
    await noteRecentRole(ports.files, context.paths.cache, roleArn, ports.clock.now());
  }
  return { ...cached, context, request };
}

/**
 * Finds out which credentials a command line asks for. Okta is asked where the word is not known here.
 *
 * @param invocation The command line.
 * @returns The request.
 * @throws {UsageError} As {@linkcode obtainForInvocation}; so the {@linkcode ProfileError}s.
 */
export async function resolveForInvocation(
  context: AppContext,
  { args, flags }: Pick<Invocation, "args" | "flags">,
): Promise<CredentialRequest> {
  const profile = args[0] ?? await chooseProfile(context);
  return await resolveOrChoose(context, profile, flags) ??
    await chooseAndResolve(context, profile, flags) ??
    await learnAndResolve(context, profile, flags);
}

/** `default_profile` may name an account with several roles: a person is shown those. */
async function resolveOrChoose(
  context: AppContext,
  profile: string,
  flags: Invocation["flags"],
): Promise<CredentialRequest | undefined> {
  try {
    return await resolveRequest(context, profile, flags);
  } catch (error) {
    const isOpen = error instanceof ProfileError && error.code === "ambiguous_profile" &&
      profile === context.settings.program.default_profile;
    if (!isOpen || !context.interaction.foreground || !await context.interaction.canAsk()) {
      throw error;
    }
    const { chooseRole } = await import("../profiles/choose_role.ts");
    return await resolveRequest(context, await chooseRole(context, profile), flags);
  }
}

/** A profile of the AWS config file that names an app and leaves the role open. */
async function chooseAndResolve(
  context: AppContext,
  profile: string,
  flags: Invocation["flags"],
): Promise<CredentialRequest | undefined> {
  const open = await openProfile(context, profile);
  if (open === undefined) return undefined;
  const { chooseRoleOfApp } = await import("../profiles/choose_role.ts");
  const assumeRoleArn = await chooseRoleOfApp(context, profile, open);
  return await resolveRequest(context, profile, { ...flags, assumeRoleArn });
}

/** A role that nobody has seen here yet: what Okta grants is asked once, then the word is read again. */
async function learnAndResolve(
  context: AppContext,
  profile: string,
  flags: Invocation["flags"],
): Promise<CredentialRequest> {
  const { learnRoles } = await import("../credentials/learn_roles.ts");
  await learnRoles(context);
  const request = await resolveOrChoose(context, profile, flags);
  if (request !== undefined) return request;
  throw new ProfileError(`no profile and no role is called ${showUntrusted(profile)}`, {
    code: "unknown_profile",
    hint: "see what there is: okta-aws roles",
  });
}

/** What stands for PROFILE where it was left out: the settings' own, else what a person chooses. */
async function chooseProfile(context: AppContext): Promise<string> {
  const own = context.settings.program.default_profile;
  if (own !== undefined) return own;
  if (context.interaction.foreground && await context.interaction.canAsk()) {
    const { chooseRole } = await import("../profiles/choose_role.ts");
    return await chooseRole(context);
  }
  throw new UsageError("PROFILE is missing", {
    code: "no_profile",
    hint: "give a profile, a role's ARN or name; see them all: okta-aws roles",
  });
}
