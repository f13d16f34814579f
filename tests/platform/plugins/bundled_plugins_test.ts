/** Calls of plugins in our own thread. */

import assert from "node:assert/strict";
import {
  bundledPlugins,
  inOwnThread,
  startBundledPlugin,
} from "../../../src/platform/plugins/bundled_plugins.ts";
import type { PluginCall, PluginOutcome } from "../../../src/ports.ts";

type Host = Record<string, (...args: unknown[]) => Promise<unknown>>;
type Hook = (event: { list: string[] }, host: Host) => unknown;

/** Longer than any test takes. */
const LONG = 60_000;

async function callHook(hook: Hook, call: Partial<PluginCall> = {}): Promise<PluginOutcome> {
  return await inOwnThread({ hooks: { hook } }).call({
    part: { kind: "hook", name: "hook" },
    event: { list: [] },
    settings: {},
    timeoutMilliseconds: LONG,
    waitsForUser: [],
    onLog() {},
    onRequest: () => Promise.reject(new Error("not available")),
    ...call,
  });
}

Deno.test("startBundledPlugin() loads the bundled plugins and no other file", async () => {
  for (const name of Object.keys(await bundledPlugins())) {
    const { declaration } = (await startBundledPlugin(name))!;
    assert.equal((declaration as { name: string }).name, name);
  }
  assert.equal(await startBundledPlugin("../mod"), undefined);
});

Deno.test("a bundled plugin gets copies, and returns copies", async () => {
  const event = { list: ["one"] };
  const answer = ["two"];
  const kept = ["three"];
  const hook: Hook = async ({ list }, host) => {
    list.push("changed");
    (await host.confirm!("sure") as string[]).push("changed");
    return kept;
  };
  const outcome = await callHook(hook, { event, onRequest: () => Promise.resolve(answer) });
  kept.push("changed");
  assert.deepEqual(outcome, { kind: "done", value: ["three"] });
  assert.deepEqual([event.list, answer], [["one"], ["two"]]);
});

Deno.test("a bundled plugin's failure is its outcome", async () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const hooks: [Hook, RegExp][] = [
    [() => assert.fail("no luck"), /^no luck$/],
    [() => Promise.reject("no error"), /^no error$/],
    [(_, host) => host.consoleUrl!("x"), /^not available$/],
    [() => cyclic, /circular/],
  ];
  for (const [hook, message] of hooks) {
    const outcome = await callHook(hook);
    assert.equal(outcome.kind, "threw");
    assert.match((outcome as { message: string }).message, message);
  }
});

Deno.test("a bundled plugin that waits for a request is over at its time limit, and stays so", async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const lines: string[] = [];
  const hook: Hook = async (_, host) => {
    await host.updateKubeconfig!("", []);
    host.log!("went on");
  };
  const call = { timeoutMilliseconds: 1, onRequest: () => promise };
  const onLog = (line: string) => void lines.push(line);
  assert.deepEqual(await callHook(hook, { ...call, onLog }), { kind: "timeout" });
  resolve(null);
  // A later task than all that the answer could start.
  await new Promise((done) => setTimeout(done));
  assert.deepEqual(lines, []);
});

Deno.test("a bundled plugin's time stops while it waits for the user", async () => {
  const { setTimeout, clearTimeout } = globalThis;
  const timers = new Map<unknown, () => void>();
  let last = 0;
  globalThis.setTimeout = ((fire: () => void) => {
    timers.set(++last, fire);
    return last;
  }) as typeof setTimeout;
  globalThis.clearTimeout = (id) => void timers.delete(id);
  try {
    const atRequest = Promise.withResolvers<number>();
    const onRequest = async () => {
      const before = timers.size;
      await Promise.resolve();
      atRequest.resolve(before - timers.size);
      // As if the person had taken longer than any limit.
      for (const fire of timers.values()) fire();
      return true;
    };
    const call = { timeoutMilliseconds: 10, waitsForUser: ["confirm"], onRequest };
    const outcome = await callHook((_, host) => host.confirm!("sure"), call);
    assert.deepEqual(outcome, { kind: "done", value: true });
    assert.equal(await atRequest.promise, 1, "the limit's timer was stopped");
  } finally {
    Object.assign(globalThis, { setTimeout, clearTimeout });
  }
});

Deno.test("an interrupted bundled plugin is over at once", async () => {
  const controller = new AbortController();
  const onRequest = () => {
    controller.abort();
    return new Promise(() => {});
  };
  const { signal } = controller;
  const outcome = await callHook((_, host) => host.consoleUrl!("x"), { signal, onRequest });
  assert.deepEqual(outcome, { kind: "ended" });
});

Deno.test("a bundled plugin's lines and requests are counted", async () => {
  const lines: string[] = [];
  const talks: Hook = (_, host) => {
    for (let line = 1; line <= 200; line++) host.log!(line);
  };
  await callHook(talks, { onLog: (line) => void lines.push(line) });
  assert.deepEqual(lines.slice(99), ["100", "(more lines are not shown)"]);
  const asks: Hook = async (_, host) => {
    for (;;) await host.confirm!("sure");
  };
  const outcome = await callHook(asks, { onRequest: () => Promise.resolve(true) });
  assert.deepEqual(outcome, { kind: "flood" });
});
