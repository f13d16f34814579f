/**
 * What every `init` begins with: the settings, those of a team, and the account's name.
 *
 * @module
 */

import { ACCOUNT_NAME, type AccountSettings } from "../../settings/settings.ts";
import { UsageError } from "../../errors.ts";
import { accountName } from "../../settings/account_settings.ts";
import type { AppContext } from "../../app/context.ts";
import { openContext } from "../../app/open_context.ts";
import type { TakenSettings } from "../../settings/team/take_team_settings.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import type { Flags } from "../flags.ts";
import { type Asker, openAsker } from "./init_questions.ts";

/** What an `init` begins with. */
export interface InitStart {
  /** The command line. */
  invocation: Invocation;
  /** The run. */
  context: AppContext;
  /** Asks for what is missing. */
  asker: Asker;
  /** The account's name. */
  name: string;
  /** What the settings say of it now. */
  before: AccountSettings;
  /** The same, with what the team says. */
  existing: AccountSettings;
  /** A team's settings, where `--from` gives some. */
  team: TakenSettings | undefined;
}

/**
 * Reads what there is, before anything is asked.
 *
 * @param invocation The command line.
 * @returns What there is.
 * @throws {UsageError} `conflicting_flags`, `bad_account_name`
 */
export async function startInit(invocation: Invocation): Promise<InitStart> {
  const { ports, flags } = invocation;
  const context = await openContext(ports, flags, "foreground");
  refuseTwoSources(flags);
  const team = await teamSettings(context, flags);
  const name = checkedName(team?.account ?? accountName(context));
  const asker = openAsker(context);
  const before = context.settings.accounts.get(name) ?? {};
  const existing = team?.settings.accounts.get(name) ?? before;
  return { invocation, context, asker, name, before, existing, team };
}

/** What `--from` gives; what it leaves open is asked. */
async function teamSettings(
  context: AppContext,
  { from, key, quiet, json }: Flags,
): Promise<TakenSettings | undefined> {
  if (from === undefined) {
    if (key === undefined) return undefined;
    throw new UsageError("--key is the key of a team's settings, and there is no --from", {
      code: "conflicting_flags",
      hint: "give --from FILE or URL as well",
    });
  }
  const { takeTeamSettings } = await import("../../settings/team/take_team_settings.ts");
  const taken = await takeTeamSettings(context, from, key);
  if (!quiet && !json) context.ports.output.notice(`${showUntrusted(taken.summary)}\n`);
  return taken;
}

function refuseTwoSources(flags: Flags): void {
  if (flags.qr !== undefined && flags.enrollTotp) throw twoSources("--qr and --enroll-totp");
  if (!flags.enrollTotp || !flags.noVerify) return;
  throw new UsageError("--enroll-totp has to sign in, and --no-verify forbids it", {
    code: "conflicting_flags",
    hint: "leave one of them out",
  });
}

/**
 * The error of a TOTP secret that comes from two places.
 *
 * @param which The places.
 * @returns The error, to be thrown.
 */
export function twoSources(which: string): UsageError {
  return new UsageError(`the TOTP secret can come from one place only: ${which}`, {
    code: "conflicting_flags",
    hint: "leave one of them out",
  });
}

function checkedName(name: string): string {
  if (ACCOUNT_NAME.test(name)) return name;
  throw new UsageError(`${showUntrusted(name)} can't be the name of an account`, {
    code: "bad_account_name",
    hint: "letters, digits, dots, dashes and underscores, up to 63",
  });
}
