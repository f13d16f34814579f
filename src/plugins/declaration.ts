import { SettingsError } from "../errors.ts";
import { isObject } from "../is_object.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { NO_PERMISSIONS, type Permissions, readPermissions } from "./permissions.ts";

export const HOOKS = [
  "postRefresh",
  "postSignin",
  "preExec",
  "secretStore",
  "mfa",
  "roleFilter",
  "profilesChanged",
] as const;

export type HookName = typeof HOOKS[number];

/** These need the permission `secrets`. */
const SECRET_HOOKS: readonly HookName[] = ["secretStore", "mfa"];

/** A command that a plugin adds; the texts are safe to show. */
export interface DeclaredCommand {
  brief: string;
  /** The placeholder for the help; may be empty. */
  args: string;
}

/** What a plugin says about itself, after validation. */
export interface Declaration {
  name: string;
  permissions: Permissions;
  hooks: HookName[];
  commands: Record<string, DeclaredCommand>;
}

const PLUGIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const COMMAND_NAME = /^[a-z][a-z0-9-]{0,31}$/;
const MOST_COMMANDS = 20;
const API_VERSION = 1;

export function badPlugin(why: string): SettingsError {
  return new SettingsError(`not a valid plugin: ${why}`, {
    code: "bad_plugin",
    hint: "see docs/plugins.md for what a plugin must export",
  });
}

/**
 * Validates a declaration.
 *
 * @param value From the plugin, or from `grants.json`.
 * @throws {SettingsError} `bad_plugin`, `bad_permissions`
 */
export function readDeclaration(value: unknown, home: string): Declaration {
  if (!isObject(value)) throw badPlugin("its default export is not an object");
  const { name, apiVersion, permissions = NO_PERMISSIONS, hooks = [], commands = {} } = value;
  if (typeof name !== "string" || !PLUGIN_NAME.test(name)) {
    throw badPlugin("its name is missing, or has characters other than letters, digits, . _ -");
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
  if (!Array.isArray(hooks)) throw badPlugin("hooks is not an object");
  const known: readonly unknown[] = HOOKS;
  const unknown = hooks.find((hook) => !known.includes(hook));
  if (unknown !== undefined) throw badPlugin(`unknown hook ${showUntrusted(unknown)}`);
  return HOOKS.filter((hook) => hooks.includes(hook));
}

function readCommands(commands: unknown): Record<string, DeclaredCommand> {
  if (!isObject(commands)) throw badPlugin("commands is not an object");
  const entries = Object.entries(commands);
  if (entries.length > MOST_COMMANDS) throw badPlugin("it has too many commands");
  return Object.fromEntries(entries.map(([name, command]) => {
    if (!COMMAND_NAME.test(name)) {
      throw badPlugin(`invalid command name ${showUntrusted(name)}`);
    }
    const { brief, args = "" } = isObject(command) ? command : {};
    if (typeof brief !== "string" || typeof args !== "string") {
      throw badPlugin(`its command ${name} has no brief`);
    }
    return [name, { brief: showUntrusted(brief), args: showUntrusted(args) }];
  }));
}
