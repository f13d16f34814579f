/** `plugin add`, `plugin trust`, `plugin list` and `plugin remove`. */

import { InteractionError, OktaAwsError, SettingsError } from "../errors.ts";
import { badPlugin, type Declaration, readDeclaration } from "./declaration.ts";
import {
  type Grant,
  grantFile,
  grantOf,
  isBundled,
  type PluginSource,
  readGrants,
} from "./grants.ts";
import { NO_PERMISSIONS } from "./permissions.ts";
import { describePermissions, sensitivePlaces } from "./describe_permissions.ts";
import type { BundledPlugin, PluginStarter } from "../ports.ts";
import { withDocumentLock } from "../store/json_file.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { failureOf } from "./run_plugin.ts";
import {
  forgetJavascript,
  keepJavascript,
  readPluginCode,
  sandboxLimits,
  startBundled,
  trustedCode,
} from "./plugin_code.ts";

/** The time limit for reading a plugin's declaration. */
const DECLARATION_SECONDS = 5;

export interface GrantOptions {
  /** Whether the user agrees without being asked (`--yes`). */
  yes: boolean;
  /** The names of okta-aws's own commands. */
  reserved: readonly string[];
  /** The name of the plugin so far (`plugin trust`). */
  known?: string;
}

/**
 * Finds the plugin that `plugin add` names: a bundled one, or a file.
 *
 * @throws {SettingsError} `no_plugin_file`
 */
export async function findPlugin(starter: PluginStarter, word: string): Promise<PluginSource> {
  if (Object.hasOwn(await starter.bundled(), word)) return { bundled: word };
  if (/\.(?:ts|js)$/.test(word)) return { file: await starter.locate(word) };
  throw new SettingsError(`not a .ts or .js file, nor a bundled plugin: ${showUntrusted(word)}`, {
    code: "no_plugin_file",
    hint: "list the plugins: okta-aws plugin list",
  });
}

/** Asks the plugin for its declaration; it runs without permissions. */
async function declarationOf(
  context: AppContext,
  starter: PluginStarter,
  source: PluginSource,
): Promise<Declaration & Pick<Grant, "sha256" | "javascript">> {
  const { ports: { environment, interruptible } } = context;
  const code = await readPluginCode(context, starter, source);
  const limits = await sandboxLimits(context, starter, NO_PERMISSIONS);
  const started = await starter.start({ ...code, ...limits });
  const outcome = await interruptible((signal) =>
    started.call({
      part: { kind: "declaration" },
      event: null,
      settings: {},
      signal,
      timeoutMilliseconds: DECLARATION_SECONDS * 1000,
      waitsForUser: [],
      onLog: () => {},
      onRequest: () => Promise.reject(new Error("nothing has been granted yet")),
    })
  );
  if (outcome.kind !== "done") throw badPlugin(failureOf(outcome, DECLARATION_SECONDS));
  const declaration = readDeclaration(outcome.value, environment.home);
  await sandboxLimits(context, starter, declaration.permissions);
  // Bundled plugins run as they are.
  const text = "bundled" in source ? undefined : started.javascript();
  const javascript = text === undefined ? undefined : await keepJavascript(context, text);
  return { ...declaration, sha256: code.sha256, javascript };
}

function refuseTakenNames(
  { name, commands, source }: Grant,
  { bundled, commands: taken }: {
    bundled: Readonly<Record<string, BundledPlugin>>;
    commands: readonly string[];
  },
): void {
  const own = "bundled" in source ? source.bundled : undefined;
  if (Object.hasOwn(bundled, name) && name !== own) {
    throw badPlugin(`${name} is the name of a bundled plugin`);
  }
  const twice = Object.keys(commands).find((command) => taken.includes(command));
  if (twice !== undefined) throw badPlugin(`the command ${twice} already exists`);
}

