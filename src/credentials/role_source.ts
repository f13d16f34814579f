/**
 * Opens the {@linkcode RoleSource} of an account. What talks to Okta or AWS is loaded only then.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { AssertionError, InterruptedError, OktaAwsError, ProfileError } from "../errors.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";
import { grantedRoles, type RoleList } from "../roles/role_list.ts";
import type { RoleSource, SourceOptions } from "../roles/role_source.ts";
import { accountNames } from "../roles/known_roles.ts";
import { accountName } from "../settings/account_settings.ts";

type PortalSource = typeof import("../identity_center/portal_source.ts");

/**
 * Opens the source; nothing is asked yet.
 *
 * @throws {SettingsError} `not_set_up`
 */
export async function openRoleSource(
  context: AppContext,
  account: string,
  options: SourceOptions = {},
): Promise<RoleSource> {
  if (options.sso !== undefined || isIdentityCenter(context, account)) {
    const { openPortalSource } = await import(
      "../identity_center/portal_source.ts" as string
    ) as PortalSource;
    return await openPortalSource(context, account, options.sso);
  }
  const { openSamlSource } = await import("./saml_source.ts");
  return await openSamlSource(context, account, options);
}

/**
 * Asks which roles an account grants, and stores the answer.
 *
 * @param account Default: the account of the command line.
 * @throws {AssertionError} `no_roles`
 */
export async function learnRoles(
  context: AppContext,
  account: string = accountName(context),
): Promise<RoleList> {
  const source = await openRoleSource(context, account);
  const { list } = await source.learn();
  if (grantedRoles(list).length === 0) throw noRoles();
  return list;
}

/**
 * Asks the accounts in turn which roles they grant, until one grants what is looked for. One that
 * fails does not stop the others.
 *
 * @throws The first failure if all fail.
 */
export async function learnUntil<T>(
  context: AppContext,
  find: (list: RoleList) => Promise<T | undefined>,
): Promise<T | undefined> {
  let failure: OktaAwsError | undefined;
  let learned = 0;
  for (const name of accountNames(context)) {
    try {
      const list = await learnRoles(context, name);
      learned++;
      const found = await find(list);
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof OktaAwsError) || error instanceof InterruptedError) throw error;
      if (error instanceof ProfileError) throw error;
      failure ??= error;
    }
  }
  if (learned === 0 && failure !== undefined) throw failure;
  return undefined;
}

export function noRoles(isPortal = false): AssertionError {
  if (isPortal) {
    return new AssertionError("IAM Identity Center grants you no role", {
      code: "no_roles",
      hint: "ask your AWS administrator for one, or check that this is the right access portal",
    });
  }
  return new AssertionError("Okta grants you no AWS role", {
    code: "no_roles",
    hint: "ask your Okta administrator for one, or check that this is the right AWS app",
  });
}
