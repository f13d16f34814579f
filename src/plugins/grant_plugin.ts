/**
 * `plugin add` and `plugin trust`: what a plugin asks for, and the person's answer.
 *
 * @module
 */

import { InteractionError, SettingsError } from "../errors.ts";
import { badPlugin, type Declaration, readDeclaration } from "./declaration.ts";
import { type Grant, grantFile, type PluginSource } from "./grants.ts";
import { NO_PERMISSIONS } from "./permissions.ts";
import { tellPermissions } from "./describe_permissions.ts";
import type { BundledPlugin, PluginSandbox } from "../ports.ts";
import { withDocumentLock } from "../store/json_file.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { failureOf } from "./run_plugin.ts";
import { readPluginCode, sandboxPermissions } from "./plugin_code.ts";

/** How long a plugin may take to say what it is. */
const DECLARATION_SECONDS = 5;

/** What the person has said already, and what is taken. */
export interface GrantOptions {
  /** Whether they agree without being asked. */
  yes: boolean;
  /** The names of the program's own commands. */
  reserved: readonly string[];
}

/**
 * Finds what `plugin add` names: a plugin that comes with the program, else a file.
 *
 * @param sandbox Knows the former.
 * @param word What was typed.
 * @returns Where the plugin is.
 * @throws {SettingsError} `no_plugin_file`
 */
export async function findPlugin(sandbox: PluginSandbox, word: string): Promise<PluginSource> {
  if (Object.hasOwn(await sandbox.bundled(), word)) return { bundled: word };
  if (/\.(?:ts|js)$/.test(word)) return { file: await sandbox.locate(word) };
  throw new SettingsError(`${showUntrusted(word)} is neither a .ts or .js file nor bundled`, {
    code: "no_plugin_file",
    hint: "see which there are: okta-aws plugin list",
  });
}

/** The plugin says what it is where it can do nothing else. */
async function declarationOf(
  context: AppContext,
  sandbox: PluginSandbox,
  source: PluginSource,
): Promise<Declaration & { sha256: string }> {
  const { ports: { environment, interruptible } } = context;
  const code = await readPluginCode(context, sandbox, source);
  const started = await sandbox.start({ ...code, permissions: NO_PERMISSIONS });
  const outcome = await interruptible((signal) =>
    started.call({
      part: { kind: "declaration" },
      event: null,
      settings: {},
      signal,
      timeoutMilliseconds: DECLARATION_SECONDS * 1000,
      onLog: () => {},
      onRequest: () => Promise.reject(new Error("nothing has been granted yet")),
    })
  );
  if (outcome.kind !== "done") throw badPlugin(failureOf(outcome, DECLARATION_SECONDS));
  const declaration = readDeclaration(outcome.value, environment.home);
  await sandboxPermissions(context, sandbox, declaration.permissions);
  return { ...declaration, sha256: code.sha256 };
}

function refuseTakenNames(
  { name, commands, source }: Grant,
  bundled: Readonly<Record<string, BundledPlugin>>,
  others: readonly Grant[],
  reserved: readonly string[],
): void {
  const own = "bundled" in source ? source.bundled : undefined;
  if (Object.hasOwn(bundled, name) && name !== own) {
    throw badPlugin(`${name} is the name of a plugin that comes with okta-aws`);
  }
  const taken = [...reserved, ...others.flatMap((other) => Object.keys(other.commands))];
  const twice = Object.keys(commands).find((command) => taken.includes(command));
  if (twice !== undefined) throw badPlugin(`there is a command ${twice} already`);
}

async function agree(
  context: AppContext,
  grant: Grant,
  yes: boolean,
): Promise<void> {
  const { ports: { environment, output }, paths } = context;
  const place = "file" in grant.source ? showUntrusted(grant.source.file) : "comes with okta-aws";
  const kube = environment.get("KUBECONFIG")?.split(environment.os === "windows" ? ";" : ":") ?? [];
  const sensitive = [paths.awsConfig, paths.awsCredentials, ...kube];
  const lines = tellPermissions(grant, { home: environment.home, sensitive });
  if (!yes || !context.flags.quiet) {
    output.notice(`${grant.name} (${place}):\n${lines.map((line) => `  ${line}\n`).join("")}`);
  }
  if (yes) return;
  if (!await context.interaction.canAsk()) {
    throw new InteractionError("somebody has to agree to what the plugin asks for", {
      code: context.flags.noInput ? "no_input" : "no_terminal",
      hint: "run this in a terminal, or agree with --yes",
    });
  }
  if (!await context.interaction.askConfirm(`Let ${grant.name} do this`, false)) {
    throw new SettingsError(`${grant.name} was not granted anything, so it won't run`, {
      code: "not_granted",
    });
  }
}

/**
 * Grants a plugin what it asks for, if the person agrees.
 *
 * @param source Where the plugin is.
 * @param options What is known already.
 * @param known The name that the plugin had until now.
 * @returns The grant, written down.
 * @throws {SettingsError} `bad_plugin`, `bad_permissions`, `not_granted`
 * @throws {InteractionError} `no_terminal`, `no_input`
 */
export async function grantPlugin(
  context: AppContext,
  source: PluginSource,
  { yes, reserved }: GrantOptions,
  known?: string,
): Promise<Grant> {
  const { ports, paths } = context;
  const sandbox = await ports.pluginSandbox();
  const file = grantFile(ports.files, paths.settingsDirectory, ports.environment.home);
  const grant: Grant = { ...await declarationOf(context, sandbox, source), source };
  const expected = "bundled" in source ? source.bundled : known;
  if (expected !== undefined && grant.name !== expected) {
    throw badPlugin(`it calls itself ${grant.name} now, not ${expected}`);
  }
  const check = async (): Promise<Grant[]> => {
    const others = (await file.read()).filter(({ name }) => name !== grant.name);
    refuseTakenNames(grant, await sandbox.bundled(), others, reserved);
    return others;
  };
  await check();
  await agree(context, grant, yes);
  await withDocumentLock(ports.files, file.path, async () => {
    await file.write([...await check(), grant]);
  });
  return grant;
}
