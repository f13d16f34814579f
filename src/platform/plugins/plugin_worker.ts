/**
 * Our code in a plugin's worker, which runs before the plugin's: it blocks imports, removes what
 * permissions don't cover, loads the plugin and calls it.
 *
 * A compiled program's module loader checks no permission (denoland/deno, cli/rt): without the gate
 * `import(path, { with: { type: "text" } })` would read any file. The gate only compares two strings, so
 * a plugin can't get at it. If Deno has no hooks for it, only a plugin without the word `import` is run
 * (`plugins/plugin_code.ts`).
 *
 * @module
 */

import * as nodeModule from "node:module";
import type { PluginFrame, PluginTask, ReplyFrame } from "./plugin_frames.ts";
import { confineRealm, type Realm } from "./plugin_realm.ts";

/** The first message to the worker; then come a `PluginTask` and our answers. */
export interface WorkerStart {
  /** `file:` URL of the plugin's private copy. */
  url: string;
  /** Whether it may run without the gate. */
  importsNothing: boolean;
}

type Next = (specifier: string, context: unknown) => unknown;
type RegisterHooks = (hooks: { resolve: GateHook; load: GateHook }) => void;
type GateHook = (specifier: string, context: unknown, next: Next) => unknown;
type Call = (event: unknown, host: unknown) => unknown;

interface WorkerScope {
  postMessage(message: string): void;
  onmessage: ((event: MessageEvent<string>) => void) | null;
  addEventListener(type: "message", listener: (event: MessageEvent<string>) => void): void;
}

const CLOSED = "a plugin must be one self-contained file without imports";
/** The gate has to reject one import of each kind before it is trusted. */
const TRIALS = [
  "node:fs",
  "data:text/javascript,export default 1",
  "file:///okta-aws-no-such-file",
];

function closeGate(url: string): boolean {
  const { registerHooks } = nodeModule as unknown as { registerHooks?: RegisterHooks };
  if (registerHooks === undefined) return false;
  const gate: GateHook = (specifier, context, next) => {
    if (specifier !== url) throw new TypeError(CLOSED);
    return next(specifier, context);
  };
  registerHooks({ resolve: gate, load: gate });
  return true;
}

/** Tests the gate: hooks that exist but are not called would be worse than none. */
async function isClosed(): Promise<boolean> {
  for (const trial of TRIALS) {
    const refusal = await import(trial).then(() => "", (error) => String(error?.message));
    if (!refusal.includes(CLOSED)) return false;
  }
  return true;
}

const { parse, stringify } = JSON;
const scope = globalThis as unknown as WorkerScope;
const post = scope.postMessage.bind(scope);
const say = (frame: PluginFrame): void => post(stringify(frame));
const waiting = new Map<
  number,
  { resolve: (value: unknown) => void; reject: (e: Error) => void }
>();
let asked = 0;

function ask(method: string, argument: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    asked += 1;
    waiting.set(asked, { resolve, reject });
    say({ kind: "ask", id: asked, method, argument });
  });
}

function receive({ id, value, error }: ReplyFrame): void {
  const one = waiting.get(id);
  waiting.delete(id);
  if (error === undefined) one?.resolve(value);
  else one?.reject(new Error(error));
}

function log(line: unknown): void {
  say({ kind: "log", line: String(line) });
}

function hostFor({ settings }: PluginTask): Readonly<Record<string, unknown>> {
  return Object.freeze({
    settings: Object.freeze({ ...settings }),
    log,
    confirm: (question: unknown) => ask("confirm", { question }),
    consoleUrl: (profile: unknown) => ask("consoleUrl", { profile }),
    updateKubeconfig: (kubeconfig: unknown, entries: unknown) =>
      ask("updateKubeconfig", { kubeconfig, entries }),
    fetch: globalThis.fetch.bind(globalThis),
  });
}

/** The plugin's declaration; functions are only named. */
function describe({ name, apiVersion, permissions, hooks, commands }: Realm): unknown {
  const functions = Object.entries(hooks ?? {}).filter(([, hook]) => typeof hook === "function");
  const described = Object.entries((commands ?? {}) as Record<string, Realm>).map((entry) => {
    const [command, { brief, args, run }] = entry;
    return [command, typeof run === "function" ? { brief, args } : null] as const;
  });
  return {
    name,
    apiVersion,
    permissions,
    hooks: functions.map(([hook]) => hook),
    commands: Object.fromEntries(described),
  };
}

function functionFor(plugin: Realm, part: PluginTask["part"]): Call {
  if (part.kind === "declaration") return () => describe(plugin);
  const group = plugin[part.kind === "hook" ? "hooks" : "commands"] as Record<string, unknown>;
  const found = group?.[part.name];
  const holder = part.kind === "hook" ? group : found as Record<string, unknown>;
  const call = part.kind === "hook" ? found : holder?.run;
  if (typeof call !== "function") throw new TypeError(`it has no ${part.kind} ${part.name}`);
  return (event, host) => call.call(holder, event, host);
}

async function perform(url: string, task: PluginTask): Promise<unknown> {
  const { default: plugin } = await import(url) as { default: unknown };
  if (typeof plugin !== "object" || plugin === null) {
    throw new TypeError("its default export is not an object");
  }
  return await functionFor(plugin as Realm, task.part)(task.event, hostFor(task));
}

/** Confines the worker. Returns whether the plugin may run. */
async function prepare({ url, importsNothing }: WorkerStart): Promise<boolean> {
  const gated = closeGate(url) && await isClosed();
  confineRealm(globalThis as unknown as Realm, log);
  return gated || importsNothing;
}

async function run({ url }: WorkerStart, ready: Promise<boolean>, task: PluginTask): Promise<void> {
  try {
    if (!await ready) return say({ kind: "not_confined" });
    say({ kind: "done", value: await perform(url, task) ?? null });
  } catch (error) {
    say({ kind: "threw", message: String((error as Error)?.message ?? error) });
  }
}

let first: WorkerStart | undefined;
let ready: Promise<boolean> | undefined;
let running = false;
scope.addEventListener("message", ({ data }) => {
  if (running) return receive(parse(data));
  if (first === undefined || ready === undefined) {
    first = parse(data) as WorkerStart;
    ready = prepare(first);
    return;
  }
  running = true;
  void run(first, ready, parse(data));
});
