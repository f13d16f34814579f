/**
 * `plugin list` and `plugin remove NAME`.
 *
 * @module
 */

import { type ListedPlugin, listPlugins } from "../../plugins/list_plugins.ts";
import { removeGrant } from "../../plugins/remove_plugin.ts";
import { openContext } from "../../app/open_context.ts";
import { tellPermissions } from "../../plugins/describe_permissions.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { formatTable } from "../report.ts";
import { grantToJson } from "./plugin_add.ts";

function toJson({ name, state, grant }: ListedPlugin): Record<string, unknown> {
  return { plugin: name, state, ...(grant && grantToJson(grant)) };
}

/**
 * Lists the plugins.
 *
 * @param invocation The command line.
 */
export async function runPluginList({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const plugins = await listPlugins(context);
  if (flags.json) return ports.output.answer(`${JSON.stringify(plugins.map(toJson))}\n`);
  const { paths: { awsConfig, awsCredentials } } = context;
  const around = { home: ports.environment.home, sensitive: [awsConfig, awsCredentials] };
  const rows = plugins.map(({ name, state, grant }) => {
    if (grant === undefined) return [name, state, "bundled", `okta-aws plugin add ${name}`];
    const place = "file" in grant.source ? showUntrusted(grant.source.file) : "bundled";
    return [name, state, place, tellPermissions(grant, around).join("; ")];
  });
  ports.output.answer(formatTable(["PLUGIN", "STATE", "FILE", "WHAT IT DOES"], rows));
}

/**
 * Takes a plugin away; its file stays.
 *
 * @param invocation The command line.
 */
export async function runPluginRemove({ ports, flags, args: [name] }: Invocation): Promise<void> {
  await removeGrant(await openContext(ports, flags, "foreground"), name!);
  if (flags.json) {
    return ports.output.answer(`${JSON.stringify({ plugin: name, removed: true })}\n`);
  }
  if (!flags.quiet) ports.output.notice(`the plugin ${showUntrusted(name)} is off\n`);
}
