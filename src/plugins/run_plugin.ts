/**
 * Runs one granted plugin: with what it was granted, for as long as it may take, and no failure of it
 * is anybody else's.
 *
 * @module
 */

import { InterruptedError, OktaAwsError } from "../errors.ts";
import type { PluginCall, PluginOutcome, StartedPlugin } from "../ports.ts";
import type { Grant } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { caBundle } from "../app/open_http.ts";
import { answerRequest, type PluginRequests } from "./answer_request.ts";
import { sandboxPermissions, trustedCode } from "./plugin_code.ts";

/** What came of a plugin. */
export interface PluginResult {
  /** Its name. */
  plugin: string;
  /** Whether it did what it was to do. */
  ok: boolean;
  /** Why not, safe to show. */
  message: string | undefined;
  /** What the person can do about it. */
  hint?: string | undefined;
  /** What it gave back: untrusted. */
  value?: unknown;
}

/** How long a plugin may take where its settings don't say (docs/cli, "Plugins"). */
const DEFAULT_SECONDS = 5;

/** What is run. */
export interface PluginRun extends Pick<PluginCall, "part" | "event"> {
  /** What it may ask for besides what all may. */
  requests?: PluginRequests;
  /** Its process, where that was made ready before. */
  ready?: Promise<StartedPlugin> | undefined;
}

/**
 * Why a plugin has failed.
 *
 * @param outcome What came of it.
 * @param seconds How long it had.
 * @returns One line, safe to show.
 */
export function failureOf(
  outcome: Exclude<PluginOutcome, { kind: "done" }>,
  seconds: number,
): string {
  switch (outcome.kind) {
    case "threw":
      return showUntrusted(outcome.message);
    case "timeout":
      return `it took longer than ${seconds} s and was stopped (timeout_seconds)`;
    case "flood":
      return "it said too much and was stopped";
    case "memory":
      return "it used too much memory and was stopped";
    case "ended":
      return "its process ended before it was done";
    case "not_confined":
      return "this build can't keep a plugin from importing files, so one that speaks of it is not run";
  }
}

/**
 * Makes a plugin's process ready.
 *
 * @param grant What it may.
 * @returns The process.
 * @throws {SettingsError} `plugin_changed`, `no_plugin_file`, `bad_permissions`
 */
export async function startPlugin(context: AppContext, grant: Grant): Promise<StartedPlugin> {
  const sandbox = await context.ports.pluginSandbox();
  const code = await trustedCode(context, sandbox, grant);
  const permissions = await sandboxPermissions(context, sandbox, grant.permissions);
  return await sandbox.start({ ...code, permissions, caBundle: caBundle(context) });
}

/**
 * Runs a plugin.
 *
 * @param grant What it may.
 * @param run What of it, and what it is told.
 * @returns What came of it; it never rejects but for an `InterruptedError`.
 */
export async function runPlugin(
  context: AppContext,
  grant: Grant,
  run: PluginRun,
): Promise<PluginResult> {
  const { name: plugin } = grant;
  const seconds = Number(context.settings.plugins.get(plugin)?.timeout_seconds ?? DEFAULT_SECONDS);
  try {
    const started = await (run.ready ?? startPlugin(context, grant));
    const outcome = await call(context, grant, run, started, seconds);
    if (outcome.kind === "done") {
      return { plugin, ok: true, message: undefined, value: outcome.value };
    }
    return { plugin, ok: false, message: failureOf(outcome, seconds) };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const hint = error instanceof OktaAwsError ? error.hint : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { plugin, ok: false, message: showUntrusted(message), hint };
  }
}

async function call(
  context: AppContext,
  grant: Grant,
  { part, event, requests = {} }: PluginRun,
  started: StartedPlugin,
  seconds: number,
): Promise<PluginOutcome> {
  const { timeout_seconds: _, ...settings } = context.settings.plugins.get(grant.name) ?? {};
  const interrupted = new AbortController();
  const onRequest = async (method: string, argument: unknown): Promise<unknown> => {
    try {
      return await answerRequest(context, grant, requests, method, argument);
    } catch (error) {
      // Ctrl-C at a plugin's question is meant for us, not for the plugin.
      if (error instanceof InterruptedError) interrupted.abort(error);
      throw error;
    }
  };
  const outcome = await context.ports.interruptible((signal) =>
    started.call({
      part,
      event,
      settings,
      signal: AbortSignal.any([signal, interrupted.signal]),
      timeoutMilliseconds: seconds * 1000,
      onLog: (line) => void context.interaction.say(`${grant.name}: ${showUntrusted(line)}`),
      onRequest,
    })
  );
  interrupted.signal.throwIfAborted();
  return outcome;
}
