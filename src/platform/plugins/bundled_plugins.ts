/**
 * The bundled plugins. They are a part of the program, so they run in our own thread, in a tenth of the
 * time that the sandbox takes. Only `plugin add` runs them in the sandbox, to read their declarations.
 * `startBundled()` of `plugins/plugin_code.ts` compares what they ask for with their grant.
 *
 * @module
 */

import type {
  BundledPlugin,
  PluginCall,
  PluginOutcome,
  StartedBundledPlugin,
} from "../../ports.ts";
import { callPlugin, describePlugin } from "./guest/plugin.ts";
import { toFailure } from "./plugin_error.ts";
import { RunningCall } from "./running_call.ts";

const NAMES = ["awslogin", "kubeconfig"];

/** `tools/compile.ts` puts them into the binary as JavaScript, beside the chunk of this module. */
function placeOf(name: string): URL {
  const place = Deno.build.standalone ? `./plugins/${name}.js` : `../../../plugins/${name}.ts`;
  return new URL(place, import.meta.url);
}

export async function bundledPlugins(): Promise<Readonly<Record<string, BundledPlugin>>> {
  const extension = Deno.build.standalone ? "js" : "ts";
  const entries = NAMES.map(async (name): Promise<[string, BundledPlugin]> => {
    return [name, { code: await Deno.readFile(placeOf(name)), extension }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

type Plugin = Parameters<typeof callPlugin>[0];

/** @returns `undefined` if no bundled plugin has this name. */
export async function startBundledPlugin(name: string): Promise<StartedBundledPlugin | undefined> {
  if (!NAMES.includes(name)) return undefined;
  const { default: plugin } = await import(placeOf(name).href) as { default: Plugin };
  return inOwnThread(plugin);
}

/** Exported for tests. */
export function inOwnThread(plugin: Plugin): StartedBundledPlugin {
  return {
    declaration: copyOf(describePlugin(plugin)),
    call: (call) => run(plugin, call),
    stop() {},
    javascript: () => undefined,
  };
}

/** As a value comes out of the sandbox. */
function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

/** Nobody can stop a plugin in our own thread; after the end it gets no answers. */
async function run(plugin: Plugin, call: PluginCall): Promise<PluginOutcome> {
  const running = new RunningCall(call);
  const perform = async (): Promise<unknown> => {
    const { part, event, settings } = call;
    if (part.kind === "declaration") return describePlugin(plugin);
    return await callPlugin(plugin, { part, event: copyOf(event) }, {
      settings: { ...settings },
      ask: (method, argument) => ask(running, method, copyOf(argument)),
      log: (line) => running.log(String(line)),
      fetch: () => Promise.reject(new Error("a bundled plugin has no fetch")),
    });
  };
  perform().then((value) => running.end({ kind: "done", value: copyOf(value) })).catch((error) =>
    running.end({ kind: "threw", message: error instanceof Error ? error.message : `${error}` })
  );
  return await running.outcome;
}

function ask(running: RunningCall, method: string, argument: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    void running.request(method, async () => {
      const settle = await running.call.onRequest(method, argument).then(copyOf).then(
        (answer) => () => resolve(answer),
        (error) => () => reject(new Error(toFailure(error).message)),
      );
      if (!running.ended.aborted) settle();
    });
  });
}
