/**
 * `refresh ROLE --as NAME`: one more profile for a role, with a name that the person chooses.
 *
 * @module
 */

import { hasOnlyOurKeys, profileExpiration } from "../aws/files/profile_section.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { SettingsError, UsageError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import { sectionsByName } from "../ini/edit.ts";
import type { RoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles, readLossless } from "../aws/files/aws_files.ts";
import { readRoleLists, rolesOf } from "../roles/known_roles.ts";
import type { AppContext } from "../app/context.ts";

/** What all SDKs read without quotes. */
const NAME = /^[A-Za-z0-9_.@:+/-]+$/;

/**
 * Gives a role another profile.
 *
 * @throws {UsageError} `one_role`, `bad_profile_name`
 * @throws {SettingsError} `foreign_profile`
 */
export async function addProfileName(
  context: AppContext,
  list: RoleList,
  { chosen, name }: { chosen: readonly KnownRole[]; name: string },
): Promise<RoleList> {
  const [role, ...more] = chosen;
  if (role === undefined || more.length > 0) {
    throw new UsageError(`--as gives one role a name, and these are ${chosen.length}`, {
      code: "one_role",
      hint: "name one role: okta-aws refresh ROLE --as NAME",
    });
  }
  if (!NAME.test(name)) {
    throw new UsageError(`${showUntrusted(name)} can't be the name of a profile`, {
      code: "bad_profile_name",
      hint: "use letters, digits and _ . @ : + / -",
    });
  }
  if (role.profile === name) return list;
  await refuseTaken(context, list, { ...role, name });
  return { ...list, also: { ...list.also, [name]: role.roleArn } };
}

async function refuseTaken(
  context: AppContext,
  { written, also = {} }: RoleList,
  { roleArn, name }: Pick<KnownRole, "roleArn"> & { name: string },
): Promise<void> {
  const { ports: { files }, paths } = context;
  const others = rolesOf(context, await readRoleLists(context))
    .filter((role) => role.roleArn !== roleArn && role.profile === name);
  if (others.length > 0) throw taken(name, "it is another role's profile");
  const isOurs = Object.hasOwn(written, name) || Object.hasOwn(also, name);
  if (isOurs) return;
  if ((await readAwsProfiles(files, paths.awsConfig)).profile(name)?.has("credential_process")) {
    throw taken(name, "it has a credential_process in the AWS config file");
  }
  const document = parseIni(await readLossless(files, paths.awsCredentials));
  const hasKeys = (sectionsByName(document).get(name) ?? [])
    .some(({ properties }) => properties.some(({ key }) => key.startsWith("aws_")));
  const looksOurs = profileExpiration(document, name) !== undefined &&
    hasOnlyOurKeys(document, name);
  if (hasKeys && !looksOurs) throw taken(name, "it has your own keys in the credentials file");
}

function taken(name: string, why: string): SettingsError {
  return new SettingsError(`${showUntrusted(name)} is taken: ${why}`, {
    code: "foreign_profile",
    hint: "choose another name, or remove that profile first",
  });
}
