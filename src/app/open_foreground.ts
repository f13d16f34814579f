/**
 * What a command starts from that a person has typed and that goes to Okta anyway: the settings,
 * with what the team has changed in them.
 *
 * @module
 */

import type { Ports } from "../ports.ts";
import { type Conversation, openConversation } from "./interaction.ts";
import { type CommonFlags, openProgram, type Program } from "./context.ts";

/**
 * Reads the settings, and renews those of a team where that is due.
 *
 * @param ports The machine.
 * @param flags The flags that every command takes; with `--dry-run` nothing is renewed.
 * @returns The run, and who is told and asked.
 * @throws {SettingsError} `bad_settings`
 */
export async function openForeground(
  ports: Ports,
  flags: CommonFlags & { dryRun?: boolean },
): Promise<{ program: Program; conversation: Conversation }> {
  const program = await openProgram(ports, flags);
  const conversation = openConversation(program, "foreground");
  const record = `${program.paths.settingsDirectory}/team.json`;
  if (flags.dryRun || await ports.files.facts(record) === undefined) {
    return { program, conversation };
  }
  const { renewTeamSettings } = await import("../settings/team/renew_team_settings.ts");
  const renewed = await renewTeamSettings(program, conversation);
  return { program: renewed, conversation: openConversation(renewed, "foreground") };
}
