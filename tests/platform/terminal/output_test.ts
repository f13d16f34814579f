import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { writeWhole } from "../../../src/platform/terminal/output.ts";

const bytes = new TextEncoder().encode("a rather long line");

Deno.test("writeWhole() continues after short writes until everything is written", () => {
  const taken: number[] = [];
  const writeSync = (part: Uint8Array): number => {
    const some = part.subarray(0, 4);
    taken.push(...some);
    return some.length;
  };
  strictEqual(writeWhole({ writeSync }, bytes), true);
  deepStrictEqual(new Uint8Array(taken), bytes);
});

Deno.test("writeWhole() returns false when the pipe is broken", () => {
  const writeSync = (): number => {
    throw new Deno.errors.BrokenPipe("");
  };
  strictEqual(writeWhole({ writeSync }, bytes), false);
});

Deno.test("writeWhole() tries again when a non-blocking pipe is full", () => {
  let calls = 0;
  const writeSync = (part: Uint8Array): number => {
    if (calls++ === 0) throw new Deno.errors.WouldBlock("");
    return part.length;
  };
  strictEqual(writeWhole({ writeSync }, bytes), true);
  strictEqual(calls, 2);
});

Deno.test("writeWhole() throws other errors", () => {
  const writeSync = (): number => {
    throw new RangeError("disk");
  };
  throws(() => writeWhole({ writeSync }, bytes), RangeError);
});

const module = new URL("../../../src/platform/terminal/output.ts", import.meta.url);

function runScript(code: string): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", `import { systemOutput } from "${module}";\n${code}`],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

Deno.test("answer() writes a whole megabyte when the process exits right afterwards", async () => {
  const child = runScript(`systemOutput().answer("x".repeat(1_000_000)); Deno.exit(3);`);
  const { stdout, code } = await child.output();
  strictEqual(stdout.length, 1_000_000);
  strictEqual(code, 3);
});

Deno.test("answer() drops output, and the program goes on, when the reader is gone", async () => {
  const child = runScript(`
    const output = systemOutput();
    for (let i = 0; i < 64; i++) output.answer("x".repeat(65_536));
    output.notice("worked on");
  `);
  await child.stdout.cancel();
  const stderr = await new Response(child.stderr).text();
  strictEqual(stderr, "worked on");
  strictEqual((await child.status).code, 0);
});
