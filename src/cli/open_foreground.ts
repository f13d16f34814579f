import type { AppContext, CommonFlags } from "../app/context.ts";
import { openContext } from "../app/open_context.ts";
import type { Ports } from "../ports.ts";

/**
 * What a command starts from that a person has typed and that goes to Okta anyway: the settings,
 * with what the team has changed in them.
 *
 * @param flags With `--dry-run` a team's settings are not renewed.
 * @throws {SettingsError} `bad_settings`
 */
export async function openForeground(
  ports: Ports,
  flags: CommonFlags & { dryRun?: boolean },
): Promise<AppContext> {
  const context = await openContext(ports, flags, "foreground");
  const record = `${context.paths.settingsDirectory}/team.json`;
  if (flags.dryRun || await ports.files.facts(record) === undefined) return context;
  const { renewTeamSettings } = await import("../settings/team/renew_team_settings.ts");
  return await renewTeamSettings(context);
}
