import { OktaAwsError } from "../../errors.ts";

/** Commands that work for one account, the default one unless another is named. */
const COMMAND = /\bokta-aws (?:init|signin|signout|secrets set (?:password|totp))\b(?! --account)/g;

/**
 * Names the account in an error's hint: without it, the command there would change another account.
 *
 * @returns The same error.
 */
export function withAccountInHint(error: unknown, account: string): unknown {
  if (account === "default" || !(error instanceof OktaAwsError) || error.hint === undefined) {
    return error;
  }
  const hint = error.hint.replace(COMMAND, `$& --account ${account}`);
  return Object.assign(error, { hint });
}
