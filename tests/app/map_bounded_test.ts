import assert from "node:assert/strict";
import { limiter, mapBounded } from "../../src/app/map_bounded.ts";

/** Work that ends when it is told to, and what has begun. */
function heldWork() {
  const begun: number[] = [];
  const gates = new Map<number, PromiseWithResolvers<number>>();
  return {
    begun,
    work: (item: number) => () => {
      begun.push(item);
      const gate = Promise.withResolvers<number>();
      gates.set(item, gate);
      return gate.promise;
    },
    end: (item: number) => gates.get(item)!.resolve(item),
    fail: (item: number) => gates.get(item)!.reject(new Error(`no ${item}`)),
  };
}

Deno.test("limiter() runs so many at a time, the others in their order", async () => {
  const { begun, work, end } = heldWork();
  const limited = limiter(2);
  const all = [1, 2, 3, 4].map((item) => limited(work(item)));
  assert.deepEqual(begun, [1, 2]);
  end(2);
  assert.equal(await all[1], 2);
  assert.deepEqual(begun, [1, 2, 3]);
  end(1);
  end(3);
  await Promise.all([all[0], all[2]]);
  assert.deepEqual(begun, [1, 2, 3, 4]);
  end(4);
  assert.deepEqual(await Promise.all(all), [1, 2, 3, 4]);
});

Deno.test("limiter() goes on after a failure", async () => {
  const { begun, work, end, fail } = heldWork();
  const limited = limiter(1);
  const [one, two] = [limited(work(1)), limited(work(2))];
  const rejected = assert.rejects(one, { message: "no 1" });
  fail(1);
  await rejected;
  assert.deepEqual(begun, [1, 2]);
  end(2);
  assert.equal(await two, 2);
});

Deno.test("mapBounded() returns results in the order of its items", async () => {
  const { begun, work, end } = heldWork();
  const all = mapBounded([1, 2, 3], 2, (item) => work(item)());
  assert.deepEqual(begun, [1, 2]);
  end(2);
  while (begun.length < 3) await Promise.resolve();
  end(3);
  end(1);
  assert.deepEqual(await all, [1, 2, 3]);
});
