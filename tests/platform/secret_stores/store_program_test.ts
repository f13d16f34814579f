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
  name: "runStoreProgram() returns the output, and keeps our secrets from the program",
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
  name: "runStoreProgram() reports a missing program, and one that does not read its input",
  ignore,
  async fn() {
    assert.equal((await run("", { program: "/nonexistent/tool" })).kind, "not_started");
    const unread = await run("exit 0", { input: "x".repeat(1024 * 1024) });
    assert.equal(unread.kind, "ended");
  },
});

/** Starts a child of its own, notes that one's process id, and hangs. */
function hanging(folder: string): string {
  return `tail -f /dev/null & echo $! > ${folder}/pid.new; mv ${folder}/pid.new ${folder}/pid; wait`;
}

/** Waits until the child of {@linkcode hanging} is dead. */
async function untilDead(folder: string): Promise<void> {
  const pid = (await Deno.readTextFile(`${folder}/pid`)).trim();
  const lives = async (): Promise<boolean> => {
    const ps = new Deno.Command("ps", { args: ["-o", "stat=", "-p", pid] });
    // A zombie, which its new parent has not waited for yet, has ended.
    return /^\s*[^Z\s]/.test(new TextDecoder().decode((await ps.output()).stdout));
  };
  for (let tries = 0; await lives(); tries++) assert.ok(tries < 1_000);
}

scratchTest("runStoreProgram() kills a program that hangs, and its children", async (folder) => {
  if (ignore) return;
  const options = { ownGroup: true, timeoutMilliseconds: 300 };
  assert.deepEqual(await run(hanging(folder), options), { kind: "timeout" });
  await untilDead(folder);
});

scratchTest("runStoreProgram() kills everything when it is interrupted", async (folder) => {
  if (ignore) return;
  const module = new URL("../../../src/platform/secret_stores/store_program.ts", import.meta.url);
  const code = `
    import { runStoreProgram } from "${module}";
    const run = runStoreProgram({
      environment: { all: () => Deno.env.toObject() }, program: "/bin/sh",
      args: ["-c", ${JSON.stringify(hanging(folder))}], ownGroup: true,
      timeoutMilliseconds: ${PATIENCE},
    });
    console.log(await run.then(() => "done", ({ code }) => code));`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdout: "piped",
  }).spawn();
  const hangs = () => Deno.stat(`${folder}/pid`).then(() => true, () => false);
  for (let tries = 0; !await hangs(); tries++) assert.ok(tries < 100_000);
  child.kill("SIGINT");
  assert.equal(new TextDecoder().decode((await child.output()).stdout), "interrupted\n");
  await untilDead(folder);
});

Deno.test({
  name: "runStoreProgram() does not wait for the children of a killed program",
  ignore,
  async fn() {
    // Without a group of its own the child's child lives on, and holds the pipe open for a while.
    const result = await run("timeout 5 tail -f /dev/null & wait", { timeoutMilliseconds: 100 });
    assert.equal(result.kind, "timeout");
  },
});

Deno.test({
  name: "runStoreProgram() kills a program that prints without end",
  ignore,
  async fn() {
    assert.equal((await run("exec cat /dev/zero")).kind, "timeout");
  },
});
