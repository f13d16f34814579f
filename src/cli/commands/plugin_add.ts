/**
 * `plugin add FILE` and `plugin trust NAME`: grants a plugin what it asks for.
 *
 * @module
 */

import { openContext } from "../../app/open_context.ts";
import { findPlugin, grantPlugin } from "../../plugins/grant_plugin.ts";
import { grantOf } from "../../plugins/remove_plugin.ts";
import { readGrants } from "../../plugins/run_hook.ts";
import type { Grant } from "../../plugins/grants.ts";
import type { Output } from "../../ports.ts";
import type { CommandFunction } from "../invocation.ts";
import type { Flags } from "../flags.ts";

/**
 * What programs are told of a grant.
 *
 * @param grant The grant.
 * @returns Members for JSON.
 */
export function grantToJson(grant: Grant): Record<string, unknown> {
  const { name, source, sha256, permissions, hooks, commands } = grant;
  const file = "file" in source ? source.file : null;
  return { plugin: name, file, sha256, permissions, hooks, commands: Object.keys(commands) };
}

function tell(output: Output, grant: Grant, { json, quiet }: Flags): void {
  if (json) return output.answer(`${JSON.stringify(grantToJson(grant))}\n`);
  if (!quiet) output.notice(`the plugin ${grant.name} is on\n`);
}

/**
 * `plugin add`.
 *
 * @param reserved The names of the program's own commands: no plugin may take them.
 * @returns The command.
 */
export function pluginAdd(reserved: readonly string[]): CommandFunction {
  return async ({ ports, flags, args: [word] }) => {
    const context = await openContext(ports, flags, "foreground");
    const source = await findPlugin(await ports.pluginSandbox(), word!);
    const options = { yes: flags.yes ?? false, reserved };
    tell(ports.output, await grantPlugin(context, source, options), flags);
  };
}

/**
 * `plugin trust`.
 *
 * @param reserved As for {@linkcode pluginAdd}.
 * @returns The command.
 */
export function pluginTrust(reserved: readonly string[]): CommandFunction {
  return async ({ ports, flags, args: [name] }) => {
    const context = await openContext(ports, flags, "foreground");
    const { source } = grantOf(await readGrants(context), name!);
    const options = { yes: flags.yes ?? false, reserved };
    tell(ports.output, await grantPlugin(context, source, options, name), flags);
  };
}
