/**
 * Finds the role that a part of a name means, and says what is close to a name that means nothing.
 *
 * @module
 */

import type { AppContext, LocalContext } from "../app/context.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import { ProfileError } from "../errors.ts";
import { readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { ambiguous, type KnownRole } from "../roles/role_match.ts";
import { didYouMean, roleLabel, searchRoles, suggestNames } from "../roles/role_search.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { chooseRole } from "./choose_role.ts";

/**
 * Finds the role that has a word in one of its names. A single one is named on standard error,
 * several open a menu.
 *
 * @returns Its profile or ARN; `undefined` if no known role has the word.
 */
export async function findByPart(context: AppContext, word: string): Promise<string | undefined> {
  const found = searchRoles(word, rolesOf(context, await readRoleLists(context)));
  const [only, ...others] = found;
  if (only === undefined) return undefined;
  if (others.length > 0) return await chooseRole(context, word);
  await context.interaction.say(roleNotice(only));
  return only.profile ?? only.roleArn;
}

/** The notice that names the role of a part of a name. */
export function roleNotice(role: KnownRole): string {
  return `→ ${roleLabel(role)}`;
}

/** The role that has a word in one of its names, if it is the only one. */
export async function onlyRoleWith(
  context: LocalContext,
  word: string,
): Promise<KnownRole | undefined> {
  const [only, ...others] = searchRoles(word, rolesOf(context, await readRoleLists(context)));
  return others.length === 0 ? only : undefined;
}

/** The error for a PROFILE that means nothing: with the roles that have it as a part, else with names like it. */
export async function noSuchRole(context: AppContext, word: string): Promise<ProfileError> {
  const roles = rolesOf(context, await readRoleLists(context));
  const found = searchRoles(word, roles);
  if (found.length > 0) return ambiguous(word, found);
  const aws = await readAwsProfiles(context.ports.files, context.paths.awsConfig);
  const names = [...aws.names(), ...context.settings.aliases.keys()];
  const question = didYouMean(suggestNames(word, roles, names));
  return new ProfileError(`no profile or role matches ${showUntrusted(word)}${question}`, {
    code: "unknown_profile",
    hint: "list what there is: okta-aws roles",
  });
}
