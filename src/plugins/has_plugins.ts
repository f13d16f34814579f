/**
 * Whether there are plugins at all: most people have none, and for them nothing more is loaded.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";

/**
 * Looks whether anything was ever granted.
 *
 * @returns Whether `grants.json` is there.
 */
export async function hasPlugins({ ports, paths }: AppContext): Promise<boolean> {
  return await ports.files.facts(`${paths.settingsDirectory}/grants.json`) !== undefined;
}
