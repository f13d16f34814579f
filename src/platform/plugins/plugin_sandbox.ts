/**
 * The `PluginSandbox` port: each call in a QuickJS of its own, in a worker without permissions, which is
 * ended at any limit.
 *
 * @module
 */

import type {
  Environment,
  PluginCall,
  PluginOutcome,
  PluginSandbox,
  PluginSetup,
  StartedPlugin,
} from "../../ports.ts";
import { Deadline } from "../network/deadline.ts";
import { type Argument, FILE_CALLS } from "./file_calls.ts";
import { GrantedPlaces, locate } from "./granted_places.ts";
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

const MOST_LOG_LINES = 100;
const MOST_REQUESTS = 1000;

/** A flaw of QuickJS would land in a worker that may do nothing. */
export const WORKER_OPTIONS = { type: "module", deno: { permissions: "none" } } as const;

/** In the compiled program, `tools/compile.ts` puts them beside the chunk of this module. */
function workerScript(language: PluginSetup["language"]): URL {
  const name = language === "ts" ? "plugin_typescript_worker" : "plugin_worker";
  const path = Deno.build.standalone ? `./workers/${name}.js` : `./${name}.ts`;
  return new URL(path, import.meta.url);
}

/** One running plugin: handles its messages until the last. */
class Run {
  #lines = 0;
  #requests = 0;
  #characters = 0;
  #places: GrantedPlaces | undefined;
  #javascript: string | undefined;
  readonly #ended = new AbortController();
  readonly #outcome = Promise.withResolvers<PluginOutcome>();

  constructor(
    readonly environment: Environment,
    readonly setup: PluginSetup,
    readonly worker: Worker,
    readonly stopFlag: WorkerStart["stop"],
  ) {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#outcome.resolve({ kind: "threw", message: event.message });
    });
  }

  get javascript(): string | undefined {
    return this.#javascript;
  }

  async call(call: PluginCall): Promise<PluginOutcome> {
    const { promise: outcome, resolve: end } = this.#outcome;
    const deadline = new Deadline(call.timeoutMilliseconds, () => end({ kind: "timeout" }));
    const interrupt = () => end({ kind: "ended" });
    call.signal?.addEventListener("abort", interrupt);
    this.worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const last = this.#take(data, call, deadline);
      if (last !== undefined) end(last);
    });
    this.worker.postMessage(JSON.stringify(this.#task(call)));
    try {
      return await outcome;
    } finally {
      deadline.stop();
      call.signal?.removeEventListener("abort", interrupt);
      this.stop();
    }
  }

  stop(): void {
    this.#ended.abort();
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

  #take(data: unknown, call: PluginCall, deadline: Deadline): PluginOutcome | undefined {
    if (this.#ended.signal.aborted || typeof data !== "string") return undefined;
    this.#characters += data.length;
    if (this.#characters > MOST_OUTPUT * 2) return { kind: "flood" };
    const message = readMessage(data);
    switch (message?.kind) {
      case "javascript":
        this.#javascript ??= message.text;
        return undefined;
      case "log":
        this.#log(message.line, call);
        return undefined;
      case "ask":
        this.#requests += 1;
        if (this.#requests > MOST_REQUESTS) return { kind: "flood" };
        void this.#answer(message, call, deadline);
        return undefined;
      default:
        return message;
    }
  }

  #log(line: string, { onLog }: PluginCall): void {
    this.#lines += 1;
    if (this.#lines <= MOST_LOG_LINES) onLog(line);
    if (this.#lines === MOST_LOG_LINES) onLog("(more lines are not shown)");
  }

  async #answer(
    { id, method, argument }: PluginMessage & { kind: "ask" },
    call: PluginCall,
    deadline: Deadline,
  ): Promise<void> {
    const done = this.#perform(method, argument, call).then(
      (value): PluginReply => ({ id, value }),
      (error): PluginReply => ({ id, error: toFailure(error) }),
    );
    const reply = done.then((one) => {
      if (!this.#ended.signal.aborted) this.worker.postMessage(JSON.stringify(one));
    });
    await (call.waitsForUser.includes(method) ? deadline.during(reply) : reply);
  }

  async #perform(method: string, argument: unknown, call: PluginCall): Promise<unknown> {
    const given: Argument = typeof argument === "object" && argument !== null
      ? { ...argument }
      : {};
    const { environment, setup } = this;
    if (Object.hasOwn(FILE_CALLS, method)) {
      this.#places ??= new GrantedPlaces(setup);
      return await FILE_CALLS[method]!(this.#places, given);
    }
    const limited = { argument: given, signal: this.#ended.signal };
    if (method === "fetch") {
      const { fetchFor } = await import("./fetch_call.ts");
      return await fetchFor(environment, setup, limited);
    }
    if (method === "run") {
      const { runProgram } = await import("./program_call.ts");
      return await runProgram(environment, setup, limited);
    }
    return await call.onRequest(method, argument);
  }
}

async function start(environment: Environment, setup: PluginSetup): Promise<StartedPlugin> {
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

export function systemPluginSandbox(environment: Environment): PluginSandbox {
  return {
    start: (setup) => start(environment, setup),
    locate: (path) => Promise.resolve(locate(path)),
    bundled: async () => await (await import("./bundled_plugins.ts")).bundledPlugins(),
  };
}
