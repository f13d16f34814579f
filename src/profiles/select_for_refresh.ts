/**
 * Which roles a `refresh` is for: by the arguments, the settings, the plugins, and a menu.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { isFirstOfMany, rememberChoice, selectRoles } from "../roles/select_roles.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { pickRoles } from "./choose_role.ts";
import type { LearnedAccount } from "./learn_account.ts";
import type { RefreshOptions } from "./refresh.ts";

/** An account with those of its roles that are refreshed. */
export interface Selection {
  account: LearnedAccount;
  chosen: readonly KnownRole[];
  /** Whether a menu asks which of them. */
  pick: boolean;
}

/** Selects by the arguments, else by the settings and the plugins. */
export async function selectFromAccount(
  context: AppContext,
  account: LearnedAccount,
  options: RefreshOptions,
): Promise<Selection> {
  const { name: oktaAccount, roles } = account;
  if (roles.length === 0) return { account, chosen: [], pick: false };
  let chosen = await selectRoles(context, { oktaAccount, roles }, options.names);
  if (options.names.length === 0) chosen = await options.filterRoles(oktaAccount, chosen);
  const pick = options.pick ||
    await isFirstOfMany(context, { oktaAccount, roles: chosen }, options);
  return { account, chosen, pick };
}

/**
 * Asks which roles to refresh, in one menu for all accounts, and keeps the answer in the settings.
 * Arguments limit the menu, and their answer is not kept.
 */
export async function pickFromAccounts(
  context: AppContext,
  selections: readonly Selection[],
  { names, dryRun, pick = false }: RefreshOptions,
): Promise<readonly Selection[]> {
  const asked = selections.filter((one) => one.pick);
  if (asked.length === 0) return selections;
  const chosen = asked.flatMap((one) => one.chosen);
  const isNamed = names.length > 0;
  const roles = isNamed ? chosen : asked.flatMap(({ account }) => account.roles);
  if (!pick) await context.interaction.say(`${roles.length} roles. Which should refresh keep?`);
  const isLimited = isNamed || chosen.length < roles.length;
  const picked = new Set(await pickRoles(context, roles, isLimited ? chosen : []));
  const answered = selections.map((one) =>
    one.pick ? { ...one, chosen: one.account.roles.filter((role) => picked.has(role)) } : one
  );
  if (!isNamed && !dryRun) {
    await keepPicked(context, answered.filter((one) => one.pick));
  }
  return answered;
}

async function keepPicked(context: AppContext, answered: readonly Selection[]): Promise<void> {
  for (const { account: { name, roles }, chosen } of answered) {
    if (chosen.length === 0) {
      await context.interaction.say(
        `Picked no role of ${showUntrusted(name)}: its setting "roles" stays as it was`,
      );
      continue;
    }
    const isAll = chosen.length === roles.length;
    await rememberChoice(context, { oktaAccount: name, roles: isAll ? [] : chosen });
  }
  const saved = answered.reduce((sum, { chosen }) => sum + chosen.length, 0);
  const all = answered.reduce((sum, { account }) => sum + account.roles.length, 0);
  await context.interaction.say(
    saved === all
      ? "Saved: all roles, new ones too. To change: okta-aws refresh --pick"
      : `Saved ${saved} of ${all} roles. To change: okta-aws refresh --pick`,
  );
}
