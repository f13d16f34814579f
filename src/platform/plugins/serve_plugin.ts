/**
 * Our code in a plugin's worker, which has no permission. It prepares QuickJS, so that only the plugin's
 * own code is left to run, and passes messages on.
 *
 * @module
 */

import { MOST_OUTPUT, type PluginMessage, type WorkerStart } from "./plugin_messages.ts";
import { createRealm, type Realm } from "./quickjs_realm.ts";

const KINDS = ["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const;

interface WorkerScope {
  postMessage(message: string): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** Whether Deno obeyed `permissions: "none"`. */
function isConfined(): boolean {
  return KINDS.every((name) => Deno.permissions.querySync({ name }).state !== "granted");
}

/** `removeTypes` is for TypeScript. */
export function servePlugin(removeTypes?: (code: string) => string): void {
  const scope = globalThis as unknown as WorkerScope;
  let sent = 0;
  const send = (message: string): void => {
    sent += message.length;
    if (sent <= MOST_OUTPUT) return scope.postMessage(message);
    scope.postMessage(JSON.stringify({ kind: "flood" } satisfies PluginMessage));
    throw new RangeError("too much output");
  };
  const say = (message: PluginMessage): void => scope.postMessage(JSON.stringify(message));

  const prepare = async (
    { quickjs, code, stop }: WorkerStart,
  ): Promise<{ realm: Realm; js: string }> => {
    const realm = await createRealm({ quickjs, send, isStopped: () => stop[0] !== 0 });
    const js = removeTypes?.(code) ?? code;
    if (removeTypes !== undefined) say({ kind: "javascript", text: js });
    return { realm, js };
  };

  let prepared: ReturnType<typeof prepare> | undefined;
  let running: Realm | undefined;
  scope.addEventListener("message", async ({ data }) => {
    try {
      if (running !== undefined) return running.receive(data);
      if (prepared === undefined) {
        prepared = prepare(data);
        // Reported when the plugin is called.
        prepared.catch(() => {});
        return;
      }
      const { realm, js } = await prepared;
      if (!isConfined()) return say({ kind: "not_confined" });
      running = realm;
      realm.run(js, data);
    } catch (error) {
      say({ kind: "threw", message: String((error as Error)?.message ?? error) });
    }
  });
}
