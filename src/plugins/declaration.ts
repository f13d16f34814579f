/**
 * What a plugin says of itself, checked: nothing of it is believed before.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { NO_PERMISSIONS, type Permissions, readPermissions } from "./permissions.ts";

/** The hooks that there are. */
export const HOOKS = [
  "postRefresh",
  "postSignin",
  "preExec",
  "secretStore",
  "mfa",
  "roleFilter",
  "profilesChanged",
] as const;

/** The name of a hook. */
export type HookName = typeof HOOKS[number];

/** The hooks that see secrets. */
const SECRET_HOOKS: readonly HookName[] = ["secretStore", "mfa"];

/** A command that a plugin adds. */
export interface DeclaredCommand {
  /** What it does, one line, safe to show. */
  brief: string;
  /** What its arguments are called; empty where it takes none. */
  args: string;
}

/** What a plugin is, asks for and offers. */
export interface Declaration {
  /** Its name. */
  name: string;
  /** What it asks for. */
  permissions: Permissions;
  /** The hooks that it has. */
  hooks: HookName[];
  /** Its commands, by name. */
  commands: Record<string, DeclaredCommand>;
}

/** The names that plugins may have. */
export const PLUGIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const COMMAND_NAME = /^[a-z][a-z0-9-]{0,31}$/;
const MOST_COMMANDS = 20;
const API_VERSION = 1;

/**
 * The error of a file that is no plugin.
 *
 * @param why What is wrong with it.
 * @returns The error, `bad_plugin`.
 */
export function badPlugin(why: string): SettingsError {
  return new SettingsError(`this is no plugin: ${why}`, {
    code: "bad_plugin",
    hint: "docs/plugins.md tells what a plugin is",
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Checks what a plugin said of itself, or what was written down of it.
 *
 * @param value What came out of the plugin, or of `grants.json`.
 * @param home The home folder.
 * @returns The declaration.
 * @throws {SettingsError} `bad_plugin`
 */
export function readDeclaration(value: unknown, home: string): Declaration {
  if (!isObject(value)) throw badPlugin("its default export is no object");
  const { name, apiVersion, permissions = NO_PERMISSIONS, hooks = [], commands = {} } = value;
  if (typeof name !== "string" || !PLUGIN_NAME.test(name)) {
    throw badPlugin("its name lacks, or has other characters than letters, digits, . _ -");
  }
  if (apiVersion !== API_VERSION) {
    throw badPlugin(`apiVersion is ${showUntrusted(apiVersion)}, not ${API_VERSION}`);
  }
  const read = readPermissions(permissions, home);
  const declared = { name, permissions: read, hooks: readHooks(hooks), commands: {} };
  const needsSecrets = declared.hooks.find((hook) => SECRET_HOOKS.includes(hook));
  if (needsSecrets !== undefined && !read.secrets) {
    throw badPlugin(`its hook ${needsSecrets} needs the permission "secrets"`);
  }
  return { ...declared, commands: readCommands(commands) };
}

function readHooks(hooks: unknown): HookName[] {
  if (!Array.isArray(hooks)) throw badPlugin("hooks is no object");
  const known: readonly unknown[] = HOOKS;
  const unknown = hooks.find((hook) => !known.includes(hook));
  if (unknown !== undefined) throw badPlugin(`there is no hook ${showUntrusted(unknown)}`);
  return HOOKS.filter((hook) => hooks.includes(hook));
}

function readCommands(commands: unknown): Record<string, DeclaredCommand> {
  if (!isObject(commands)) throw badPlugin("commands is no object");
  const entries = Object.entries(commands);
  if (entries.length > MOST_COMMANDS) throw badPlugin("it has too many commands");
  return Object.fromEntries(entries.map(([name, command]) => {
    if (!COMMAND_NAME.test(name)) {
      throw badPlugin(`a command can't be called ${showUntrusted(name)}`);
    }
    const { brief, args = "" } = isObject(command) ? command : {};
    if (typeof brief !== "string" || typeof args !== "string") {
      throw badPlugin(`its command ${name} lacks its brief`);
    }
    return [name, { brief: showUntrusted(brief), args: showUntrusted(args) }];
  }));
}
