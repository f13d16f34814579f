/**
 * `plugin remove`: a plugin is granted nothing any more.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { type Grant, grantFile } from "./grants.ts";
import { withDocumentLock } from "../store/json_file.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";

/**
 * The grant of a plugin.
 *
 * @param grants All grants.
 * @param name The plugin's name.
 * @returns Its grant.
 * @throws {SettingsError} `no_plugin`
 */
export function grantOf(grants: readonly Grant[], name: string): Grant {
  const grant = grants.find((one) => one.name === name);
  if (grant !== undefined) return grant;
  throw new SettingsError(`no plugin called ${showUntrusted(name)} was added`, {
    code: "no_plugin",
    hint: "see which there are: okta-aws plugin list",
  });
}

/**
 * Takes a plugin's grant away.
 *
 * @param name The plugin's name.
 * @throws {SettingsError} `no_plugin`
 */
export async function removeGrant({ ports, paths }: AppContext, name: string): Promise<void> {
  const file = grantFile(ports.files, paths.settingsDirectory, ports.environment.home);
  await withDocumentLock(ports.files, file.path, async () => {
    const grants = await file.read();
    const { sha256 } = grantOf(grants, name);
    const left = grants.filter((one) => one.name !== name);
    await (left.length === 0 ? ports.files.remove(file.path) : file.write(left));
    for (const extension of ["ts", "js"]) {
      await ports.files.remove(`${paths.cache}/plugins/${sha256}.${extension}`);
    }
  });
}
