/** `plugin add`, `plugin trust`, `plugin list` and `plugin remove`. @module */

import { openContext } from "../invocation.ts";
import { describePermissions } from "../../plugins/describe_permissions.ts";
import { type Grant, grantOf, readGrants } from "../../plugins/grants.ts";
import {
  findPlugin,
  grantPlugin,
  type ListedPlugin,
  listPlugins,
  removeGrant,
} from "../../plugins/manage_plugins.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { reservedNames } from "../command_table.ts";
import type { Invocation } from "../invocation.ts";
import { styleOf } from "../style.ts";
import { formatTable } from "../table.ts";

/** What the bundled plugins do, until they are enabled and say what they touch. */
const BUNDLED: Record<string, string> = {
  awslogin: "writes a page of console links after each refresh",
  kubeconfig: "updates EKS entries of the kubeconfig after each refresh",
};

function grantToJson(grant: Grant): Record<string, unknown> {
  const { name, source, sha256, permissions, hooks, commands } = grant;
  const file = "file" in source ? source.file : null;
  return { plugin: name, file, sha256, permissions, hooks, commands: Object.keys(commands) };
}

function reportGrant({ ports: { output }, flags }: Invocation, grant: Grant, verb: string): void {
  if (flags.json) return output.answer(`${JSON.stringify(grantToJson(grant))}\n`);
  if (!flags.quiet) output.notice(`${verb} ${grant.name}\n`);
}

export async function runPluginAdd(invocation: Invocation): Promise<void> {
  const { ports, flags, args: [nameOrFile] } = invocation;
  const context = await openContext(ports, flags, "foreground");
  const source = await findPlugin(await ports.pluginStarter(), nameOrFile!);
  const options = { yes: flags.yes ?? false, reserved: reservedNames() };
  reportGrant(invocation, await grantPlugin(context, source, options), "added");
}

export async function runPluginTrust(invocation: Invocation): Promise<void> {
  const { ports, flags, args: [name] } = invocation;
  const context = await openContext(ports, flags, "foreground");
  const { source } = grantOf(await readGrants(context), name!);
  const options = { yes: flags.yes ?? false, reserved: reservedNames(), known: name! };
  reportGrant(invocation, await grantPlugin(context, source, options), "trusted");
}

function listedToJson({ name, state, problem, grant }: ListedPlugin): Record<string, unknown> {
  return { plugin: name, state, ...(problem && { problem }), ...(grant && grantToJson(grant)) };
}

export async function runPluginList({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const plugins = await listPlugins(context);
  if (flags.json) return ports.output.answer(`${JSON.stringify(plugins.map(listedToJson))}\n`);
  const { paths: { awsConfig, awsCredentials } } = context;
  const around = { home: ports.environment.home, sensitive: [awsConfig, awsCredentials] };
  const rows = plugins.map(({ name, state, grant }) => {
    if (grant === undefined) return [name, state, "bundled", BUNDLED[name] ?? ""];
    const place = "file" in grant.source ? showUntrusted(grant.source.file) : "bundled";
    return [name, state, place, describePermissions(grant, around).join("; ")];
  });
  ports.output.answer(formatTable(styleOf({ ports, flags }, "answer"), {
    heads: ["PLUGIN", "STATE", "FILE", "WHAT IT DOES"],
    rows,
    optional: [2],
  }));
  for (const { name, problem } of plugins) {
    if (problem !== undefined) ports.output.notice(`${name}: ${problem}\n`);
  }
  const off = plugins.filter(({ grant }) => grant === undefined);
  if (off.length > 0) {
    await context.interaction.say(`To enable one: okta-aws plugin add ${off[0]!.name}`);
  }
}

/** Does not delete the plugin's file. */
export async function runPluginRemove({ ports, flags, args: [name] }: Invocation): Promise<void> {
  await removeGrant(await openContext(ports, flags, "foreground"), name!);
  if (flags.json) {
    return ports.output.answer(`${JSON.stringify({ plugin: name, removed: true })}\n`);
  }
  if (!flags.quiet) ports.output.notice(`removed ${showUntrusted(name)}\n`);
}
