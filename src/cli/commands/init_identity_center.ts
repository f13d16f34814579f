/**
 * `init --sso-start-url URL`: sets an account of IAM Identity Center up.
 *
 * @module
 */

import { isPortalAddress } from "../../identity_center/sso_session.ts";
import { UsageError } from "../../errors.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import { initIdentityCenter } from "../../identity_center/init_identity_center.ts";
import type { InitResult } from "../../accounts/init.ts";
import { type FlagName, type Flags, kebabCase } from "../flags.ts";
import { progressLine } from "../progress.ts";
import type { InitStart } from "./init_start.ts";

/** Nothing of these is needed: the portal has its own sign-in. */
const OTHER_WAYS: readonly FlagName[] = [
  "ssoUrl",
  "domain",
  "username",
  "secretsStdin",
  "qr",
  "enrollTotp",
];

/**
 * Whether a command line sets IAM Identity Center up: it says so, or the account is one already.
 *
 * @param existing What the settings say of the account.
 * @param flags The command line.
 * @returns Whether it does.
 */
export function isForIdentityCenter(existing: AccountSettings, flags: Flags): boolean {
  if (flags.ssoUrl !== undefined) return isPortalAddress(flags.ssoUrl);
  if (flags.ssoStartUrl !== undefined || flags.ssoRegion !== undefined) return true;
  if (OTHER_WAYS.some((flag) => flags[flag] !== undefined)) return false;
  return existing.kind === "identity-center";
}

/**
 * Sets the account up.
 *
 * @param start What there is.
 * @param pasted The portal's address, where it was given in place of Okta's.
 * @returns What came of it.
 * @throws {UsageError} `conflicting_flags`, `no_start_url`
 */
export async function runInitIdentityCenter(
  { invocation: { ports, flags }, context, name, asker, existing, team }: InitStart,
  pasted: string | undefined,
): Promise<InitResult> {
  const other = OTHER_WAYS.find((flag) =>
    flags[flag] !== undefined && (flag !== "ssoUrl" || pasted === undefined)
  );
  if (other !== undefined) {
    throw new UsageError(`--${kebabCase(other)} and --sso-start-url don't go together`, {
      code: "conflicting_flags",
      hint: "the portal has its own sign-in, in a browser",
    });
  }
  const startUrl = pasted ?? flags.ssoStartUrl ?? existing.sso_start_url;
  if (startUrl === undefined) {
    throw new UsageError("--sso-start-url is missing", {
      code: "no_start_url",
      hint: "give the portal's address: --sso-start-url https://d-1234567890.awsapps.com/start",
    });
  }
  const ssoRegion = flags.ssoRegion ??
    (startUrl === existing.sso_start_url ? existing.sso_region : undefined);
  const progress = progressLine(ports.output, flags.quiet || flags.json || false);
  const result = await initIdentityCenter(context, {
    name,
    startUrl,
    ssoRegion,
    askRegion: () => asker.text("Region of IAM Identity Center", "--sso-region", undefined),
    region: flags.region,
    verify: !flags.noVerify,
    team,
    onAccount: (done, total) => progress.show(`${done}/${total} accounts`),
  }).finally(() => progress.clear());
  return { ...result, backend: "none", passedOver: [] };
}
