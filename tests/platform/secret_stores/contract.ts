/** What every secret backend that stores something has to do. @module */

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { SecretStore } from "../../../src/ports.ts";
import { Secret } from "../../../src/secret.ts";

/** A backend under test. */
export interface Subject {
  /** A store; each call gives one that remembers nothing of the others. */
  open(): SecretStore;
  /** Module text that evaluates to a store in another process: an `import` and `const store = …`. */
  script: string;
  /** The variables of that process. */
  environment: Record<string, string>;
}

const HARD_ITEMS: Record<string, string> = {
  empty: "",
  Unicode: "Grüße, 世界, 🔑, e\u0301",
  "a byte order mark": "\ufeffx",
  newlines: "\na\r\nb\n\n",
  "NUL and control characters": "a\0b\x01\x1b[31m\x7f",
  "what looks like an option": "--label=x",
  "a long item": "x".repeat(5_000),
};

async function readText(store: SecretStore, account: string): Promise<string | undefined> {
  return (await store.read(account))?.reveal();
}

async function writeInAnotherProcess(subject: Subject, text: string): Promise<number> {
  const secret = new URL("../../../src/secret.ts", import.meta.url);
  const code = `
    import { Secret } from "${secret}";
    ${subject.script}
    for (let i = 0; i < 3; i++) await store.write("shared", new Secret(${
    JSON.stringify(text)
  } + i));
  `;
  const { code: exit } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    env: subject.environment,
    clearEnv: true,
    stderr: "inherit",
  }).output();
  return exit;
}

/**
 * Runs the contract, one step a rule.
 *
 * @param t The test that the steps belong to.
 * @param subject The backend.
 */
export async function runContract(t: Deno.TestContext, subject: Subject): Promise<void> {
  await t.step("read() gives nothing for an account without an item", async () => {
    strictEqual(await subject.open().read("none"), undefined);
  });

  await t.step("write() stores for the next process", async () => {
    await subject.open().write("work", new Secret("first"));
    strictEqual(await readText(subject.open(), "work"), "first");
  });

  await t.step("write() replaces, and leaves other accounts alone", async () => {
    await subject.open().write("other", new Secret("theirs"));
    await subject.open().write("work", new Secret("second"));
    strictEqual(await readText(subject.open(), "work"), "second");
    strictEqual(await readText(subject.open(), "other"), "theirs");
  });

  await t.step("remove() says whether there was an item", async () => {
    const store = subject.open();
    strictEqual(await store.remove("work"), true);
    strictEqual(await store.remove("work"), false);
    strictEqual(await store.read("work"), undefined);
    strictEqual(await readText(store, "other"), "theirs");
  });

  for (const [what, text] of Object.entries(HARD_ITEMS)) {
    await t.step(`write() and read() keep ${what}`, async () => {
      const store = subject.open();
      await store.write("hard", new Secret(text));
      strictEqual(await readText(store, "hard"), text);
    });
  }

  await t.step("write() of two processes at once leaves one whole item", async () => {
    const exits = await Promise.all(["a", "b"].map((text) => writeInAnotherProcess(subject, text)));
    deepStrictEqual(exits, [0, 0]);
    const stored = await readText(subject.open(), "shared");
    strictEqual(stored === "a2" || stored === "b2", true);
  });

  await t.step("every method refuses a name that is none", async () => {
    const store = subject.open();
    for (const name of ["", "-x", "../x", "a/b", "a b", "a\nb", ".x", "x".repeat(64)]) {
      const codes = await Promise.all(
        [store.read(name), store.write(name, new Secret("x")), store.remove(name)]
          .map((attempt) => attempt.then(() => undefined, (error) => error.code)),
      );
      deepStrictEqual(codes, ["bad_account_name", "bad_account_name", "bad_account_name"]);
    }
  });
}
