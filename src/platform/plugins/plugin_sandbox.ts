/** The `PluginSandbox` port: each call in its own process, which is killed at any limit. @module */

import type {
  Environment,
  PluginCall,
  PluginOutcome,
  PluginSandbox,
  PluginSetup,
  StartedPlugin,
} from "../../ports.ts";
import { writeAtomic } from "../files/atomic_write.ts";
import { Deadline } from "../network/deadline.ts";
import { decodeTagged, encodeLine, linesOf, type PluginFrame } from "./plugin_frames.ts";
import { pluginProcess } from "./plugin_process.ts";

/** Limit of a plugin's messages in one run, bytes. */
const MOST_OUTPUT = 8 * 1024 * 1024;
/** Limit of accidental output on standard error, bytes. */
const MOST_ERRORS = 256 * 1024;
const MOST_LOG_LINES = 100;
const MOST_REQUESTS = 1000;

/** Makes sure that the bytes that run are those that were hashed; an existing copy is not trusted. */
async function placeCopy({ copy, code }: PluginSetup): Promise<void> {
  const found = await Deno.readFile(copy).catch(() => undefined);
  const same = found?.length === code.length && found.every((byte, at) => byte === code[at]);
  if (!same) await writeAtomic(copy, code, 0o600);
}

function kill({ child, over }: Pick<Started, "child" | "over">): void {
  // Its process id may have been reused.
  if (over()) return;
  for (const pid of Deno.build.os === "windows" ? [child.pid] : [-child.pid, child.pid]) {
    try {
      Deno.kill(pid, "SIGKILL");
    } catch { /* it has ended */ }
  }
}

/** Reads standard error to its end or limit, and drops it. */
async function drain(stream: ReadableStream<Uint8Array>): Promise<"ended" | "flood"> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > MOST_ERRORS) return "flood";
  }
  return "ended";
}

interface Started {
  child: Deno.ChildProcess;
  input: WritableStreamDefaultWriter<Uint8Array>;
  tag: string;
  flooded: Promise<"ended" | "flood">;
  over: () => boolean;
}

/** One running plugin: handles its messages until the last. */
class Run {
  #lines = 0;
  #requests = 0;

  constructor(
    readonly call: PluginCall,
    readonly started: Started,
    readonly deadline: Deadline,
  ) {}

  send(line: Uint8Array): void {
    // Fails if the process has ended, which is noticed elsewhere.
    void this.started.input.write(line).catch(() => {});
  }

  async outcome(): Promise<PluginOutcome> {
    try {
      for await (const line of linesOf(this.started.child.stdout, MOST_OUTPUT)) {
        const frame = decodeTagged(this.started.tag, line);
        const outcome = frame === undefined ? undefined : this.take(frame);
        if (outcome !== undefined) return outcome;
      }
    } catch (error) {
      if (error instanceof RangeError) return { kind: "flood" };
    }
    return { kind: "ended" };
  }

  take(frame: PluginFrame): PluginOutcome | undefined {
    if (frame.kind === "log") {
      this.#lines += 1;
      if (this.#lines <= MOST_LOG_LINES) this.call.onLog(frame.line);
      if (this.#lines === MOST_LOG_LINES) this.call.onLog("(more lines are not shown)");
      return undefined;
    }
    if (frame.kind !== "ask") return frame;
    this.#requests += 1;
    if (this.#requests > MOST_REQUESTS) return { kind: "flood" };
    void this.deadline.during(this.reply(frame.id, frame.method, frame.argument));
    return undefined;
  }

  async reply(id: number, method: string, argument: unknown): Promise<void> {
    try {
      const value = await this.call.onRequest(method, argument);
      this.send(encodeLine({ id, value }));
    } catch (error) {
      this.send(encodeLine({ id, error: error instanceof Error ? error.message : "refused" }));
    }
  }
}

async function start(environment: Environment, setup: PluginSetup): Promise<StartedPlugin> {
  await placeCopy(setup);
  const tag = crypto.getRandomValues(new Uint8Array(16)).toHex();
  const child = pluginProcess(environment, setup).spawn();
  const input = child.stdin.getWriter();
  const { importsNothing, permissions } = setup;
  const first = encodeLine({ tag, url: fileUrl(setup.copy), importsNothing, permissions });
  void input.write(first).catch(() => {});
  const flooded = drain(child.stderr);
  let ended = false;
  void child.status.then(() => ended = true);
  const started: Started = { child, input, tag, flooded, over: () => ended };
  return { call: (call) => callStarted(call, started), stop: () => kill(started) };
}

async function callStarted(call: PluginCall, started: Started): Promise<PluginOutcome> {
  const { child, flooded } = started;
  const { promise: late, resolve: end } = Promise.withResolvers<PluginOutcome>();
  const deadline = new Deadline(call.timeoutMilliseconds, () => end({ kind: "timeout" }));
  const interrupt = () => end({ kind: "ended" });
  call.signal?.addEventListener("abort", interrupt);
  const run = new Run(call, started, deadline);
  const { part, event, settings } = call;
  run.send(encodeLine({ part, event, settings }));
  void flooded.then((how) => how === "flood" && end({ kind: "flood" }));
  try {
    return await Promise.race([run.outcome(), late]);
  } finally {
    deadline.stop();
    call.signal?.removeEventListener("abort", interrupt);
    kill(started);
    await Promise.allSettled([child.status, flooded]);
  }
}

function fileUrl(path: string): string {
  const slashed = path.replaceAll("\\", "/");
  const encoded = slashed.split("/").map(encodeURIComponent).join("/").replace("%3A", ":");
  return `file://${encoded.startsWith("/") ? "" : "/"}${encoded}`;
}

async function locate(path: string): Promise<string> {
  const parts = path.split(/(?=[\\/])/);
  for (let kept = parts.length; kept > 0; kept--) {
    try {
      return await Deno.realPath(parts.slice(0, kept).join("")) + parts.slice(kept).join("");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) return path;
    }
  }
  return path;
}

export function systemPluginSandbox(environment: Environment): PluginSandbox {
  return {
    start: (setup) => start(environment, setup),
    locate,
    bundled: async () => await (await import("./bundled_plugins.ts")).bundledPlugins(),
  };
}
