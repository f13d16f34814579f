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
  "nothing": "",
  "newlines, NUL, control characters and Unicode":
    "\ufeff\na\r\nb\n\0\x01\x1b[31m\x7fGrüße, 世界, 🔑, e\u0301\n\n",
  "what looks like options, digits and escapes": "--label=x \\deadbeef \"'$(x)`%s",
  "64 KiB": "0123456789abcdeé".repeat(4_096).slice(0, 65_536),
};

async function readText(store: SecretStore, account: string): Promise<string | undefined> {
  return (await store.read(account))?.reveal();
}

/** Another process, which has `store` and `Secret`. */
function inAnotherProcess(subject: Subject, code: string): Deno.ChildProcess {
  const secret = new URL("../../../src/secret.ts", import.meta.url);
  return new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-config",
      `import { Secret } from "${secret}";\n${subject.script}\n${code}`,
    ],
    env: subject.environment,
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function writeInAnotherProcess(subject: Subject, text: string): Promise<number> {
  const write = `await store.write("shared", new Secret(${JSON.stringify(text)} + i));`;
  const child = inAnotherProcess(subject, `for (let i = 0; i < 3; i++) ${write}`);
  return (await child.output()).code;
}

/** Kills a process that writes without end, once it has begun with its n-th item. */
async function killWhileItWrites(subject: Subject, items: number): Promise<void> {
  const code = `for (let i = 0;; i++) {
    console.log("writing");
    await store.write("killed", new Secret("new ".repeat(1_000) + i + "."));
  }`;
  const child = inAnotherProcess(subject, code);
  let said = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout.values({ preventCancel: true })) {
    said += decoder.decode(chunk);
    if (said.split("\n").length > items) break;
  }
  child.kill("SIGKILL");
  await child.stdout.cancel();
  await child.status;
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

  await t.step("list() tells the accounts that have an item, and nothing else", async () => {
    const store = subject.open();
    for (const account of ["listed.1", "listed-2"]) await store.write(account, new Secret("x"));
    const before = await subject.open().list();
    strictEqual(before.includes("listed.1") && before.includes("listed-2"), true, String(before));
    strictEqual(before.includes("none"), false);
    strictEqual(before.every((name) => /^[A-Za-z0-9][\w.-]*$/.test(name)), true, String(before));
    await store.remove("listed.1");
    deepStrictEqual(
      await subject.open().list(),
      before.filter((name) => name !== "listed.1"),
    );
  });

  await t.step("write() leaves an item whole when it is killed", async () => {
    await subject.open().write("killed", new Secret("old"));
    for (const items of [1, 2]) {
      await killWhileItWrites(subject, items);
      const text = await readText(subject.open(), "killed");
      strictEqual(/^(?:old|(?:new ){1000}\d+\.)$/.test(text!), true, text);
    }
    await subject.open().write("killed", new Secret("after"));
    strictEqual(await readText(subject.open(), "killed"), "after");
  });

  await t.step("every method rejects an invalid name", async () => {
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
