/** Checks the flags of `init` before anything is asked: nothing that was typed is lost. @module */

import { isRegion } from "../../aws/arn.ts";
import { parseStartUrl } from "../../aws/start_url.ts";
import { UsageError } from "../../errors.ts";
import { badAccountName } from "../../settings/account_settings.ts";
import { ACCOUNT_NAME } from "../../settings/settings.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Flags, kebabCase } from "../flags.ts";
import { readSignInPlace, twoSources } from "./init_questions.ts";

/**
 * Checks each flag, and which go together.
 *
 * @throws {UsageError} `conflicting_flags`, `bad_region`, `bad_username`
 * @throws {SettingsError} `bad_sso_url`, `bad_start_url`
 */
export function checkFlags(flags: Flags): void {
  refuseConflicts(flags);
  const address = flags.ssoUrl ?? flags.domain;
  if (address !== undefined) readSignInPlace(address);
  if (flags.ssoStartUrl !== undefined) parseStartUrl(flags.ssoStartUrl);
  for (const flag of ["region", "ssoRegion"] as const) {
    const region = flags[flag];
    if (region === undefined || isRegion(region)) continue;
    throw new UsageError(
      `not the name of a region: --${kebabCase(flag)} ${showUntrusted(region)}`,
      {
        code: "bad_region",
        hint: `pass the name of a region: --${kebabCase(flag)} eu-west-1`,
      },
    );
  }
  const { username } = flags;
  const isEmpty = username?.trim() === "";
  if (username === undefined || !isEmpty && !/\p{Cc}/u.test(username)) return;
  throw new UsageError(
    isEmpty ? "--username is empty" : `not a user name: --username ${showUntrusted(username)}`,
    {
      code: "bad_username",
      hint: "pass what you type to sign in to Okta: --username jane@example.com",
    },
  );
}

function refuseConflicts(flags: Flags): void {
  if (flags.qr !== undefined && flags.enrollTotp) throw twoSources("--enroll-totp");
  const address = flags.ssoUrl === undefined ? "domain" : "ssoUrl";
  if (flags.ssoStartUrl !== undefined && flags[address] !== undefined) {
    throw new UsageError(`--${kebabCase(address)} and --sso-start-url can't be used together`, {
      code: "conflicting_flags",
      hint: "pass --sso-start-url for IAM Identity Center, the other one for Okta",
    });
  }
  if (!flags.enrollTotp || !flags.noVerify) return;
  throw new UsageError("--enroll-totp and --no-verify can't be used together", {
    code: "conflicting_flags",
    hint: "remove one of them",
  });
}

/**
 * Returns the name if an account may have it.
 *
 * @throws {UsageError} `bad_account_name`
 */
export function checkAccountName(name: string): string {
  if (ACCOUNT_NAME.test(name)) return name;
  throw badAccountName(name);
}
