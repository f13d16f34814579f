/**
 * Writes what `init` has learnt about an account to the settings.
 *
 * @module
 */

import { setSection } from "../ini/edit.ts";
import type { IniSetting } from "../ini/values.ts";
import { editFile } from "../app/edit_file.ts";
import type { AppContext } from "../app/context.ts";
import type { TakenSettings } from "../settings/team/take_team_settings.ts";

/** An account's section to write. */
export interface AccountSection {
  /** The account's name. */
  name: string;
  /** A team's settings, applied first. */
  team?: Pick<TakenSettings, "change"> | undefined;
  /** The keys to set. */
  keys: readonly IniSetting[];
  /** The keys to remove. */
  drop: readonly string[];
}

/**
 * Writes an account's section. The very first account becomes the default if it has its own name.
 */
export async function writeAccount(
  context: AppContext,
  { name, team, keys, drop }: AccountSection,
): Promise<void> {
  const { accounts, program: own } = context.settings;
  const isOnly = [...accounts.keys()].every((known) => known === name);
  const first = isOnly && name !== "default" && own.default_account === undefined;
  await editFile(context, {
    path: context.paths.settings,
    change(before) {
      const text = team?.change(before) ?? before;
      const named = first ? setSection(text, "okta-aws", [["default_account", name]]) : text;
      return setSection(named, `account ${name}`, [...keys], [...drop]);
    },
  });
}
