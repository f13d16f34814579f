import assert from "node:assert/strict";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = Deno.build.os !== "linux" || ignoreWithout("strace");
const FILES = new URL("../../src/platform/files/files.ts", import.meta.url).href;

/** Runs a script while strace injects errors into system calls; returns its output. */
async function withFaults(fault: string, code: string): Promise<string> {
  const { stdout, stderr } = await new Deno.Command("strace", {
    args: ["-f", "-qq", "-o", "/dev/null", "-e", `inject=${fault}`]
      .concat(
        Deno.execPath(),
        "eval",
        "--no-config",
        `import { systemFiles } from "${FILES}";${code}`,
      ),
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assert.equal(text.decode(stderr), "");
  return text.decode(stdout);
}

for (
  const [what, fault, expected] of [
    ["the disk is full", "fsync:error=ENOSPC", "disk_full"],
    ["a quota is used up", "fsync:error=EDQUOT", "disk_full"],
    ["the disk fails", "fsync:error=EIO", "file_not_writable"],
    ["the file system is read-only", "rename,renameat,renameat2:error=EROFS", "file_not_writable"],
  ] as const
) {
  Deno.test({
    name: `writeAtomic() throws ${expected} and keeps the old file when ${what}`,
    ignore,
    fn: () =>
      inScratchFolder(async (folder) => {
        await Deno.writeTextFile(`${folder}/f`, "old");
        const code = `
          const write = systemFiles().writeAtomic("${folder}/f", new Uint8Array(9));
          console.log(await write.then(() => "written", ({ code, hint }) => code + ": " + hint));`;
        const said = await withFaults(fault, code);
        assert.ok(said.startsWith(`${expected}: `), said);
        assert.ok(said.includes("the file was not changed"), said);
        assert.equal(await Deno.readTextFile(`${folder}/f`), "old");
        assert.deepEqual(Array.from(Deno.readDirSync(folder), ({ name }) => name), ["f"]);
      }),
  });
}

for (const error of ["ENOLCK", "EOPNOTSUPP", "ENOSYS"]) {
  Deno.test({
    name: `lock() throws no_file_locks when flock fails with ${error}`,
    ignore,
    fn: () =>
      inScratchFolder(async (folder) => {
        const code = `
          const lock = systemFiles().lock("${folder}/lock", { timeoutMilliseconds: 60_000 });
          console.log(await lock.then(() => "locked", ({ code, hint }) => code + ": " + hint));`;
        const said = await withFaults(`flock:error=${error}`, code);
        assert.match(said, /^no_file_locks: set OKTA_AWS_CACHE_DIR to a folder on a local disk/);
      }),
  });
}
