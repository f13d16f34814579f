/** What every `init` starts from: own settings, team settings and the account's name. @module */

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

export interface InitStart {
  invocation: Invocation;
  context: AppContext;
  asker: Asker;
  /** The account's name. */
  name: string;
  /** The account's settings without the team's. */
  before: AccountSettings;
  /** The account's settings, the team's included. */
  existing: AccountSettings;
  /** From `--from`. */
  team: TakenSettings | undefined;
}

/**
 * Checks flags and reads settings, before anything is asked.
 *
 * @throws {UsageError} `conflicting_flags`, `bad_account_name`
 */
export async function startInit(invocation: Invocation): Promise<InitStart> {
  const { ports, flags } = invocation;
  const context = await openContext(ports, flags, "foreground");
  refuseTwoSources(flags);
  const team = await readTeamSettings(context, flags);
  const name = checkedName(team?.account ?? accountName(context));
  const asker = openAsker(context);
  const before = context.settings.accounts.get(name) ?? {};
  const existing = team?.settings.accounts.get(name) ?? before;
  return { invocation, context, asker, name, before, existing, team };
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

function refuseTwoSources(flags: Flags): void {
  if (flags.qr !== undefined && flags.enrollTotp) throw twoSources("--enroll-totp");
  if (!flags.enrollTotp || !flags.noVerify) return;
  throw new UsageError("--enroll-totp and --no-verify can't be used together", {
    code: "conflicting_flags",
    hint: "remove one of them",
  });
}

/** The error for a second source of the TOTP secret. */
export function twoSources(second: string): UsageError {
  return new UsageError(`${second} gives a second TOTP secret, but only one can be stored`, {
    code: "conflicting_flags",
    hint: "remove one of them",
  });
}

function checkedName(name: string): string {
  if (ACCOUNT_NAME.test(name)) return name;
  throw new UsageError(`invalid account name: ${showUntrusted(name)}`, {
    code: "bad_account_name",
    hint: "use letters, digits, dots, dashes and underscores, at most 63 characters",
  });
}
