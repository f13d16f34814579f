/** `totp`: prints the current one-time code. @module */

import { SecretStoreError } from "../../errors.ts";
import { isCode } from "../../okta/factors/totp.ts";
import { accountName } from "../../settings/account_settings.ts";
import { openAccount } from "../../okta/sign_in/okta_account.ts";
import { openContext } from "../invocation.ts";
import { parseTotpSecret } from "../../totp/otpauth_uri.ts";
import { totpCode } from "../../totp/totp.ts";
import type { Invocation } from "../invocation.ts";

/** @throws {SecretStoreError} `no_totp_secret` */
export async function runTotp({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const account = await openAccount(context, accountName(context));
  const { totp: stored, oneTimeCode } = await account.secrets.read();
  const given = stored ?? await oneTimeCode?.();
  if (given === undefined) {
    throw new SecretStoreError(
      `no TOTP secret stored for account ${JSON.stringify(account.name)}`,
      {
        code: "no_totp_secret",
        hint: "store one: okta-aws init",
      },
    );
  }
  const { code, secondsLeft } = isCode(given)
    ? { code: given, secondsLeft: 30 - Math.floor(ports.clock.now() / 1000) % 30 }
    : await totpCode(parseTotpSecret(given.reveal()), ports.clock.now());
  if (flags.json) {
    return ports.output.answer(`${JSON.stringify({ code: code.reveal(), secondsLeft })}\n`);
  }
  ports.output.answer(`${code.reveal()}\n`);
  if (!flags.quiet) ports.output.notice(`${secondsLeft} s left\n`);
}
