import assert from "node:assert/strict";
import { systemFiles } from "../../../src/platform/files/files.ts";
import { inScratchFolder } from "../scratch_folder.ts";

const ROUNDS = 100;
const WORKERS = 4;
const WRITER = new URL("./killed_writer.ts", import.meta.url).href;

/** CRLF, a byte order mark, comments, an invalid line, bytes that are no UTF-8: not ours to change. */
const FOREIGN = new Uint8Array([
  ...new TextEncoder().encode(
    "\ufeff# mine\r\n[default]\r\naws_access_key_id=AKIA ; keep\r\n  nested = 1\r\nnonsense\r\n[x\r\n# \u00e9 ",
  ),
  0xe9,
  0xff,
  10,
]);

/** The part after the foreign text: nothing, or a complete section. */
function assertWhole(bytes: Uint8Array): void {
  assert.deepEqual(bytes.subarray(0, FOREIGN.length), FOREIGN, "foreign text was not changed");
  const ours = new TextDecoder().decode(bytes.subarray(FOREIGN.length));
  if (ours.trim() === "") return;
  const match = /^\s*\[okta-ours\]\r?\na = (\d+)\r?\nb = (\d+)\r?\n$/.exec(ours);
  assert.ok(match, `neither the old nor the new section: ${ours.slice(0, 80)}`);
  assert.equal(match[1], match[2]);
  assert.equal(match[1]!.length % 2000, 0);
}

async function killOnce(home: string, path: string): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", "-A", WRITER, home, path],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  assert.equal(done, false, "the writer has begun");
  // A burst of busy waiting: the kill is to hit any instant, also between two of its system calls.
  const until = performance.now() + Math.random() * 6;
  while (performance.now() < until);
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
}

Deno.test({
  name: `a writer killed at any instant (${ROUNDS} rounds) leaves the old or the new file`,
  ignore: Deno.build.os === "windows",
  fn: () =>
    inScratchFolder(async (folder) => {
      let left = ROUNDS;
      const work = async (_: unknown, index: number) => {
        const home = `${folder}/${index}`;
        const path = `${home}/credentials`;
        await Deno.mkdir(home);
        await Deno.writeFile(path, FOREIGN);
        while (left-- > 0) {
          await killOnce(home, path);
          assertWhole(await Deno.readFile(path));
          // The backup is how the file was first found, however the first writer ended.
          const [backup] = Array.from(Deno.readDirSync(`${home}/.aws/okta-aws/backup`))
            .filter(({ name }) => !name.startsWith("."));
          assert.deepEqual(
            await Deno.readFile(`${home}/.aws/okta-aws/backup/${backup!.name}`),
            FOREIGN,
          );
        }
        await systemFiles().writeAtomic(path, FOREIGN);
        const names = Array.from(Deno.readDirSync(home), ({ name }) => name).sort();
        assert.deepEqual(names, [".aws", "credentials"], "the next writer clears the litter");
      };
      await Promise.all(Array.from({ length: WORKERS }, work));
    }),
});
