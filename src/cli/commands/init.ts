/** `init`: sets up an account of Okta or IAM Identity Center. @module */

import type { AppContext } from "../../app/context.ts";
import { editFile } from "../../app/edit_file.ts";
import { reloadSettings } from "../../app/open_context.ts";
import { readAwsProfiles } from "../../aws/files/aws_files.ts";
import { parseIni } from "../../ini/document.ts";
import { editIni } from "../../ini/edit.ts";
import { openContext } from "../invocation.ts";
import { UsageError } from "../../errors.ts";
import { openTotpPicture } from "../../secrets/read_totp_picture.ts";
import { setUpProfiles } from "../../profiles/setup_profiles.ts";
import { rolesOf } from "../../roles/known_roles.ts";
import type { InitResult } from "../../accounts/init.ts";
import { accountName, backendFor } from "../../settings/account_settings.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import type { TakenSettings } from "../../settings/team/take_team_settings.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Flags } from "../flags.ts";
import type { Invocation } from "../invocation.ts";
import { styleOf } from "../style.ts";
import { formatTable } from "../table.ts";
import { checkAccountName, checkFlags } from "./init_flags.ts";
import { isForIdentityCenter, runInitIdentityCenter } from "./init_identity_center.ts";
import { initOkta } from "./init_okta.ts";
import { type InitStart, openAsker, readSignInPlace, type SignInPlace } from "./init_questions.ts";
import { runRefresh } from "./refresh.ts";

/** Asks for what the flags leave out, signs in, stores it all and offers to set up profiles. */
export async function runInit(invocation: Invocation): Promise<number> {
  const start = await startInit(invocation);
  const place = await findSignInPlace(start);
  const result = "org" in place
    ? await initOkta(start, place)
    : await runInitIdentityCenter(start, place.portal);
  reportInit(start, result);
  return await setUpAtEnd(start, await withRegion(start, result));
}

/** Asks for the AWS region of the profiles, unless flags or settings say it. */
async function withRegion(start: InitStart, result: InitResult): Promise<InitResult> {
  const { invocation: { flags, ports: { environment } }, existing, name, asker } = start;
  const { context, list } = result;
  const isSaid = flags.region !== undefined || existing.region !== undefined;
  // With --profiles a script has decided on the end.
  if (isSaid || flags.profiles !== undefined || list === undefined) return result;
  if (flags.secretsStdin || !await context.interaction.canAsk()) return result;
  const aws = await readAwsProfiles(context.ports.files, context.paths.awsConfig);
  const region = await asker.region(
    environment.get("AWS_REGION") ?? environment.get("AWS_DEFAULT_REGION") ??
      aws.profile("default")?.get("region") ?? "us-east-1",
  );
  await editFile(context, {
    path: context.paths.settings,
    change: (text) =>
      editIni(parseIni(text), [
        { kind: "set", section: `account ${name}`, set: [["region", region]] },
      ]),
  });
  return { ...result, context: await reloadSettings(context) };
}

/**
 * Checks flags and reads settings, before anything is asked.
 *
 * @throws {UsageError} `conflicting_flags`, `bad_account_name`, `bad_region`, `bad_username`
 * @throws {SettingsError} `bad_sso_url`, `no_picture`, `bad_qr_picture`, `no_qr_code`
 */
async function startInit(invocation: Invocation): Promise<InitStart> {
  const { ports, flags } = invocation;
  const context = await openContext(ports, flags, "foreground");
  checkFlags(flags);
  const picture = flags.qr === undefined ? undefined : await openTotpPicture(context, flags.qr);
  const team = await readTeamSettings(context, flags);
  const name = checkAccountName(team?.account ?? accountName(context));
  await tellOfOldTools(context, flags);
  const before = context.settings.accounts.get(name) ?? {};
  const existing = team?.settings.accounts.get(name) ?? before;
  const asker = openAsker(context, countQuestions(context, flags, existing, team !== undefined));
  return { invocation, context, asker, name, before, existing, team, picture };
}

/** How many questions are to come before the sign-in. */
function countQuestions(
  context: AppContext,
  flags: Flags,
  existing: AccountSettings,
  isTeams: boolean,
): number {
  const isPlaceKnown = (flags.ssoUrl ?? flags.domain) !== undefined ||
    (isTeams && (existing.app?.[0] ?? existing.org) !== undefined);
  const backend = backendFor(context, existing);
  const inBrowser = flags.browserSignIn === true || existing.auth === "browser" ||
    existing.auth === "device";
  const asksSecrets = !flags.secretsStdin && !inBrowser && backend !== "env" &&
    backend !== "command";
  const asksTotp = asksSecrets && flags.qr === undefined && !flags.enrollTotp;
  return [!isPlaceKnown, flags.username === undefined, asksSecrets, asksTotp]
    .filter(Boolean).length;
}

/** Before the first account is set up: others may have its settings already. */
async function tellOfOldTools(context: AppContext, flags: Flags): Promise<void> {
  if (context.settings.accounts.size > 0 || flags.quiet || flags.json || flags.from) return;
  const { detectTools } = await import("../../import/detect.ts");
  const tools = await detectTools(context);
  if (tools.length === 0) return;
  const names = tools.length === 1 ? `${tools[0]} is` : `${tools.join(", ")} are`;
  context.ports.output.notice(`${names} set up here: okta-aws import\n`);
}

async function readTeamSettings(
  context: AppContext,
  { from, key, quiet, json }: Flags,
): Promise<TakenSettings | undefined> {
  if (from === undefined) {
    if (key === undefined) return undefined;
    throw new UsageError("--key needs --from", {
      code: "conflicting_flags",
      hint: "add --from FILE or --from URL",
    });
  }
  const { takeTeamSettings } = await import("../../settings/team/take_team_settings.ts");
  const taken = await takeTeamSettings(context, from, key);
  if (!quiet && !json) context.ports.output.notice(`${showUntrusted(taken.summary)}\n`);
  return taken;
}

/** From the flags, else from the team settings, else typed. */
async function findSignInPlace(start: InitStart): Promise<SignInPlace> {
  const { invocation: { flags }, existing, team, asker } = start;
  const given = flags.ssoUrl ?? flags.domain;
  if (isForIdentityCenter(existing, flags)) return { portal: given };
  const known = existing.app?.[0] ?? existing.org;
  const address = given ?? (team && known);
  if (address === undefined) return await asker.address(known);
  return readSignInPlace(address);
}

function reportInit({ invocation, name }: InitStart, result: InitResult): void {
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
    const style = styleOf(invocation, "notice");
    output.notice(formatTable(style, { heads: ["PROFILE", "ROLE"], rows, optional: [1] }));
  }
  const secrets = backend === "none" ? "" : `; secrets: ${backend}`;
  output.notice(`settings: ${showUntrusted(settings)}${secrets}\n`);
  for (const { name, why = "" } of passedOver) output.notice(`  not in ${name}: ${why}\n`);
}

async function setUpAtEnd(
  { invocation, asker, name }: InitStart,
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
  output.notice(`wrote ${profiles.length} profiles to ${showUntrusted(context.paths.awsConfig)}\n`);
  // Every role may make this call; it needs a region.
  const hasRegion = context.settings.accounts.get(name)?.region !== undefined;
  const region = hasRegion ? "" : " --region us-east-1";
  const example = `aws sts get-caller-identity${region} --profile ${profiles[0]}`;
  if (profiles.length > 0) output.notice(`try: ${example}\n`);
  return 0;
}
