/**
 * `init`: sets an account up, one of Okta's or one of IAM Identity Center.
 *
 * @module
 */

import { setUpProfiles } from "../../profiles/setup_profiles.ts";
import { rolesOf } from "../../roles/known_roles.ts";
import type { InitResult } from "../../accounts/init.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { formatTable } from "../report.ts";
import { isForIdentityCenter, runInitIdentityCenter } from "./init_identity_center.ts";
import { initOkta } from "./init_okta.ts";
import { readSignInPlace, type SignInPlace } from "./init_questions.ts";
import { type InitStart, startInit } from "./init_start.ts";
import { runRefresh } from "./refresh.ts";

/**
 * Asks for what no flag gives, proves it, stores it, and offers to set the profiles up.
 *
 * @param invocation The command line.
 * @returns The exit code.
 */
export async function runInit(invocation: Invocation): Promise<number> {
  const start = await startInit(invocation);
  const place = await whereToSignIn(start);
  const result = "org" in place
    ? await initOkta(start, place)
    : await runInitIdentityCenter(start, place.portal);
  showInit(start, result);
  return await setUp(start, result);
}

/** The flags' address, else the team's, else what somebody types. */
async function whereToSignIn(start: InitStart): Promise<SignInPlace> {
  const { invocation: { flags }, existing, team, asker } = start;
  const given = flags.ssoUrl ?? flags.domain;
  if (isForIdentityCenter(existing, flags)) return { portal: given };
  const known = existing.app?.[0] ?? existing.org;
  const address = given ?? (team && known);
  if (address === undefined) return await asker.address(known);
  return readSignInPlace(address);
}

function showInit({ invocation, name }: InitStart, result: InitResult): void {
  const { ports: { output }, flags } = invocation;
  const { context, list, backend, passedOver } = result;
  const roles = list === undefined ? [] : rolesOf(context, [list]);
  const settings = context.paths.settings;
  if (flags.json) {
    const found = roles.map(({ roleArn, profile }) => ({ roleArn, profile }));
    return output.answer(`${JSON.stringify({ account: name, settings, backend, roles: found })}\n`);
  }
  if (flags.quiet) return;
  if (list !== undefined) {
    output.notice(`signed in; ${roles.length} roles:\n`);
    const rows = roles.map(({ profile, alias, accountId, roleName }) =>
      [profile ?? "", `${alias ?? accountId}/${roleName}`].map(showUntrusted)
    );
    output.notice(formatTable(["PROFILE", "ROLE"], rows));
  }
  const secrets = backend === "none" ? "" : `; secrets: ${backend}`;
  output.notice(`settings: ${showUntrusted(settings)}${secrets}\n`);
  for (const { name, why = "" } of passedOver) output.notice(`  not in ${name}: ${why}\n`);
}

async function setUp(
  { invocation, asker }: InitStart,
  { context, list }: InitResult,
): Promise<number> {
  if (list === undefined) return 0;
  const { ports: { output }, flags } = invocation;
  const kind = flags.profiles ?? await asker.choose();
  if (kind === "static") return await runRefresh(invocation);
  if (kind === "none") {
    if (!flags.quiet) output.notice("next: okta-aws refresh\n");
    return 0;
  }
  const { profiles } = await setUpProfiles(context, list);
  if (flags.quiet) return 0;
  output.notice(`${profiles.length} profiles in ${showUntrusted(context.paths.awsConfig)}\n`);
  // Not s3 ls: the one call that every role may make, and it wants a region.
  const example = `aws sts get-caller-identity --region us-east-1 --profile ${profiles[0]}`;
  if (profiles.length > 0) output.notice(`try: ${example}\n`);
  return 0;
}
