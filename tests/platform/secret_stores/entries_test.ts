import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import {
  type Entries,
  type EntryStep,
  readItem,
  removeItem,
  writeItem,
} from "../../../src/platform/secret_stores/entries.ts";
import { Secret } from "../../../src/secret.ts";

const failing = (code: string) => (error: unknown): boolean =>
  error instanceof SecretStoreError && error.code === code && error.hint !== undefined;

/** Entries in memory; `dieAfter` steps that change something, the next one throws. */
function memory(dieAfter = Infinity) {
  const kept = new Map<string, string>();
  let changes = 0;
  const step = ({ part = "", ...step }: EntryStep): string | undefined => {
    if (step.kind === "read") return kept.get(part);
    if (changes++ >= dieAfter) throw new Error("killed");
    if (step.kind === "remove") return kept.delete(part) ? "" : undefined;
    kept.set(part, step.text);
    return undefined;
  };
  const entries: Entries = {
    backend: "wincred",
    mostLength: 8,
    run: (steps) => Promise.resolve().then(() => steps.map(step)),
  };
  return { kept, entries, reset: (after: number) => [changes, dieAfter] = [0, after] };
}

Deno.test("writeItem() uses one entry if it can, and removes the parts of an old item", async () => {
  const { kept, entries } = memory();
  await writeItem(entries, new Secret("short"));
  deepStrictEqual([...kept], [["", btoa("short")]]);
  await writeItem(entries, new Secret("rather a long one"));
  strictEqual(kept.size, 4);
  strictEqual((await readItem(entries))?.reveal(), "rather a long one");
  await writeItem(entries, new Secret("another long one, in other parts"));
  strictEqual(kept.size, 7);
  await writeItem(entries, new Secret("short"));
  strictEqual(kept.size, 1);
  await writeItem(entries, new Secret("rather a long one"));
  strictEqual(await removeItem(entries), true);
  strictEqual(kept.size, 0);
  strictEqual(await removeItem(entries), false);
});

Deno.test("writeItem() leaves the old item complete, wherever it is killed", async () => {
  const oldItem = "the old and rather long item";
  const newItem = "the new one, which is long as well";
  const died: (string | undefined)[] = [];
  for (let dieAfter = 0; dieAfter < 12; dieAfter++) {
    const { entries, reset } = memory();
    await writeItem(entries, new Secret(oldItem));
    reset(dieAfter);
    await writeItem(entries, new Secret(newItem)).catch(() => {});
    died.push((await readItem(entries))?.reveal());
  }
  const turn = died.indexOf(newItem);
  strictEqual(turn > 5, true, "the head comes last");
  deepStrictEqual(died, died.map((_, at) => at < turn ? oldItem : newItem));
});

Deno.test("readItem() reports an item as damaged when a part is missing or from another one", async () => {
  for (const change of ["is missing", "is cut"] as const) {
    const { kept, entries } = memory();
    await writeItem(entries, new Secret("rather a long one"));
    const [part] = [...kept.keys()].filter((name) => name !== "");
    if (change === "is missing") kept.delete(part!);
    else kept.set(part!, "????????");
    await rejects(readItem(entries), failing("damaged"));
  }
  const { kept, entries } = memory();
  kept.set("", "not base64!");
  await rejects(readItem(entries), failing("damaged"));
});

Deno.test("writeItem() throws not_stored when something else is read back", async () => {
  const { entries } = memory();
  const lossy: Entries = {
    ...entries,
    run: async (steps) => (await entries.run(steps)).map((text) => text && text.slice(1)),
  };
  await rejects(writeItem(lossy, new Secret("short")), failing("not_stored"));
});
