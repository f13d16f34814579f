/** What a command's code gets from the command line, and what it starts from. @module */

import type { AppContext, CommonFlags } from "../app/context.ts";
import { openContext as openAppContext } from "../app/open_context.ts";
import { pluginHooks } from "../plugins/plugin_hooks.ts";
import type { Ports } from "../ports.ts";
import type { Flags } from "./flags.ts";

/** A parsed command line. */
export interface Invocation {
  ports: Ports;
  flags: Flags;
  args: string[];
  /** The arguments after `--`. */
  tail: string[];
  /** The command line as typed, from the first argument up to `--`. */
  argv: readonly string[];
}

type RenewTeamSettings = typeof import("../settings/team/renew_team_settings.ts");

/** Returns the exit code; nothing means 0. */
export type CommandFunction = (invocation: Invocation) => Promise<number | void>;

/**
 * Opens the context of a command, with the hooks of plugins.
 *
 * @throws {SettingsError} `bad_settings`
 */
export function openContext(
  ports: Ports,
  flags: CommonFlags,
  kind: "foreground" | "background",
  mayAsk = true,
): Promise<AppContext> {
  return openAppContext({ ports, plugins: pluginHooks, flags, kind, mayAsk });
}

/**
 * Opens the context of a command that somebody typed and that asks Okta in any case: team settings
 * are updated first, except with `--dry-run`.
 *
 * @throws {SettingsError} `bad_settings`
 */
export async function openForeground(
  ports: Ports,
  flags: CommonFlags & { dryRun?: boolean },
): Promise<AppContext> {
  const context = await openContext(ports, flags, "foreground");
  const record = `${context.paths.settingsDirectory}/team.json`;
  if (flags.dryRun || await ports.files.facts(record) === undefined) return context;
  const { renewTeamSettings } = await import(
    "../settings/team/renew_team_settings.ts" as string
  ) as RenewTeamSettings;
  return await renewTeamSettings(context);
}
