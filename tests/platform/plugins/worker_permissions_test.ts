import assert from "node:assert/strict";
import { WORKER_OPTIONS } from "../../../src/platform/plugins/plugin_sandbox.ts";
import { PROBE } from "../../tools/probe_worker.js";

Deno.test("the worker of a plugin has no permission", async () => {
  const worker = new Worker(`data:text/javascript,${encodeURIComponent(PROBE)}`, WORKER_OPTIONS);
  const { promise, resolve } = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage("{}");
  assert.deepEqual(JSON.parse(await promise), { kind: "done", value: "nothing" });
  worker.terminate();
});
