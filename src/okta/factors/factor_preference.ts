/**
 * Which factor a person prefers: read from flags, environment and settings, applied, remembered.
 *
 * @module
 */

import type { AccountSettings } from "../../settings/settings.ts";
import type { IniSetting } from "../../ini/values.ts";
import type { AppContext } from "../../app/context.ts";
import type { Authenticator } from "./authenticator.ts";
import { isNamed } from "./same_factors.ts";

/** What a person asked for, by flag, environment, profile or account. */
export interface FactorPreference {
  /** `token:software:totp`, in any case; `push/NAME` for one of several. */
  factorType: string | undefined;
  /** `GOOGLE`, `OKTA`, in any case. */
  provider: string | undefined;
  /** Duo's device and method: `phone1`, `push`, in aws-okta's form of `--mfa-duo-device`. */
  duoDevice?: string | undefined;
}

/**
 * The preference by flag, environment, profile or account, the first that has one.
 *
 * @param profile What the profiles of the AWS config file name.
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

/** Writes the chosen factor into the account's settings. */
export async function rememberFactor(
  context: AppContext,
  account: string,
  { provider, factorType }: Authenticator,
): Promise<void> {
  const { editFile } = await import("../../app/edit_file.ts");
  const { setSection } = await import("../../ini/edit.ts");
  const keys: IniSetting[] = [["mfa_provider", provider], ["mfa_factor_type", factorType]];
  await editFile(context, {
    path: context.paths.settings,
    change: (text) => setSection(text, `account ${account}`, keys),
  });
}

/** The authenticators that match, in Okta's order; all if nothing was asked for. */
export function preferred(
  authenticators: readonly Authenticator[],
  { factorType, provider }: FactorPreference,
): Authenticator[] {
  const by = provider?.toUpperCase();
  return authenticators.filter((one) =>
    (factorType === undefined || isNamed(one, factorType)) &&
    (by === undefined || one.provider === by)
  );
}

/**
 * The time-based code that a stored secret answers, if there is one: Google's before Okta Verify's,
 * since a person only ever sees the secret of the first.
 */
export function computable(authenticators: readonly Authenticator[]): Authenticator | undefined {
  const timeBased = authenticators.filter(({ kind }) => kind === "totp");
  return timeBased.find(({ provider }) => provider === "GOOGLE") ?? timeBased[0];
}
