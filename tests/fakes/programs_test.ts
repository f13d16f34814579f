import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { scratchTest } from "../platform/scratch_folder.ts";
import { neededVariables, pathWith, wrapperOf, writeProgram } from "./programs.ts";

Deno.test("wrapperOf() writes what each system starts", () => {
  const command = ["C:\\my 100%\\deno.exe", "run", "it's.mjs"];
  strictEqual(
    wrapperOf(command, "windows"),
    '@"C:\\my 100%%\\deno.exe" "run" "it\'s.mjs" %*\r\n',
  );
  strictEqual(
    wrapperOf(command, "linux"),
    `#!/bin/sh\nexec 'C:\\my 100%\\deno.exe' 'run' 'it'\\''s.mjs' "$@"\n`,
  );
});

scratchTest("writeProgram() is found in PATH, and passes on everything", async (folder) => {
  await writeProgram(`${folder}/my tool's/echo-it`, async (exit: number) => {
    const input = await new Response(Deno.stdin.readable).text();
    const text = JSON.stringify([input, Deno.env.get("GIVEN"), ...Deno.args]);
    Deno.stdout.writeSync(new TextEncoder().encode(text));
    Deno.exit(exit);
  }, 7);
  const words = ["a b", "", "--json", 'say "hi"', "100%", "%PATH%", "a&b|c>d^e!", "\\", "c:\\d\\"];
  const child = new Deno.Command("echo-it", {
    args: words,
    clearEnv: true,
    env: { ...neededVariables(), PATH: pathWith(`${folder}/my tool's`), GIVEN: "given" },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob(["typed"]).stream().pipeTo(child.stdin);
  const { code, stdout } = await child.output();
  deepStrictEqual(JSON.parse(new TextDecoder().decode(stdout)), ["typed", "given", ...words]);
  strictEqual(code, 7);
});
