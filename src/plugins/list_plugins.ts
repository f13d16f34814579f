/**
 * `plugin list`: the plugins, whether they run, and what each may touch.
 *
 * @module
 */

import { OktaAwsError } from "../errors.ts";
import type { Grant } from "./grants.ts";
import type { AppContext } from "../app/context.ts";
import { trustedCode } from "./plugin_code.ts";
import { readGrants } from "./run_hook.ts";

/** A plugin, as the list has it. */
export interface ListedPlugin {
  /** Its name. */
  name: string;
  /** `on`, `off` (comes with the program, not added), `changed` since it was trusted, `missing`. */
  state: "on" | "off" | "changed" | "missing";
  /** What it was granted. */
  grant: Grant | undefined;
}

/**
 * Lists the plugins.
 *
 * @returns Those that were added, then those that come with the program and were not.
 * @throws {SettingsError} `bad_grants`
 */
export async function listPlugins(context: AppContext): Promise<ListedPlugin[]> {
  const sandbox = await context.ports.pluginSandbox();
  const grants = await readGrants(context);
  const added = await Promise.all(grants.map(async (grant): Promise<ListedPlugin> => {
    try {
      await trustedCode(context, sandbox, grant);
      return { name: grant.name, state: "on", grant };
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      const state = error.code === "plugin_changed" ? "changed" : "missing";
      return { name: grant.name, state, grant };
    }
  }));
  const off = Object.keys(await sandbox.bundled()).filter((name) =>
    !grants.some((grant) => grant.name === name)
  );
  return [...added, ...off.map((name): ListedPlugin => ({ name, state: "off", grant: undefined }))];
}
