/**
 * A plugin's code, compared with its grant: the bytes of a file by their hash, and the same bytes are
 * run; a bundled plugin by what it asks for.
 */

import { SettingsError } from "../errors.ts";
import type { BundledPlugin, PluginSetup, PluginStarter, StartedPlugin } from "../ports.ts";
import { programPlaces, sensitivePlaces } from "./describe_permissions.ts";
import { readDeclaration } from "./declaration.ts";
import { expandHome, isGranted, type Permissions, refuseOurPlaces } from "./permissions.ts";
import { type BundledGrant, type Grant, hashOf, type PluginSource } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { caBundle } from "../app/open_http.ts";

export interface PluginCode extends Pick<PluginSetup, "code" | "language"> {
  /** Of the bytes, hexadecimal. */
  sha256: string;
}

const MOST_BYTES = 5 * 1024 * 1024;

/** @throws {SettingsError} `no_plugin_file`, `bad_plugin` */
export async function readPluginCode(
  { ports: { files } }: AppContext,
  starter: PluginStarter,
  source: PluginSource,
): Promise<PluginCode> {
  const found = "bundled" in source
    ? bundledCode(await starter.bundled(), source.bundled)
    : { code: await files.read(source.file), extension: source.file.endsWith(".js") ? "js" : "ts" };
  const { code, extension } = found ?? {};
  if (code === undefined) throw notFound(source);
  if (code.length > MOST_BYTES) {
    throw new SettingsError("the plugin is larger than 5 MiB", { code: "bad_plugin" });
  }
  return { code, sha256: await hashOf(code), language: extension === "js" ? "js" : "ts" };
}

function notFound(source: PluginSource): SettingsError {
  const what = "file" in source
    ? `file not found: ${source.file}`
    : `plugin not found: ${source.bundled}`;
  return new SettingsError(showUntrusted(what), {
    code: "no_plugin_file",
    hint: "list the plugins: okta-aws plugin list",
  });
}

function bundledCode(
  all: Readonly<Record<string, BundledPlugin>>,
  name: string,
): BundledPlugin | undefined {
  return Object.hasOwn(all, name) ? all[name] : undefined;
}

function changed(why: string, name: string): SettingsError {
  return new SettingsError(`${why}, so it was not run`, {
    code: "plugin_changed",
    hint: `review it, then run: okta-aws plugin trust ${name}`,
  });
}

/**
 * The bytes of a granted plugin, if the grant was for these bytes.
 *
 * @throws {SettingsError} `plugin_changed`, or as {@linkcode readPluginCode}
 */
export async function trustedCode(
  context: AppContext,
  starter: PluginStarter,
  { name, source, sha256 }: Grant,
): Promise<PluginCode> {
  const read = await readPluginCode(context, starter, source);
  if (read.sha256 === sha256) return read;
  throw changed("its file has changed since it was trusted", name);
}

/**
 * Loads a bundled plugin, if it asks for nothing more than was granted. Its code may change with
 * okta-aws itself.
 *
 * @throws {SettingsError} `plugin_changed`, `no_plugin_file`, `bad_plugin`, `bad_permissions`
 */
export async function startBundled(
  context: AppContext,
  starter: PluginStarter,
  { name, source, permissions }: BundledGrant,
): Promise<StartedPlugin> {
  const started = await starter.startBundled(source.bundled);
  if (started === undefined) throw notFound(source);
  const declared = readDeclaration(started.declaration, context.ports.environment.home);
  if (!isGranted(declared.permissions, permissions)) {
    throw changed("it asks for more than was granted", name);
  }
  await sandboxLimits(context, starter, permissions);
  return started;
}

function javascriptPath({ paths }: Pick<AppContext, "paths">, hash: string): string {
  return `${paths.cache}/plugins/${hash}.js`;
}

/**
 * A TypeScript plugin's code without types, which takes long to make, from the cache. The grant has its
 * hash, so the cache need not be trusted.
 */
export async function withoutTypes(
  context: Pick<AppContext, "ports" | "paths">,
  read: PluginCode,
  { javascript }: Pick<Grant, "javascript">,
): Promise<PluginCode> {
  if (read.language === "js" || javascript === undefined) return read;
  const code = await context.ports.files.read(javascriptPath(context, javascript));
  if (code === undefined || await hashOf(code) !== javascript) return read;
  return { ...read, code, language: "js" };
}

/** @returns The hash, for the grant. */
export async function keepJavascript(
  context: Pick<AppContext, "ports" | "paths">,
  text: string,
): Promise<string> {
  const code = new TextEncoder().encode(text);
  const hash = await hashOf(code);
  // Without it, types are removed each time.
  await context.ports.files.writeAtomic(javascriptPath(context, hash), code, 0o600).catch(() => {});
  return hash;
}

export async function forgetJavascript(
  context: Pick<AppContext, "ports" | "paths">,
  { javascript }: Pick<Grant, "javascript">,
): Promise<void> {
  if (javascript !== undefined) {
    await context.ports.files.remove(javascriptPath(context, javascript));
  }
}

/** What `start` needs besides the code. */
export type PluginLimits = Omit<PluginSetup, "code" | "language">;

/**
 * The permissions of one run, with absolute paths. Links are followed each time: one that was
 * created since the grant must not lead to okta-aws's own files.
 *
 * @throws {SettingsError} `bad_permissions`
 */
export async function sandboxLimits(
  context: AppContext,
  starter: PluginStarter,
  { read, write, net, env, run }: Permissions,
): Promise<PluginLimits> {
  const { ports: { environment }, paths } = context;
  const expand = (list: readonly string[]) =>
    list.map((path) => expandHome(path, environment.home));
  const followed = (list: readonly string[]) =>
    Promise.all(list.map((path) => starter.locate(path)));
  const asked = [...expand(read), ...expand(write)];
  const closed = [paths.settingsDirectory, paths.settings, paths.cache];
  refuseOurPlaces([...asked, ...await followed(asked)], [...closed, ...await followed(closed)]);
  return {
    permissions: { read: expand(read), write: expand(write), net, env, run },
    closed,
    guarded: programPlaces(sensitivePlaces(context)),
    caBundle: caBundle(context),
  };
}
