/**
 * The process that a plugin's worker lives in. It has nothing that the plugin was not given: no
 * terminal, an emptied environment, the plugin's permissions and no others. Standard input brings our
 * messages, standard output takes the plugin's; the worker can reach neither.
 *
 * @module
 */

import { encodeTagged, linesOf, type StartFrame } from "./plugin_frames.ts";
import type { WorkerStart } from "./plugin_worker.ts";

/** What the process may hold in memory, bytes: Deno's own 60 MB, and plenty for a plugin. */
const MOST_MEMORY = 400 * 1024 * 1024;
const MEMORY_LOOK_MILLISECONDS = 20;
/** Longer messages than that from the worker are not passed on. */
const MOST_MESSAGE_CHARACTERS = 4 * 1024 * 1024;

const KINDS = ["run", "ffi", "sys", "net", "env", "write"] as const;

/** Whole kinds of permission that the plugin lacks are given up by the process as well. */
function giveUp(permissions: StartFrame["permissions"]): void {
  for (const name of KINDS) {
    const granted = name === "ffi" || name === "sys" ? [] : permissions[name];
    if (granted.length === 0) Deno.permissions.revokeSync({ name });
  }
}

function workerPermissions({ url, permissions }: StartFrame): Deno.PermissionOptionsObject {
  const orNone = (list: readonly string[]) => list.length === 0 ? false : [...list];
  return {
    read: [new URL(url), ...permissions.read],
    write: orNone(permissions.write),
    net: orNone(permissions.net),
    env: orNone(permissions.env),
    run: orNone(permissions.run),
    ffi: false,
    sys: false,
    import: false,
  };
}

function write(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

function startWorker(script: URL, first: StartFrame): Worker {
  const { tag, url, importsNothing } = first;
  const options = { type: "module", deno: { permissions: workerPermissions(first) } } as const;
  const worker = new Worker(script, options);
  worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== "string" || data.length > MOST_MESSAGE_CHARACTERS) return;
    write(encodeTagged(tag, JSON.parse(data)));
  });
  const fail = (message: string) => write(encodeTagged(tag, { kind: "threw", message }));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.message);
  });
  worker.postMessage(JSON.stringify({ url, importsNothing } satisfies WorkerStart));
  return worker;
}

/** Memory that is no part of V8's heap has no limit of its own: the process watches itself. */
function watchMemory(tag: string): void {
  setInterval(() => {
    if (Deno.memoryUsage().rss < MOST_MEMORY) return;
    write(encodeTagged(tag, { kind: "memory" }));
    Deno.exit(1);
  }, MEMORY_LOOK_MILLISECONDS);
}

/** Runs one plugin, as standard input says, until that ends. */
export async function runPluginChild(script: URL): Promise<void> {
  let worker: Worker | undefined;
  let watched = "";
  for await (const line of linesOf(Deno.stdin.readable, Infinity)) {
    if (worker === undefined) {
      const first: StartFrame = JSON.parse(line);
      giveUp(first.permissions);
      worker = startWorker(script, first);
      watched = first.tag;
      continue;
    }
    // From the second message on the plugin runs; until then nothing of it does.
    if (watched !== "") watchMemory(watched);
    watched = "";
    worker.postMessage(line);
  }
  Deno.exit(0);
}

if (import.meta.main) await runPluginChild(new URL("./plugin_worker.ts", import.meta.url));
