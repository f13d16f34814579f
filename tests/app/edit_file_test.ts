import assert from "node:assert/strict";
import type { AppContext } from "../../src/app/context.ts";
import { editFile } from "../../src/app/edit_file.ts";
import { systemFiles } from "../../src/platform/files/files.ts";
import type { Files } from "../../src/ports.ts";
import { posixScratchTest, scratchTest } from "../platform/scratch_folder.ts";

function contextIn(folder: string, files: Files = systemFiles()): AppContext {
  const ports = { files, clock: { now: () => Date.now() } };
  return { ports, paths: { cache: `${folder}/cache` } } as unknown as AppContext;
}

scratchTest(
  "editFile() keeps what another program writes between our read and our rename",
  async (folder) => {
    const path = `${folder}/credentials`;
    for (const existed of [true, false]) {
      if (existed) await Deno.writeTextFile(path, "[mine]\na = 1\n");
      else await Deno.remove(path);
      let calls = 0;
      const change = (text: string) => {
        if (calls++ === 0) Deno.writeTextFileSync(path, `${text}[theirs]\nb = 2\n`);
        return `${text}[ours]\nc = 3\n`;
      };
      const diff = await editFile(contextIn(folder), { path, change, backup: true });
      const mine = existed ? "[mine]\na = 1\n" : "";
      assert.equal(await Deno.readTextFile(path), `${mine}[theirs]\nb = 2\n[ours]\nc = 3\n`);
      assert.equal(calls, 2);
      assert.match(diff, /\+\[ours\]/);
      assert.doesNotMatch(diff, /\+\[theirs\]/);
      const left = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
      assert.deepEqual(left, ["cache", "credentials"]);
    }
  },
);

scratchTest(
  "editFile() gives up when another program never stops changing the file",
  async (folder) => {
    const path = `${folder}/credentials`;
    let calls = 0;
    const change = (text: string) => {
      Deno.writeTextFileSync(path, `theirs = ${calls++}\n`);
      return `${text}ours = 1\n`;
    };
    await assert.rejects(editFile(contextIn(folder), { path, change }), { code: "file_locked" });
    assert.equal(await Deno.readTextFile(path), `theirs = ${calls - 1}\n`);
  },
);

posixScratchTest(
  "editFile() takes the same lock for a file and for links to it",
  async (folder) => {
    await Deno.mkdir(`${folder}/real`);
    await Deno.symlink("real", `${folder}/linked`);
    await Deno.symlink("real/credentials", `${folder}/link`);
    const locks = new Set<string>();
    const system = systemFiles();
    const files: Files = {
      ...system,
      lock(path, options) {
        locks.add(path);
        return system.lock(path, options);
      },
    };
    const append = (text: string) => `${text}x = 1\n`;
    // At first, the file does not exist.
    for (const path of ["linked/credentials", "link", "real/credentials"]) {
      await editFile(contextIn(folder, files), { path: `${folder}/${path}`, change: append });
    }
    assert.equal(locks.size, 1);
    assert.equal(await Deno.readTextFile(`${folder}/real/credentials`), "x = 1\n".repeat(3));
  },
);
