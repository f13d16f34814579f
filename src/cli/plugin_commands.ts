/** Commands that plugins add. @module */

import { OktaAwsError, PluginError } from "../errors.ts";
import { accountName } from "../settings/account_settings.ts";
import { type Grant, hasPlugins, readGrants } from "../plugins/grants.ts";
import { consoleRequests } from "../plugins/host_requests.ts";
import { commonEvent } from "../plugins/run_hook.ts";
import { runPlugin } from "../plugins/run_plugin.ts";
import { openContext } from "./invocation.ts";
import type { Ports } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { CommandSpec } from "./command_table.ts";
import type { Invocation } from "./invocation.ts";

/** Longer output is cut. */
const MOST_LINES = 10_000;

/**
 * The commands of all enabled plugins.
 *
 * @param argv Its `--config` selects the settings, and so the plugins.
 * @returns None if settings or grants can't be read; the command itself reports that.
 */
export async function pluginCommands(
  ports: Ports,
  argv: readonly string[],
): Promise<CommandSpec[]> {
  try {
    const config = configOf(argv);
    const context = await openContext(ports, config === undefined ? {} : { config }, "foreground");
    if (!await hasPlugins(context)) return [];
    return (await readGrants(context)).flatMap(commandsOf);
  } catch (error) {
    if (error instanceof OktaAwsError) return [];
    throw error;
  }
}

function configOf(argv: readonly string[]): string | undefined {
  const at = argv.findIndex((word) => word === "--config" || word.startsWith("--config="));
  return at < 0 ? undefined : argv[at]!.split(/=(.*)/s)[1] ?? argv[at + 1];
}

function commandsOf(grant: Grant): CommandSpec[] {
  return Object.entries(grant.commands).map(([name, { brief, args }]) => ({
    name,
    brief: `${brief} (plugin ${grant.name})`,
    args: { placeholder: args, brief: "", minimum: 0 },
    flags: [],
    load: () => Promise.resolve((invocation) => runCommand(grant, name, invocation)),
  }));
}

async function runCommand(
  grant: Grant,
  name: string,
  { ports, flags, args }: Invocation,
): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const event = { ...commonEvent(context, accountName(context)), args };
  const part = { kind: "command", name } as const;
  const requests = consoleRequests(context);
  const result = await runPlugin(context, grant, { part, event, requests });
  if (!result.ok) {
    throw new PluginError(`plugin ${grant.name} failed: ${result.message}`, {
      code: "plugin_failed",
      hint: result.hint,
    });
  }
  if (flags.json) return ports.output.answer(`${JSON.stringify(result.value ?? null)}\n`);
  ports.output.answer(linesOf(result.value).map((line) => `${showUntrusted(line)}\n`).join(""));
}

function linesOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.replace(/\n$/, "").split("\n", MOST_LINES);
}
