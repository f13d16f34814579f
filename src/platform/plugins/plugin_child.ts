/**
 * The process of a plugin's worker: no terminal, an emptied environment, only the plugin's permissions.
 * Our messages come through standard input, the plugin's leave through standard output; the worker can
 * reach neither.
 *
 * @module
 */

import { encodeTagged, linesOf, type StartFrame } from "./plugin_frames.ts";
import type { WorkerStart } from "./plugin_worker.ts";

/** Memory limit, bytes: Deno's own 60 MB, and enough for a plugin. */
const MOST_MEMORY = 400 * 1024 * 1024;
const MEMORY_LOOK_MILLISECONDS = 20;
/** Longer messages from the worker are dropped. */
const MOST_MESSAGE_CHARACTERS = 4 * 1024 * 1024;

const KINDS = ["run", "ffi", "sys", "net", "env", "write"] as const;

/** Revokes the kinds of permission of which the plugin has none, for the process as well. */
function revokeUnused(permissions: StartFrame["permissions"]): void {
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

/** Memory outside of V8's heap has no limit, so the process watches itself. */
function watchMemory(tag: string): void {
  setInterval(() => {
    if (Deno.memoryUsage().rss < MOST_MEMORY) return;
    write(encodeTagged(tag, { kind: "memory" }));
    Deno.exit(1);
  }, MEMORY_LOOK_MILLISECONDS);
}

/** Runs one plugin until standard input ends. `script` is that of the worker. */
export async function runPluginChild(script: URL): Promise<void> {
  let worker: Worker | undefined;
  let watched = "";
  for await (const line of linesOf(Deno.stdin.readable, Infinity)) {
    if (worker === undefined) {
      const first: StartFrame = JSON.parse(line);
      revokeUnused(first.permissions);
      worker = startWorker(script, first);
      watched = first.tag;
      continue;
    }
    // The second message starts the plugin.
    if (watched !== "") watchMemory(watched);
    watched = "";
    worker.postMessage(line);
  }
  Deno.exit(0);
}

if (import.meta.main) await runPluginChild(new URL("./plugin_worker.ts", import.meta.url));
