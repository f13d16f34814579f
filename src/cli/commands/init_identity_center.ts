/**
 * `init --sso-start-url URL`: sets an account of IAM Identity Center up.
 *
 * @module
 */

import { isPortalAddress } from "../../aws/sso_session.ts";
import { UsageError } from "../../errors.ts";
import type { Conversation } from "../../flows/conversation.ts";
import { initIdentityCenter } from "../../flows/init_identity_center.ts";
import type { InitResult } from "../../flows/init.ts";
import type { Program } from "../../flows/program.ts";
import type { Invocation } from "../command_table.ts";
import type { FlagName } from "../flags.ts";
import { kebabCase } from "../flags.ts";
import type { Asker } from "./init_questions.ts";
import { progressLine } from "../progress.ts";

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
 * @param program The run.
 * @param name The account's name.
 * @param flags The command line.
 * @returns Whether it does.
 */
export function isForIdentityCenter(
  { settings }: Program,
  name: string,
  flags: Invocation["flags"],
): boolean {
  if (flags.ssoUrl !== undefined) return isPortalAddress(flags.ssoUrl);
  if (flags.ssoStartUrl !== undefined || flags.ssoRegion !== undefined) return true;
  if (OTHER_WAYS.some((flag) => flags[flag] !== undefined)) return false;
  return settings.accounts.get(name)?.kind === "identity-center";
}

/**
 * Sets the account up.
 *
 * @param invocation The command line.
 * @param program The run.
 * @param conversation Who is told.
 * @param name The account's name.
 * @param asker Asks for the region where nothing tells it.
 * @param pasted The portal's address, where it was given in place of Okta's.
 * @returns What came of it.
 * @throws {UsageError} `conflicting_flags`, `no_start_url`
 */
export async function runInitIdentityCenter(
  { ports, flags }: Invocation,
  program: Program,
  conversation: Conversation,
  name: string,
  asker: Asker,
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
  const known = program.settings.accounts.get(name);
  const startUrl = pasted ?? flags.ssoStartUrl ?? known?.sso_start_url;
  if (startUrl === undefined) {
    throw new UsageError("--sso-start-url is missing", {
      code: "no_start_url",
      hint: "give the portal's address: --sso-start-url https://d-1234567890.awsapps.com/start",
    });
  }
  const ssoRegion = flags.ssoRegion ??
    (startUrl === known?.sso_start_url ? known?.sso_region : undefined);
  const progress = progressLine(ports.output, flags.quiet || flags.json || false);
  const result = await initIdentityCenter(program, conversation, {
    name,
    startUrl,
    ssoRegion,
    askRegion: () => asker.text("Region of IAM Identity Center", "--sso-region", undefined),
    region: flags.region,
    verify: !flags.noVerify,
    onAccount: (done, total) => progress.show(`${done}/${total} accounts`),
  }).finally(() => progress.clear());
  return { ...result, backend: "none" };
}
