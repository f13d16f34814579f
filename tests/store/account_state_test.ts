import assert from "node:assert/strict";
import { openAccountState } from "../../src/store/account_state.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const EMPTY = { version: 1, account: "default" };

Deno.test("openAccountState() changes some members and keeps the others", async () => {
  const files = memoryFiles();
  const state = await openAccountState(files, "/cache", "default");
  assert.deepEqual(await state.read(), EMPTY);
  await state.change({ refusedItem: "abc", usedCode: { item: "abc", counter: 7 } });
  await state.change({ usedCode: { item: "abc", counter: 8 } });
  assert.deepEqual(await state.read(), {
    ...EMPTY,
    refusedItem: "abc",
    usedCode: { item: "abc", counter: 8 },
  });
  await state.change({ refusedItem: undefined });
  assert.deepEqual(await state.read(), { ...EMPTY, usedCode: { item: "abc", counter: 8 } });
  const [path] = files.contents.keys();
  assert.match(path!, /^\/cache\/state\/[0-9a-f]{32}\.json$/);
  assert.equal(files.contents.get(path!)?.mode, 0o600);
  assert.equal(await state.remove(), true);
  assert.deepEqual(await state.read(), EMPTY);
});

Deno.test("openAccountState() keeps accounts apart", async () => {
  const files = memoryFiles();
  await (await openAccountState(files, "/cache", "one")).change({ refusedItem: "abc" });
  const other = await openAccountState(files, "/cache", "two");
  assert.deepEqual(await other.read(), { version: 1, account: "two" });
});

Deno.test("openAccountState() takes a damaged file for nothing known", async () => {
  const files = memoryFiles();
  const state = await openAccountState(files, "/cache", "default");
  await state.change({ refusedItem: "abc" });
  const [path] = files.contents.keys();
  const damaged: unknown[] = [
    null,
    7,
    { ...EMPTY, version: 2 },
    { version: 1 },
    { ...EMPTY, refusedItem: 7 },
    { ...EMPTY, stored: null },
    { ...EMPTY, usedCode: { item: "abc" } },
    { ...EMPTY, usedCode: "123456" },
    { ...EMPTY, failed: { at: 1, kind: "SignInError", message: "no" } },
    { ...EMPTY, failed: { kind: "SignInError", code: "c", message: "no" } },
    { ...EMPTY, failed: 7 },
    { ...EMPTY, longestSeconds: [1] },
    { ...EMPTY, longestSeconds: { x: "long" } },
  ];
  for (const document of damaged) {
    files.put(path!, JSON.stringify(document));
    assert.deepEqual(await state.read(), EMPTY, JSON.stringify(document));
  }
  files.put(path!, '{"version":1,');
  assert.deepEqual(await state.read(), EMPTY);
});

Deno.test("openAccountState() reads a failed sign-in as earlier versions wrote it", async () => {
  const files = memoryFiles();
  const state = await openAccountState(files, "/cache", "default");
  await state.change({ refusedItem: "abc" });
  const [path] = files.contents.keys();
  const failed = { at: 1, code: "c", message: "no", hint: "h" };
  for (
    const [unanswered, kind] of [[true, "InteractionError"], [false, "SignInError"]] as const
  ) {
    files.put(path!, JSON.stringify({ ...EMPTY, failed: { ...failed, unanswered } }));
    assert.deepEqual(await state.read(), { ...EMPTY, failed: { ...failed, kind } });
  }
});

Deno.test("openAccountState() syncs a file that tells what must not be repeated", async () => {
  const files = memoryFiles();
  const written: (boolean | undefined)[] = [];
  const state = await openAccountState(
    {
      ...files,
      writeAtomic(path, data, mode, synced) {
        written.push(synced);
        return files.writeAtomic(path, data, mode, synced);
      },
    },
    "/cache",
    "default",
  );
  await state.change({ ways: { app: "authn" } });
  await state.change({ refusedItem: "abc" });
  await state.change({ ways: { app: "idx" } });
  await state.change({ refusedItem: undefined });
  await state.change({ usedCode: { item: "abc", counter: 7 } });
  await state.change({ ways: { app: "authn" } });
  assert.deepEqual(written, [false, true, true, false, true, false]);
});
