/**
 * From PROFILE, given or omitted, to a request and its credentials: resolved with what is known
 * here, chosen by the person, or learnt from Okta. Commands, plugins and servers all resolve
 * profiles here.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";
import type { CredentialFlags, CredentialRequest } from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { openProfile, resolveRequest } from "../credentials/resolve_request.ts";
import { ProfileError, UsageError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

type ChooseRole = typeof import("./choose_role.ts");
type FindRole = typeof import("./find_role.ts");
type RecentRoles = typeof import("../roles/recent_roles.ts");
type RoleSources = typeof import("../credentials/role_source.ts");

/** Credentials, and the request that they answer. */
export interface ObtainedProfile extends IssuedCredentials {
  request: CredentialRequest;
}

/**
 * Resolves PROFILE and obtains its credentials. In the foreground the role counts as recently used.
 *
 * @param onResolved Called before the credentials are obtained.
 * @throws As {@linkcode resolveProfile}, and whatever Okta or AWS refuses.
 */
export async function obtainProfile(
  context: AppContext,
  profile: string | undefined,
  flags: CredentialFlags,
  onResolved?: (context: AppContext, request: CredentialRequest) => void,
): Promise<ObtainedProfile> {
  const request = await resolveProfile(context, profile, flags);
  onResolved?.(context, request);
  const issued = await obtainCredentials(context, request, flags.force);
  if (context.interaction.foreground) {
    const { noteRecentRole } = await import("../roles/recent_roles.ts" as string) as RecentRoles;
    const { chain, profile: resolved } = request;
    const { roleArn } = chain.at(-1)!;
    await noteRecentRole(context, { roleArn, profile: resolved, typed: profile });
  }
  return { ...issued, request };
}

/**
 * Resolves PROFILE. If it is omitted, the settings or the person choose; at a terminal a part of a
 * name is enough, and `-` is the role used last. If nothing here matches, Okta is asked once which
 * roles it grants.
 *
 * @throws {UsageError} `no_profile` if PROFILE is omitted and nobody can choose.
 * @throws {ProfileError} `unknown_profile`, `ambiguous_profile`, `profile_loop`, `foreign_profile`
 */
export async function resolveProfile(
  context: AppContext,
  profile: string | undefined,
  flags: CredentialFlags,
): Promise<CredentialRequest> {
  const named = profile === "-"
    ? await lastProfile(context)
    : profile ?? await defaultProfile(context);
  const known = await resolveKnownProfile(context, named, flags, true) ??
    await resolveByPart(context, named, flags);
  if (known !== undefined) return known;
  const { learnUntil } = await import("../credentials/role_source.ts" as string) as RoleSources;
  const request = await learnUntil(
    context,
    async () =>
      await resolveOrChoose(context, named, flags, true) ??
        await resolveByPart(context, named, flags),
  );
  if (request !== undefined) return request;
  const { noSuchRole } = await import("./find_role.ts" as string) as FindRole;
  throw await noSuchRole(context, named);
}

/**
 * Resolves PROFILE without learning new roles; the person may have to choose between known ones.
 *
 * @param mayChoose Whether a menu may open for a word that fits several roles.
 * @returns `undefined` if nothing known here matches.
 */
export async function resolveKnownProfile(
  context: AppContext,
  profile: string,
  flags: CredentialFlags,
  mayChoose = false,
): Promise<CredentialRequest | undefined> {
  const request = await resolveOrChoose(context, profile, flags, mayChoose);
  if (request !== undefined) return request;
  // A profile of the AWS config file may name an app and leave the role open.
  const open = await openProfile(context, profile);
  if (open === undefined) return undefined;
  const { chooseRoleOfApp } = await import("./choose_role.ts" as string) as ChooseRole;
  const assumeRoleArn = await chooseRoleOfApp(context, profile, open);
  return await resolveRequest(context, profile, { ...flags, assumeRoleArn });
}

/** A word that fits several roles opens a menu of these. */
async function resolveOrChoose(
  context: AppContext,
  profile: string,
  flags: CredentialFlags,
  mayChoose: boolean,
): Promise<CredentialRequest | undefined> {
  try {
    return await resolveRequest(context, profile, flags);
  } catch (error) {
    const isAmbiguous = error instanceof ProfileError && error.code === "ambiguous_profile";
    const isOpen = mayChoose || profile === context.settings.program.default_profile;
    if (!isAmbiguous || !isOpen || !await canChoose(context)) throw error;
    const { chooseRole } = await import("./choose_role.ts" as string) as ChooseRole;
    return await resolveRequest(context, await chooseRole(context, profile), flags);
  }
}

/** A part of a name; never for a program that asks, nor without a terminal. */
async function resolveByPart(
  context: AppContext,
  word: string,
  flags: CredentialFlags,
): Promise<CredentialRequest | undefined> {
  if (!await canChoose(context)) return undefined;
  const { findByPart } = await import("./find_role.ts" as string) as FindRole;
  const found = await findByPart(context, word);
  return found === undefined ? undefined : await resolveRequest(context, found, flags);
}

/** `-` */
async function lastProfile(context: AppContext): Promise<string> {
  if (!await canChoose(context)) {
    throw new UsageError("- (the last role) works only at a terminal", {
      code: "no_profile",
      hint: "pass a profile, a role's name or ARN; to list them: okta-aws roles",
    });
  }
  const { readRecentRoles } = await import("../roles/recent_roles.ts" as string) as RecentRoles;
  const { last } = await readRecentRoles(context);
  if (last === undefined) {
    throw new ProfileError("no role has been used yet", {
      code: "unknown_profile",
      hint: "pass a profile, a role's name or ARN; to list them: okta-aws roles",
    });
  }
  await context.interaction.say(`→ ${showUntrusted(last)}`);
  return last;
}

async function defaultProfile(context: AppContext): Promise<string> {
  const own = context.settings.program.default_profile;
  if (own !== undefined) return own;
  if (await canChoose(context)) {
    const { chooseRole } = await import("./choose_role.ts" as string) as ChooseRole;
    return await chooseRole(context);
  }
  throw new UsageError("missing argument: PROFILE", {
    code: "no_profile",
    hint: "pass a profile, a role's name or ARN; to list them: okta-aws roles",
  });
}

async function canChoose({ interaction }: AppContext): Promise<boolean> {
  return interaction.foreground && await interaction.canAsk();
}
