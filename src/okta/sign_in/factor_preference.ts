/**
 * Which factor a person prefers, and how that is kept.
 *
 * @module
 */

import type { AccountSettings } from "../../settings/settings.ts";
import { setSection } from "../../ini/edit.ts";
import type { IniSetting } from "../../ini/values.ts";
import type { Authenticator } from "../factors/authenticator.ts";
import type { FactorPreference } from "../factors/factors.ts";
import { editFile } from "../../app/edit_file.ts";
import type { AppContext } from "../../app/context.ts";

/**
 * The factor that was asked for: flag, environment, profile, account.
 *
 * @param account The account's settings.
 * @param profile What the profiles of the AWS config file name.
 * @returns The preference.
 */
export function preferenceFor(
  context: AppContext,
  account: AccountSettings,
  profile: FactorPreference | undefined,
): FactorPreference {
  const { flags, ports: { environment: { get } } } = context;
  return {
    factorType: flags.mfaFactorType ?? get("AWS_OKTA_MFA_FACTOR_TYPE") ?? profile?.factorType ??
      account.mfa_factor_type,
    provider: flags.mfaProvider ?? get("AWS_OKTA_MFA_PROVIDER") ?? profile?.provider ??
      account.mfa_provider,
    duoDevice: flags.mfaDuoDevice ?? get("AWS_OKTA_MFA_DUO_DEVICE") ?? profile?.duoDevice ??
      account.mfa_duo_device,
  };
}

/**
 * Keeps the choice of a factor in the settings.
 *
 * @param name The account's name.
 * @param authenticator What was chosen.
 */
export async function rememberFactor(
  context: AppContext,
  name: string,
  { provider, factorType }: Authenticator,
): Promise<void> {
  const keys: IniSetting[] = [["mfa_provider", provider], ["mfa_factor_type", factorType]];
  await editFile(context, {
    path: context.paths.settings,
    change: (text) => setSection(text, `account ${name}`, keys),
  });
}
