/** `init`: sets up an account of Okta or IAM Identity Center. @module */

import type { InitResult } from "../../accounts/init.ts";
import type { AppContext } from "../../app/context.ts";
import { defaultRegion } from "../../app/default_region.ts";
import { editFile } from "../../app/edit_file.ts";
import { reloadSettings } from "../../app/open_context.ts";
import { UsageError } from "../../errors.ts";
import { setSection } from "../../ini/edit.ts";
import type { IniSetting } from "../../ini/values.ts";
import { setUpProfiles } from "../../profiles/setup_profiles.ts";
import { rolesOf } from "../../roles/known_roles.ts";
import { openTotpPicture } from "../../secrets/read_totp_picture.ts";
import { accountName } from "../../settings/account_settings.ts";
import type { TakenSettings } from "../../settings/team/take_team_settings.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Flags } from "../flags.ts";
import { type Invocation, openContext } from "../invocation.ts";
import { showPath } from "../output.ts";
import { styleOf } from "../style.ts";
import { formatTable } from "../table.ts";
import { corrector } from "./init_correct.ts";
import { checkAccountName, checkFlags } from "./init_flags.ts";
import { isForIdentityCenter, runInitIdentityCenter } from "./init_identity_center.ts";
import { initOkta } from "./init_okta.ts";
import { type InitStart, openAsker } from "./init_questions.ts";
import { asksRegion, type InitAnswers, oktaSteps, plannedSteps, takeSteps } from "./init_steps.ts";
import { runRefresh } from "./refresh.ts";

/** Asks for what the flags leave out, signs in, stores it all and offers to set up profiles. */
export async function runInit(invocation: Invocation): Promise<number> {
  const start = await startInit(invocation);
  const answers: InitAnswers = {};
  const { address, username, password, totp } = oktaSteps(start, answers);
  await takeSteps(start, [address, username, password, totp]);
  const result = await setUpAccount(start, answers);
  reportInit(start, result);
  return await finish(start, result);
}

/** Asks again for what was refused. */
async function setUpAccount(start: InitStart, answers: InitAnswers): Promise<InitResult> {
  const correct = corrector(start, answers);
  for (;;) {
    const { place } = answers;
    try {
      return place !== undefined && "org" in place
        ? await initOkta(start, place, answers)
        : await runInitIdentityCenter(start, place?.portal);
    } catch (error) {
      await correct(error);
    }
  }
}

/** Asks for the region, unless flags or settings say it, and what to set up. */
async function finish(start: InitStart, result: InitResult): Promise<number> {
  const { invocation: { flags }, asker, name } = start;
  const { context, list } = result;
  if (list === undefined) return 0;
  let region: string | undefined;
  let kind = flags.profiles;
  const asks = asksRegion(start) && await context.interaction.canAsk();
  await takeSteps(start, [async () => {
    if (asks) region = await asker.region(region ?? await defaultRegion(context));
    return asks;
  }, async () => {
    kind ??= await asker.choose();
    return false;
  }]);
  if (region === undefined) return await setUpAtEnd(start, result, kind ?? "none");
  const keys: IniSetting[] = [["region", region]];
  await editFile(context, {
    path: context.paths.settings,
    change: (text) => setSection(text, `account ${name}`, keys),
  });
  const renewed = { ...result, context: await reloadSettings(context) };
  return await setUpAtEnd(start, renewed, kind ?? "none");
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
  const start = { invocation, context, name, before, existing, team, picture };
  const isPortal = isForIdentityCenter(existing, flags);
  return { ...start, asker: openAsker(context, plannedSteps(start, isPortal)) };
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

/** A list that is longer scrolls the rest of the screen away. */
const MOST_ROWS = 12;

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
  const style = styleOf(invocation, "notice");
  if (list !== undefined) {
    output.notice(`${style.good("✓")} signed in; ${roles.length} roles:\n`);
    const rows = roles.slice(0, MOST_ROWS).map(({ profile, alias, accountId, roleName }) =>
      [profile ?? "", `${alias ?? accountId}/${roleName}`].map(showUntrusted)
    );
    output.notice(formatTable(style, { heads: ["PROFILE", "ROLE"], rows, optional: [1] }));
    const more = roles.length - rows.length;
    if (more > 0) output.notice(`… and ${more} more: okta-aws roles\n`);
  }
  const secrets = backend === "none" ? "" : `; secrets: ${backend}`;
  const { home } = invocation.ports.environment;
  output.notice(`${style.good("✓")} settings: ${showPath(settings, home)}${secrets}\n`);
  for (const { name, why = "" } of passedOver) output.notice(`  not in ${name}: ${why}\n`);
}

async function setUpAtEnd(
  { invocation, name }: InitStart,
  { context, list }: InitResult,
  kind: NonNullable<Flags["profiles"]>,
): Promise<number> {
  const { ports: { output, environment: { home } }, flags } = invocation;
  if (kind === "static") return await runRefresh(invocation);
  if (kind === "none" || list === undefined) {
    if (!flags.quiet) output.notice("next: okta-aws refresh\n");
    return 0;
  }
  const { profiles } = await setUpProfiles(context, list);
  if (flags.quiet) return 0;
  const { good } = styleOf(invocation, "notice");
  const file = showPath(context.paths.awsConfig, home);
  output.notice(`${good("✓")} wrote ${profiles.length} profiles to ${file}\n`);
  // Every role may make this call; it needs a region.
  const hasRegion = context.settings.accounts.get(name)?.region !== undefined;
  const region = hasRegion ? "" : " --region us-east-1";
  const example = `aws sts get-caller-identity${region} --profile ${profiles[0]}`;
  if (profiles.length > 0) output.notice(`try: ${example}\n`);
  return 0;
}
