/**
 * Refuses files and folders that other users could change, before anything in them is trusted: a
 * planted `grants.json` would run programs, planted credentials would be used.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Files, UnsafePath } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";

function unsafe({ path, reason, isFolder }: UnsafePath, instead: string): SettingsError {
  const shown = showUntrusted(path);
  const owned = reason === "owner";
  const fix = owned ? `make it yours: chown ${isFolder ? "-R " : ""}"$USER"` : "run: chmod go-w";
  return new SettingsError(
    `will not use ${shown}: ${
      owned ? "it belongs to another user" : "other users can write to it"
    }`,
    { code: "unsafe_folder", hint: `${fix} ${shown}${instead}` },
  );
}

/**
 * Checks a file or folder, and all folders above it.
 *
 * @throws {SettingsError} `unsafe_folder`
 */
export async function refuseUnsafe(files: Files, path: string): Promise<void> {
  const found = await files.findUnsafe(path);
  if (found !== undefined) throw unsafe(found, "");
}

/**
 * Makes the cache folder private (0700). What others may have put there is removed.
 *
 * @throws {SettingsError} `unsafe_folder` if it, or a folder above it, is another user's or can be
 * written by others.
 */
export async function secureCacheFolder(files: Files, folder: string): Promise<void> {
  await files.makePrivate(folder);
  const found = await files.findUnsafe(folder);
  if (found !== undefined) {
    throw unsafe(found, ", or set OKTA_AWS_CACHE_DIR to a folder of your own");
  }
}
