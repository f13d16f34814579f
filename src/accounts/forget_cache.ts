/**
 * `signout --all --forget` of the last account: what no single account owns goes as well.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";

/** Our folders in the cache, which may be a folder that holds other files too. */
const FOLDERS = [
  ...["answers", "backup", "credentials", "locks", "plugins", "roles", "sessions"],
  ...["state", "tokens"],
];

/** Removes the rest of the cache, unless the settings have another account. */
export async function forgetCache(context: AppContext, name: string): Promise<void> {
  const { ports: { files }, paths, settings } = context;
  if ([...settings.accounts.keys()].some((other) => other !== name)) return;
  for (const folder of FOLDERS) await files.removeFolder(`${paths.cache}/${folder}`);
  if ((await files.list(paths.cache)).length === 0) await files.removeFolder(paths.cache);
  const secrets = `${paths.settingsDirectory}/secrets`;
  const left = (await files.list(secrets)).filter((one) => one !== ".lock");
  if (left.length === 0) await files.removeFolder(secrets);
  for (const one of ["grants.json", "team.json"]) {
    await files.remove(`${paths.settingsDirectory}/${one}.lock`);
  }
}
