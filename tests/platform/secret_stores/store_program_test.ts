import assert from "node:assert/strict";
import { runStoreProgram } from "../../../src/platform/secret_stores/store_program.ts";
import { scratchTest } from "../scratch_folder.ts";

const ignore = Deno.build.os === "windows";
const PATIENCE = 60_000;

function run(script: string, more: Partial<Parameters<typeof runStoreProgram>[0]> = {}) {
  const variables = { PATH: Deno.env.get("PATH")!, OKTA_AWS_PASSWORD: "p", KEPT: "kept" };
  return runStoreProgram({
    environment: { all: () => variables },
    program: "/bin/sh",
    args: ["-c", script],
    timeoutMilliseconds: PATIENCE,
    ...more,
  });
}

Deno.test({
  name: "runStoreProgram() gives what the program gave, and no secret of ours to it",
  ignore,
  async fn() {
    const script = 'cat; echo "$KEPT $MORE ${OKTA_AWS_PASSWORD-none}" >&2; exit 3';
    assert.deepEqual(await run(script, { input: "grün\n", variables: { MORE: "more" } }), {
      kind: "ended",
      code: 3,
      stdout: "grün\n",
      stderr: "kept more none\n",
    });
  },
});

Deno.test({
  name: "runStoreProgram() says so when there is no such program, or nobody reads the input",
  ignore,
  async fn() {
    assert.equal((await run("", { program: "/nonexistent/tool" })).kind, "not_started");
    const unread = await run("exit 0", { input: "x".repeat(1024 * 1024) });
    assert.equal(unread.kind, "ended");
  },
});

scratchTest("runStoreProgram() ends what hangs, with all that it has started", async (folder) => {
  if (ignore) return;
  const script = `tail -f /dev/null & echo $! > ${folder}/pid.new
    mv ${folder}/pid.new ${folder}/pid; wait`;
  assert.deepEqual(await run(script, { ownGroup: true, timeoutMilliseconds: 300 }), {
    kind: "late",
  });
  const pid = Number(await Deno.readTextFile(`${folder}/pid`));
  const lives = async (): Promise<boolean> => {
    const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", `${pid}`] })
      .output();
    // Dead, and not buried yet by whoever has inherited it, is dead.
    return /^\s*[^Z\s]/.test(new TextDecoder().decode(stdout));
  };
  for (let tries = 0; await lives(); tries++) assert.ok(tries < 1_000);
});

Deno.test({
  name: "runStoreProgram() does not wait for what a killed program has left behind",
  ignore,
  async fn() {
    // Without a group of its own the child's child lives on, and holds the pipe open for a while.
    const result = await run("timeout 5 tail -f /dev/null & wait", { timeoutMilliseconds: 100 });
    assert.equal(result.kind, "late");
  },
});

Deno.test({
  name: "runStoreProgram() ends what prints for ever",
  ignore,
  async fn() {
    assert.equal((await run("exec cat /dev/zero")).kind, "late");
  },
});
