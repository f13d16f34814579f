/**
 * The sandbox of one call: a QuickJS of its own, in a worker without permissions, which is ended at any
 * limit.
 *
 * @module
 */

import type {
  Environment,
  PluginCall,
  PluginOutcome,
  PluginSetup,
  StartedPlugin,
} from "../../ports.ts";
import { type Argument, FILE_CALLS } from "./file_calls.ts";
import { GrantedPlaces } from "./granted_places.ts";
import { toFailure } from "./plugin_error.ts";
import {
  MOST_OUTPUT,
  type PluginMessage,
  type PluginReply,
  type PluginTask,
  readMessage,
  type WorkerStart,
} from "./plugin_messages.ts";
import { quickJsModule } from "./quickjs_module.ts";
import { RunningCall } from "./running_call.ts";

/** A flaw of QuickJS would land in a worker that may do nothing. */
export const WORKER_OPTIONS = { type: "module", deno: { permissions: "none" } } as const;

/** In the compiled program, `tools/compile.ts` puts them beside the chunk of this module. */
function workerScript(language: PluginSetup["language"]): URL {
  const name = language === "ts" ? "plugin_typescript_worker" : "plugin_worker";
  const path = Deno.build.standalone ? `./workers/${name}.js` : `./${name}.ts`;
  return new URL(path, import.meta.url);
}

/** A plugin in its worker: handles its messages until the last. */
class Run {
  #characters = 0;
  #places: GrantedPlaces | undefined;
  #javascript: string | undefined;
  #running: RunningCall | undefined;
  readonly #failed = Promise.withResolvers<PluginOutcome>();

  constructor(
    readonly environment: Environment,
    readonly setup: PluginSetup,
    readonly worker: Worker,
    readonly stopFlag: WorkerStart["stop"],
  ) {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#failed.resolve({ kind: "threw", message: event.message });
    });
  }

  get javascript(): string | undefined {
    return this.#javascript;
  }

  async call(call: PluginCall): Promise<PluginOutcome> {
    const running = this.#running = new RunningCall(call);
    void this.#failed.promise.then((outcome) => running.end(outcome));
    this.worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      this.#take(data, running);
    });
    try {
      this.worker.postMessage(JSON.stringify(this.#task(call)));
      return await running.outcome;
    } finally {
      this.stop();
    }
  }

  stop(): void {
    this.#running?.end({ kind: "ended" });
    Atomics.store(this.stopFlag, 0, 1);
    this.worker.terminate();
  }

  #task({ part, event, settings }: PluginCall): PluginTask {
    const { get, os } = this.environment;
    // A name with a question mark tells that the variable is granted, but not set.
    const env = Object.fromEntries(this.setup.permissions.env.map((name) => {
      const value = get(name);
      return value === undefined ? [`?${name}`, ""] : [name, value];
    }));
    return { part, event, settings, env, os };
  }

  #take(data: unknown, running: RunningCall): void {
    if (running.ended.aborted || typeof data !== "string") return;
    this.#characters += data.length;
    if (this.#characters > MOST_OUTPUT * 2) return running.end({ kind: "flood" });
    const message = readMessage(data);
    if (message === undefined) return;
    switch (message.kind) {
      case "javascript":
        this.#javascript ??= message.text;
        return;
      case "log":
        return running.log(message.line);
      case "ask":
        void running.request(message.method, () => this.#answer(message, running));
        return;
      default:
        return running.end(message);
    }
  }

  async #answer(
    { id, method, argument }: PluginMessage & { kind: "ask" },
    running: RunningCall,
  ): Promise<void> {
    const reply = await this.#perform(method, argument, running).then(
      (value): PluginReply => ({ id, value }),
      (error): PluginReply => ({ id, error: toFailure(error) }),
    );
    if (!running.ended.aborted) this.worker.postMessage(JSON.stringify(reply));
  }

  async #perform(method: string, argument: unknown, running: RunningCall): Promise<unknown> {
    const given: Argument = typeof argument === "object" && argument !== null
      ? { ...argument }
      : {};
    const { environment, setup } = this;
    if (Object.hasOwn(FILE_CALLS, method)) {
      this.#places ??= new GrantedPlaces(setup);
      return await FILE_CALLS[method]!(this.#places, given);
    }
    const limited = { argument: given, signal: running.ended };
    if (method === "fetch") {
      const { fetchFor } = await import("./fetch_call.ts");
      return await fetchFor(environment, setup, limited);
    }
    if (method === "run") {
      const { runProgram } = await import("./program_call.ts");
      return await runProgram(environment, setup, limited);
    }
    return await running.call.onRequest(method, argument);
  }
}

/** See `PluginStarter`. */
export async function startInSandbox(
  environment: Environment,
  setup: PluginSetup,
): Promise<StartedPlugin> {
  const compiled = quickJsModule();
  const worker = new Worker(workerScript(setup.language), WORKER_OPTIONS);
  const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const run = new Run(environment, setup, worker, stop);
  const { code, language } = setup;
  const quickjs = await compiled.catch((error) => {
    run.stop();
    throw error;
  });
  const first: WorkerStart = { quickjs, code: new TextDecoder().decode(code), language, stop };
  worker.postMessage(first);
  return {
    call: (call) => run.call(call),
    stop: () => run.stop(),
    javascript: () => run.javascript,
  };
}
