/** A plugin's bytes: read once, compared with the grant's hash, and the same bytes are run. */

import { SettingsError } from "../errors.ts";
import type { BundledPlugin, PluginSandbox, PluginSetup } from "../ports.ts";
import { expandHome, type Permissions, refuseOurPlaces } from "./permissions.ts";
import { type Grant, hashOf, type PluginSource } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";

export interface PluginCode extends Pick<PluginSetup, "code" | "copy" | "importsNothing"> {
  /** Of the bytes, hexadecimal. */
  sha256: string;
}

const MOST_BYTES = 5 * 1024 * 1024;

/** @throws {SettingsError} `no_plugin_file`, `bad_plugin` */
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
    const what = "file" in source
      ? `file not found: ${source.file}`
      : `plugin not found: ${source.bundled}`;
    throw new SettingsError(showUntrusted(what), {
      code: "no_plugin_file",
      hint: "list the plugins: okta-aws plugin list",
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
 * The bytes of a granted plugin, if the grant was for these bytes. Bundled plugins may change with
 * okta-aws itself; their grant still limits them.
 *
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
    hint: `review it, then run: okta-aws plugin trust ${name}`,
  });
}

/**
 * The permissions of one run, with absolute paths. Links are followed each time: one that was
 * created since the grant must not lead to okta-aws's own files.
 *
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

/** `import type { A, B } from "x"` is removed before the code runs; `import type from "x"` is not. */
const TYPES_ONLY = /\bimport\s+type\s*\{[\w\s,$]*\}\s*from\s*(?:"[^"\\\n]*"|'[^'\\\n]*')/g;

/** Keywords can't contain escapes, so this is the only spelling. */
const IMPORT = /(?<![\p{ID_Continue}$\u200c\u200d])import(?![\p{ID_Continue}$\u200c\u200d])/u;

/** `export … from "x"`, with spaces and comments before the quote. */
const FROM = /(?<![\p{ID_Continue}$])from(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*["']/u;

/**
 * Whether a module is sure to import nothing, judged by its text. Needed where Deno has no
 * `registerHooks` (before 2.9, in a compiled program); code from strings can't run there. Harmless
 * text that contains `import` is refused too.
 */
export function importsNothing(text: string): boolean {
  const rest = text.replace(TYPES_ONLY, "");
  return !IMPORT.test(rest) && !FROM.test(rest);
}
