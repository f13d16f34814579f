import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const PRELOAD = fileURLToPath(new URL("deadline.ts", import.meta.url));

/** Runs tests with a deadline of one second; returns what was printed. */
async function runTests(files: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-test-" });
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { code, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", "--no-config", `--preload=${PRELOAD}`, folder],
      env: { OKTA_AWS_TEST_DEADLINE_SECONDS: "1", NO_COLOR: "1" },
      stdin: "null",
    }).output();
    assert.equal(code, 1);
    return new TextDecoder().decode(stdout);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const SLEEP = `new Deno.Command("sleep", { args: ["1000"], stdout: "piped", stderr: "piped" })`;

Deno.test({
  name: "deadline: fails a test that waits for a program, and the tests after it run",
  ignore: Deno.build.os === "windows",
  async fn() {
    const shown = await runTests({
      "a_test.ts": `
        Deno.test("output", async () => { if ((await ${SLEEP}.output()).code !== 0) throw 1; });
        Deno.test("read", async () => {
          const child = ${SLEEP}.spawn();
          if ((await child.stdout.getReader().read()).done) throw 2;
        });
        Deno.test("next", () => {});`,
    });
    assert.match(shown, /^output \.\.\. FAILED/m);
    assert.match(shown, /^read \.\.\. FAILED/m);
    assert.match(shown, /^next \.\.\. ok/m);
  },
});

Deno.test("deadline: fails the file of a test that waits for nothing, and the other files run", async () => {
  const shown = await runTests({
    "a_test.ts": `Deno.test("hangs", async () => {
      for await (const _ of Deno.listen({ port: 0, hostname: "127.0.0.1" }));
    });`,
    "b_test.ts": `Deno.test("next", () => {});`,
  });
  assert.match(shown, /a test took longer than 1 s/);
  assert.match(shown, /^next \.\.\. ok/m);
});
