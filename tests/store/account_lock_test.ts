import assert from "node:assert/strict";
import { InteractionError, SignInError } from "../../src/errors.ts";
import type { Files } from "../../src/ports.ts";
import { type AccountLock, withAccountLock } from "../../src/store/account_lock.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const gate = () => Promise.withResolvers<void>();

const nobodyWaits = () => assert.fail("nobody holds the lock");

function lock(files: Files, account: string, onWait: () => void): AccountLock {
  return { files, cacheDirectory: "/cache", account, onWait };
}

Deno.test("withAccountLock() lets one of two callers work at a time, and calls the other's onWait once", async () => {
  const files = memoryFiles();
  const events: string[] = [];
  const [entered, mayEnd, waits] = [gate(), gate(), gate()];
  const one = withAccountLock(lock(files, "default", nobodyWaits), async () => {
    events.push("one begins");
    entered.resolve();
    await mayEnd.promise;
    events.push("one ends");
    return 1;
  });
  await entered.promise;
  const onWait = () => {
    events.push("two waits");
    waits.resolve();
  };
  const two = withAccountLock(lock(files, "default", onWait), () => {
    events.push("two works");
    return Promise.resolve(2);
  });
  await waits.promise;
  mayEnd.resolve();
  assert.deepEqual(await Promise.all([one, two]), [1, 2]);
  const works = events.filter((event) => event !== "two waits");
  assert.deepEqual(works, ["one begins", "one ends", "two works"]);
});

Deno.test("withAccountLock() keeps accounts apart", async () => {
  const files = memoryFiles();
  await withAccountLock(lock(files, "one", nobodyWaits), async () => {
    await withAccountLock(lock(files, "two", nobodyWaits), () => Promise.resolve());
  });
  const paths = files.lockRequests.map(({ path }) => path);
  assert.equal(new Set(paths).size, 2);
  for (const path of paths) assert.match(path, /^\/cache\/locks\/[0-9a-f]{32}\.lock$/);
});

Deno.test("withAccountLock() releases the lock when the work fails", async () => {
  const files = memoryFiles();
  const failing = withAccountLock(lock(files, "default", nobodyWaits), () => {
    throw new Error("broken");
  });
  await assert.rejects(failing, { message: "broken" });
  const again = withAccountLock(lock(files, "default", nobodyWaits), () => Promise.resolve(3));
  assert.equal(await again, 3);
});

Deno.test("withAccountLock() throws busy after five minutes", async () => {
  const files = memoryFiles();
  await withAccountLock(lock(files, "default", nobodyWaits), () => Promise.resolve());
  files.heldElsewhere.add(files.lockRequests[0]!.path);
  let waits = 0;
  const busy = withAccountLock(
    lock(files, "default", () => waits++),
    () => assert.fail("not ours"),
  );
  await assert.rejects(busy, (error) => error instanceof InteractionError && error.code === "busy");
  assert.equal(waits, 1);
  assert.equal(files.lockRequests.at(-1)?.timeoutMilliseconds, 5 * 60 * 1000);
});

Deno.test("withAccountLock() throws the failure of the process that it waited for", async () => {
  const files = memoryFiles();
  const [entered, mayFail] = [gate(), gate()];
  const waits = [gate(), gate()];
  const one = withAccountLock(lock(files, "default", nobodyWaits), async () => {
    entered.resolve();
    await mayFail.promise;
    throw new SignInError("refused", { code: "E0000004", hint: "fix it" });
  });
  await entered.promise;
  const waiters = waits.map(({ resolve }) =>
    withAccountLock(
      lock(files, "default", () => resolve()),
      () => assert.fail("a waiter tried again"),
    )
  );
  await Promise.all(waits.map(({ promise }) => promise));
  mayFail.resolve();
  for (const refused of [one, ...waiters]) {
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof SignInError);
      assert.deepEqual([error.message, error.code, error.hint], ["refused", "E0000004", "fix it"]);
      return true;
    });
  }
});

Deno.test("withAccountLock() removes a failure from before it had the lock, once it has succeeded", async () => {
  const files = memoryFiles();
  const mayLock = gate();
  const late: Files = {
    ...files,
    async lock(...args) {
      await mayLock.promise;
      return await files.lock(...args);
    },
  };
  const succeeding = withAccountLock(lock(late, "default", nobodyWaits), () => Promise.resolve(1));
  const failing = withAccountLock(lock(files, "default", nobodyWaits), () => {
    throw new SignInError("refused", { code: "E0000004" });
  });
  await assert.rejects(failing, SignInError);
  assert.equal(files.contents.size, 1);
  mayLock.resolve();
  assert.equal(await succeeding, 1);
  assert.equal(files.contents.size, 0);
});

Deno.test("withAccountLock() lets a caller that comes after a failure try", async () => {
  const files = memoryFiles();
  const failing = withAccountLock(lock(files, "default", nobodyWaits), () => {
    throw new SignInError("refused", { code: "E0000004" });
  });
  await assert.rejects(failing, SignInError);
  const later = withAccountLock(lock(files, "default", nobodyWaits), () => Promise.resolve(1));
  assert.equal(await later, 1);
});
