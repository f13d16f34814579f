/**
 * A plugin's bytes: read once, compared with what was granted, and these are run.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { BundledPlugin, PluginSandbox, PluginSetup } from "../ports.ts";
import { expandHome, type Permissions, refuseOurPlaces } from "./permissions.ts";
import { type Grant, hashOf, type PluginSource } from "./grants.ts";
import { importsNothing } from "./self_contained.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";

/** A plugin's bytes, and what is known of them. */
export interface PluginCode extends Pick<PluginSetup, "code" | "copy" | "importsNothing"> {
  /** SHA-256 of the bytes, hexadecimal. */
  sha256: string;
}

/** No plugin is larger than that; bytes. */
const MOST_BYTES = 5 * 1024 * 1024;

/**
 * Reads a plugin's bytes.
 *
 * @param sandbox Has the bundled ones.
 * @param source Where they are.
 * @returns The bytes.
 * @throws {SettingsError} `no_plugin_file`, `bad_plugin`
 */
export async function readPluginCode(
  { ports: { files }, paths }: AppContext,
  sandbox: PluginSandbox,
  source: PluginSource,
): Promise<PluginCode> {
  const found = "bundled" in source
    ? bundledCode(await sandbox.bundled(), source.bundled)
    : { code: await files.read(source.file), extension: source.file.endsWith(".js") ? "js" : "ts" };
  const { code, extension } = found ?? {};
  if (code === undefined) {
    const what = "file" in source ? `file ${source.file}` : `plugin ${source.bundled}`;
    throw new SettingsError(`there is no ${showUntrusted(what)}`, {
      code: "no_plugin_file",
      hint: "see which there are: okta-aws plugin list",
    });
  }
  if (code.length > MOST_BYTES) {
    throw new SettingsError("the plugin is larger than 5 MiB", { code: "bad_plugin" });
  }
  const sha256 = await hashOf(code);
  return {
    code,
    sha256,
    copy: `${paths.cache}/plugins/${sha256}.${extension}`,
    importsNothing: importsNothing(new TextDecoder().decode(code)),
  };
}

function bundledCode(
  all: Readonly<Record<string, BundledPlugin>>,
  name: string,
): BundledPlugin | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

/**
 * The bytes of a granted plugin, if they are those that were granted something. A bundled one
 * changes with the program, which vouches for it; its grant bounds it all the same.
 *
 * @param sandbox Has the bundled ones.
 * @param grant The grant.
 * @returns The bytes.
 * @throws {SettingsError} `plugin_changed`, or as {@linkcode readPluginCode}
 */
export async function trustedCode(
  context: AppContext,
  sandbox: PluginSandbox,
  { name, source, sha256 }: Grant,
): Promise<PluginCode> {
  const read = await readPluginCode(context, sandbox, source);
  if ("bundled" in source || read.sha256 === sha256) return read;
  throw new SettingsError("its file has changed since it was trusted, so it was not run", {
    code: "plugin_changed",
    hint: `look at it, then: okta-aws plugin trust ${name}`,
  });
}

/**
 * The permissions of a run: absolute paths, none of which is a place of ours, whatever links lead
 * there today.
 *
 * @param sandbox Follows links.
 * @param permissions What was granted.
 * @returns What the sandbox gets.
 * @throws {SettingsError} `bad_permissions`
 */
export async function sandboxPermissions(
  { ports: { environment }, paths }: AppContext,
  sandbox: PluginSandbox,
  { read, write, net, env, run }: Permissions,
): Promise<PluginSetup["permissions"]> {
  const expand = (list: readonly string[]) =>
    list.map((path) => expandHome(path, environment.home));
  const followed = (list: readonly string[]) =>
    Promise.all(list.map((path) => sandbox.locate(path)));
  const [asked, places] = [[...expand(read), ...expand(write)], [
    paths.settingsDirectory,
    paths.settings,
    paths.cache,
  ]];
  refuseOurPlaces([...asked, ...await followed(asked)], [...places, ...await followed(places)]);
  return { read: expand(read), write: expand(write), net, env, run };
}
