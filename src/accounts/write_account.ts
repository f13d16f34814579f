/**
 * Writes what `init` has learned of an account to the settings.
 *
 * @module
 */

import { setSection } from "../ini/edit.ts";
import type { IniSetting } from "../ini/values.ts";
import { editFile } from "../app/edit_file.ts";
import type { AppContext } from "../app/context.ts";
import type { TakenSettings } from "../settings/team/take_team_settings.ts";

/** An account's section, to be written. */
export interface AccountSection {
  /** The account's name. */
  name: string;
  /** A team's settings, which come first. */
  team?: Pick<TakenSettings, "change"> | undefined;
  /** The keys that are set. */
  keys: readonly IniSetting[];
  /** The keys that must not stay. */
  drop: readonly string[];
}

/**
 * Writes an account's section; the first account of all, under a name of its own, becomes the default.
 *
 * @param section What to write.
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
