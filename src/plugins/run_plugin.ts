/** Runs one plugin within its grant and time limit; its failure stops nothing else. */

import { InterruptedError, OktaAwsError } from "../errors.ts";
import type { PluginCall, PluginOutcome, StartedPlugin } from "../ports.ts";
import { type Grant, hashOf, isBundled } from "./grants.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { answerRequest, type PluginRequests, WAIT_FOR_USER } from "./host_requests.ts";
import {
  keepJavascript,
  sandboxLimits,
  startBundled,
  trustedCode,
  withoutTypes,
} from "./plugin_code.ts";

export interface PluginResult {
  /** Its name. */
  plugin: string;
  ok: boolean;
  /** Why it failed, safe to show. */
  message: string | undefined;
  hint?: string | undefined;
  /** Its return value: untrusted. */
  value?: unknown;
}

/** The default of `timeout_seconds` (docs/plugins.md). */
const DEFAULT_SECONDS = 5;

export interface PluginRun extends Pick<PluginCall, "part" | "event"> {
  /** Handlers besides those that are available at any time. */
  requests?: PluginRequests;
  /** The plugin, if it was started earlier. */
  ready?: Promise<StartedPlugin> | undefined;
}

/** One line, safe to show. */
export function failureOf(
  outcome: Exclude<PluginOutcome, { kind: "done" }>,
  seconds: number,
): string {
  switch (outcome.kind) {
    case "threw":
      return showUntrusted(outcome.message);
    case "timeout":
      return `timed out after ${seconds} s (timeout_seconds)`;
    case "flood":
      return "stopped: too much output";
    case "memory":
      return "stopped: too much memory";
    case "ended":
      return "it was interrupted";
    case "not_confined":
      return "not run: this build can't confine it";
  }
}

type Start = () => Promise<StartedPlugin>;

/**
 * Reads what a plugin needs; none of a third-party plugin's code runs yet.
 *
 * @throws {SettingsError} `plugin_changed`, `no_plugin_file`, `bad_permissions`
 */
async function prepare(context: AppContext, grant: Grant): Promise<Start> {
  const starter = await context.ports.pluginStarter();
  if (isBundled(grant)) {
    const started = await startBundled(context, starter, grant);
    return () => Promise.resolve(started);
  }
  const read = await trustedCode(context, starter, grant);
  const code = await withoutTypes(context, read, grant);
  const setup = { ...code, ...await sandboxLimits(context, starter, grant.permissions) };
  return () => starter.start(setup);
}

/**
 * Loads bundled plugins, and starts the workers of the others; none of their hooks runs yet. The
 * workers are made one right after the other: this thread waits for each, and would wait longer while
 * others load their modules.
 *
 * @returns In the order of the grants. Each rejects with a `SettingsError`: `plugin_changed`,
 * `no_plugin_file`, `bad_permissions`.
 */
export function startPlugins(
  context: AppContext,
  grants: readonly Grant[],
): Promise<StartedPlugin>[] {
  const prepared = grants.map((grant) => prepare(context, grant));
  const all = Promise.allSettled(prepared);
  return prepared.map(async (one) => {
    await all;
    return await (await one)();
  });
}

/** Rejects for an `InterruptedError` (Ctrl-C) only. */
export async function runPlugin(
  context: AppContext,
  grant: Grant,
  run: PluginRun,
): Promise<PluginResult> {
  const { name: plugin } = grant;
  const seconds = Number(context.settings.plugins.get(plugin)?.timeout_seconds ?? DEFAULT_SECONDS);
  try {
    const started = await (run.ready ?? startPlugins(context, [grant])[0]!);
    const outcome = await call(context, { grant, run, started, seconds });
    await restoreJavascript(context, grant, started);
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

/** Writes the code without types again, if it is missing in the cache. */
async function restoreJavascript(
  context: AppContext,
  { javascript }: Grant,
  started: StartedPlugin,
): Promise<void> {
  const text = started.javascript();
  if (text === undefined || javascript === undefined) return;
  if (await hashOf(new TextEncoder().encode(text)) === javascript) {
    await keepJavascript(context, text);
  }
}

async function call(
  context: AppContext,
  { grant, run: { part, event, requests = {} }, started, seconds }: {
    grant: Grant;
    run: PluginRun;
    started: StartedPlugin;
    seconds: number;
  },
): Promise<PluginOutcome> {
  const { timeout_seconds: _, ...settings } = context.settings.plugins.get(grant.name) ?? {};
  const interrupted = new AbortController();
  const onRequest = async (method: string, argument: unknown): Promise<unknown> => {
    try {
      return await answerRequest(context, { grant, more: requests, request: { method, argument } });
    } catch (error) {
      // Ctrl-C at a plugin's question ends okta-aws, not only the plugin.
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
      waitsForUser: WAIT_FOR_USER,
      onLog: (line) => void context.interaction.say(`${grant.name}: ${showUntrusted(line)}`),
      onRequest,
    })
  );
  interrupted.signal.throwIfAborted();
  return outcome;
}
