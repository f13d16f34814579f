/**
 * A QuickJS with a plugin in it. QuickJS has the language and no more; what a plugin can use besides
 * is in `guest/`, and reaches us only through the functions here, with texts and bytes.
 *
 * @module
 */

import { QuickJSFFI } from "@jitl/quickjs-wasmfile-release-sync/ffi";
import loadQuickJs from "@jitl/quickjs-wasmfile-release-sync/emscripten-module";
import {
  type EmscriptenModuleLoader,
  type QuickJSContext,
  type QuickJSEmscriptenModule,
  type QuickJSHandle,
  QuickJSWASMModule,
} from "quickjs-emscripten-core";
import { installBasics } from "./guest/basics.ts";
import { installDeno } from "./guest/deno.ts";
import { installFetch } from "./guest/fetch.ts";
import { callPlugin, describePlugin } from "./guest/plugin.ts";
import { installUrls } from "./guest/urls.ts";
import { type GuestFunctions, guestFunctions } from "./guest_functions.ts";

/** Of QuickJS's heap; Deno's own 60 MB come on top. */
const MOST_MEMORY = 64 * 1024 * 1024;
const MOST_STACK = 512 * 1024;
const CLOSED = "a plugin must be one self-contained file without imports";

/** Compiled when a plugin first uses one of the names: most plugins use none. */
const RARE = [
  { names: ["URL", "URLSearchParams"], source: `${installUrls}` },
  {
    names: ["fetch", "Headers", "Response", "AbortSignal", "AbortController"],
    source: `${installFetch}`,
  },
];

/** Sets up the globals, and returns the entries of `guest/`. */
const SETUP = `(native) => {
  const basics = (${installBasics})(native);
  const compile = globalThis.eval;
  for (const { names, source } of ${JSON.stringify(RARE)}) {
    for (const name of names) {
      basics.defineLater(name, () => compile("(" + source + ")")(basics));
    }
  }
  const functions = { describePlugin: ${describePlugin}, callPlugin: ${callPlugin} };
  return { run: (${installDeno})(basics, functions), receive: basics.receive, fireTimer: basics.fireTimer };
}`;

async function createContext(
  compiled: WebAssembly.Module,
  isStopped: () => boolean,
): Promise<QuickJSContext> {
  // Otherwise the loader takes Deno for Node.js, and loads its `fs`.
  delete (globalThis as { process?: unknown }).process;
  // Its types are those of a CommonJS module.
  const load = loadQuickJs as unknown as EmscriptenModuleLoader<QuickJSEmscriptenModule>;
  const wasm = await load({
    instantiateWasm(imports: WebAssembly.Imports, ready: (made: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(compiled, imports);
      ready(instance);
      return instance.exports;
    },
  } as never);
  wasm.type = "sync";
  const runtime = new QuickJSWASMModule(wasm, new QuickJSFFI(wasm)).newRuntime();
  runtime.setMemoryLimit(MOST_MEMORY);
  runtime.setMaxStackSize(MOST_STACK);
  // WebAssembly in a loop goes on after `terminate()`; QuickJS calls this now and then.
  runtime.setInterruptHandler(isStopped);
  // No module is served, neither to `import` nor to `import()`.
  runtime.setModuleLoader(() => ({ error: new TypeError(CLOSED) }));
  return runtime.newContext();
}

export interface Realm {
  /** Loads the plugin's code and calls it. Its messages tell how it went. */
  run(code: string, task: string): void;
  /** Takes our answer to a request: a `PluginReply`. */
  receive(reply: string): void;
}

export interface RealmOptions {
  quickjs: WebAssembly.Module;
  /** Gets the plugin's messages: JSON, but as it likes. */
  send(message: string): void;
  /** Whether to end the plugin, even in a loop. */
  isStopped(): boolean;
}

export async function createRealm({ quickjs, send, isStopped }: RealmOptions): Promise<Realm> {
  const context = await createContext(quickjs, isStopped);
  const { runtime } = context;
  const entries = new Map<string, QuickJSHandle>();

  const fail = (error: QuickJSHandle): void => {
    const { name, message } = Object(context.dump(error)) as { name?: string; message?: unknown };
    error.dispose();
    const isMemory = name === "InternalError" && message === "out of memory";
    send(JSON.stringify(isMemory ? { kind: "memory" } : { kind: "threw", message: `${message}` }));
  };
  /** Calls an entry, and runs what it started until it waits. */
  const enter = (name: string, ...args: QuickJSHandle[]): void => {
    const called = context.callFunction(entries.get(name)!, context.undefined, ...args);
    for (const one of args) if (one !== context.undefined) one.dispose();
    if (called.error) fail(called.error);
    else called.value.dispose();
    const finished = runtime.executePendingJobs();
    if (finished.error) fail(finished.error);
  };
  const functions = guestFunctions({
    send,
    receive: (reply) => enter("receive", context.newString(reply)),
    fireTimer: (id) => enter("fireTimer", context.newNumber(id)),
  });
  const native = offer(context, functions);
  const setup = context.unwrapResult(context.evalCode(SETUP, "okta-aws.js"));
  const made = context.unwrapResult(context.callFunction(setup, context.undefined, native));
  for (const name of ["run", "receive", "fireTimer"]) {
    entries.set(name, context.getProp(made, name));
  }
  return {
    run(code, task) {
      enter("run", context.undefined, context.newString(task));
      const module = context.evalCode(code, "plugin.js", { type: "module", strict: true });
      if (module.error) return fail(module.error);
      enter("run", module.value, context.undefined);
    },
    receive: functions.receive,
  };
}

/** The functions as an object in QuickJS. Arguments and results are texts, numbers and bytes. */
function offer(
  context: QuickJSContext,
  { receive: _, ...functions }: GuestFunctions,
): QuickJSHandle {
  const native = context.newObject();
  for (const [name, call] of Object.entries(functions)) {
    const made = context.newFunction(name, (...handles) => {
      const result = call(...handles.map((handle) => fromGuest(context, handle)) as never[]);
      return toGuest(context, result);
    });
    context.setProp(native, name, made);
    made.dispose();
  }
  return native;
}

function fromGuest(context: QuickJSContext, handle: QuickJSHandle): unknown {
  if (context.typeof(handle) !== "object") return context.dump(handle);
  const bytes = context.getArrayBuffer(handle);
  const copy = bytes.value.slice();
  bytes.dispose();
  return copy;
}

function toGuest(context: QuickJSContext, value: unknown): QuickJSHandle {
  if (typeof value === "string") return context.newString(value);
  if (typeof value === "number") return context.newNumber(value);
  if (value instanceof Uint8Array) return context.newArrayBuffer(value.slice().buffer);
  return context.undefined;
}