async function askConsent(context: AppContext, grant: Grant, yes: boolean): Promise<void> {
  const { ports: { output } } = context;
  const place = "file" in grant.source ? showUntrusted(grant.source.file) : "bundled";
  const lines = describePermissions(grant, sensitivePlaces(context));
  if (!yes || !context.flags.quiet) {
    output.notice(`${grant.name} (${place}):\n${lines.map((line) => `  ${line}\n`).join("")}`);
  }
  if (yes) return;
  if (!await context.interaction.canAsk()) {
    throw new InteractionError("the plugin's permissions need your consent", {
      code: context.flags.noInput ? "no_input" : "no_terminal",
      hint: "run this in a terminal, or pass --yes",
    });
  }
  if (!await context.interaction.askConfirm(`Allow ${grant.name} to do this`, false)) {
    throw new SettingsError(`plugin ${grant.name} was not enabled`, {
      code: "not_granted",
    });
  }
}

/**
 * Grants a plugin what it asks for, if the user agrees, and stores the grant.
 *
 * @throws {SettingsError} `bad_plugin`, `bad_permissions`, `not_granted`
 * @throws {InteractionError} `no_terminal`, `no_input`
 */
export async function grantPlugin(
  context: AppContext,
  source: PluginSource,
  { yes, reserved, known }: GrantOptions,
): Promise<Grant> {
  const { ports } = context;
  const starter = await ports.pluginStarter();
  const file = grantFile(context);
  const grant: Grant = { ...await declarationOf(context, starter, source), source };
  const expected = "bundled" in source ? source.bundled : known;
  if (expected !== undefined && grant.name !== expected) {
    throw badPlugin(`its name is ${grant.name}, not ${expected}`);
  }
  const check = async (): Promise<Grant[]> => {
    const others = (await file.read()).filter(({ name }) => name !== grant.name);
    const commands = [...reserved, ...others.flatMap((other) => Object.keys(other.commands))];
    refuseTakenNames(grant, { bundled: await starter.bundled(), commands });
    return others;
  };
  await check();
  await askConsent(context, grant, yes);
  await withDocumentLock(ports.files, file.path, async () => {
    await file.write([...await check(), grant]);
  });
  return grant;
}

export interface ListedPlugin {
  name: string;
  /**
   * `off`: bundled but not added; `changed`: since it was trusted; `missing`: its file is; `failed`:
   * it can't be read, or must not run.
   */
  state: "on" | "off" | "changed" | "missing" | "failed";
  /** What is wrong with it, safe to show. */
  problem?: string | undefined;
  grant: Grant | undefined;
}

/** By error code. */
const STATES: Readonly<Record<string, ListedPlugin["state"]>> = {
  plugin_changed: "changed",
  no_plugin_file: "missing",
};

/**
 * The added plugins, then the bundled ones that were not added.
 *
 * @throws {SettingsError} `bad_grants`
 */
export async function listPlugins(context: AppContext): Promise<ListedPlugin[]> {
  const starter = await context.ports.pluginStarter();
  const grants = await readGrants(context);
  const added = await Promise.all(grants.map(async (grant): Promise<ListedPlugin> => {
    try {
      await (isBundled(grant)
        ? startBundled(context, starter, grant)
        : trustedCode(context, starter, grant));
      return { name: grant.name, state: "on", grant };
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      const state = STATES[error.code] ?? "failed";
      return { name: grant.name, state, problem: error.message, grant };
    }
  }));
  const off = Object.keys(await starter.bundled()).filter((name) =>
    !grants.some((grant) => grant.name === name)
  );
  return [...added, ...off.map((name): ListedPlugin => ({ name, state: "off", grant: undefined }))];
}

/** @throws {SettingsError} `no_plugin` */
export async function removeGrant(context: AppContext, name: string): Promise<void> {
  const { ports } = context;
  const file = grantFile(context);
  await withDocumentLock(ports.files, file.path, async () => {
    const grants = await file.read();
    const removed = grantOf(grants, name);
    const left = grants.filter((one) => one.name !== name);
    await (left.length === 0 ? ports.files.remove(file.path) : file.write(left));
    await forgetJavascript(context, removed);
  });
}
