/**
 * Where an account's roles come from: the assertions of Okta's AWS apps, or the portal of IAM Identity
 * Center. What commands do with roles is the same for both.
 *
 * @module
 */

import type { KnownRole } from "../roles/role_match.ts";
import type { CachedCredentials } from "./credential_document.ts";
import type { RoleList } from "../roles/role_list.ts";
import type { AppContext } from "../app/context.ts";
import type { CredentialRequest } from "./credential_request.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";

/** What an account grants now. */
export interface LearnedRoles {
  /** The account's role list, up to date; in the foreground with names for all roles. */
  list: RoleList;
  /** The apps whose whole list has been seen: roles that it lacks are granted no more. */
  asked: string[];
  /** The apps that could not be asked; the person has been told why. */
  failed: string[];
  /** Fetches credentials for one of the roles. */
  fetch(role: KnownRole, request: CredentialRequest): Promise<CachedCredentials>;
}

/** Where roles come from. */
export interface RoleSource {
  /** The account's name in the settings. */
  readonly name: string;
  /**
   * Asks what is granted, and remembers it.
   *
   * @param onAccount Told after each AWS account: how many are done, of how many.
   */
  learn(onAccount?: (done: number, total: number) => void): Promise<LearnedRoles>;
}

/**
 * The source of an account.
 *
 * @param name The account's name in the settings.
 * @returns The source; nothing has been asked yet.
 * @throws {SettingsError} `not_set_up`
 */
export async function openRoleSource(
  context: AppContext,
  name: string,
): Promise<RoleSource> {
  if (isIdentityCenter(context, name)) {
    const { openPortalSource } = await import("../identity_center/portal_source.ts");
    return await openPortalSource(context, name);
  }
  const { openSamlSource } = await import("./saml_source.ts");
  return await openSamlSource(context, name);
}
