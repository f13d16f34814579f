/** `init --sso-start-url URL`: sets up an account of IAM Identity Center. @module */

import { UsageError } from "../../errors.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import { initIdentityCenter } from "../../accounts/init_identity_center.ts";
import type { InitResult } from "../../accounts/init.ts";
import { type FlagName, type Flags, kebabCase } from "../flags.ts";
import { formatProgress } from "../../app/activity.ts";
import type { InitStart } from "./init_questions.ts";
import { isPortalAddress } from "../../aws/start_url.ts";

/** Flags of an Okta account; Identity Center signs in with a browser. */
const OKTA_FLAGS: readonly FlagName[] = [
  "ssoUrl",
  "domain",
  "username",
  "secretsStdin",
  "qr",
  "enrollTotp",
];

/** Whether the flags ask for Identity Center, or the account uses it already. */
export function isForIdentityCenter(existing: AccountSettings, flags: Flags): boolean {
  if (flags.ssoUrl !== undefined) return isPortalAddress(flags.ssoUrl);
  if (flags.ssoStartUrl !== undefined || flags.ssoRegion !== undefined) return true;
  if (OKTA_FLAGS.some((flag) => flags[flag] !== undefined)) return false;
  return existing.kind === "identity-center";
}

/**
 * Sets up the account.
 *
 * @param pasted The portal's URL, if it was given instead of Okta's.
 * @throws {UsageError} `conflicting_flags`, `no_start_url`
 */
export async function runInitIdentityCenter(
  { invocation: { flags }, context, name, asker, existing, team }: InitStart,
  pasted: string | undefined,
): Promise<InitResult> {
  const other = OKTA_FLAGS.find((flag) =>
    flags[flag] !== undefined && (flag !== "ssoUrl" || pasted === undefined)
  );
  if (other !== undefined) {
    throw new UsageError(`--${kebabCase(other)} and --sso-start-url can't be used together`, {
      code: "conflicting_flags",
      hint: `remove --${kebabCase(other)}: Identity Center signs in with a browser`,
    });
  }
  const startUrl = pasted ?? flags.ssoStartUrl ?? existing.sso_start_url;
  if (startUrl === undefined) {
    throw new UsageError("missing required flag: --sso-start-url", {
      code: "no_start_url",
      hint: "pass the portal's URL: --sso-start-url https://d-1234567890.awsapps.com/start",
    });
  }
  const ssoRegion = flags.ssoRegion ??
    (startUrl === existing.sso_start_url ? existing.sso_region : undefined);
  const { activity } = context.interaction;
  const result = await initIdentityCenter(context, {
    name,
    startUrl,
    ssoRegion,
    askRegion: () => asker.ssoRegion(),
    region: flags.region,
    verify: !flags.noVerify,
    inBrowser: flags.browserSignIn === true ||
      (existing.kind === "identity-center" && existing.auth === "browser"),
    team,
    onAccount: (done, total) => activity?.progress(formatProgress("Listing accounts", done, total)),
  }).finally(() => activity?.progress(""));
  return { ...result, backend: "none", passedOver: [] };
}
