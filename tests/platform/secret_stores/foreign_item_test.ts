import assert from "node:assert/strict";
import { SecretStoreError } from "../../../src/errors.ts";
import { readForeignItem } from "../../../src/platform/secret_stores/foreign_item.ts";
import { writeShellProgram } from "../../fakes/programs.ts";
import { inScratchFolder } from "../scratch_folder.ts";

const ITEM = {
  attributes: { service: "gimme-aws-creds", username: "jane@example.com" },
  keychain: { kind: "generic", service: "gimme-aws-creds", account: "jane@example.com" },
} as const;

/** Runs a stand-in for the system's program, and gives the arguments that it was called with. */
async function read(os: "darwin" | "linux" | "windows", script: string) {
  let [text, error, args]: [string | undefined, unknown, string] = [undefined, undefined, ""];
  await inScratchFolder(async (folder) => {
    const tool = `${folder}/tool`;
    await writeShellProgram(tool, `echo "$@" > '${folder}/args'\n${script}`);
    const environment = { all: () => ({ PATH: Deno.env.get("PATH")! }), os };
    try {
      text = (await readForeignItem({ environment, tool }, ITEM))?.reveal();
    } catch (thrown) {
      error = thrown;
    }
    args = (await Deno.readTextFile(`${folder}/args`).catch(() => "")).trim();
  });
  return { text, code: error instanceof SecretStoreError ? error.code : undefined, args };
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "readForeignItem() asks macOS's security for a password, in no argument",
  ignore,
  async fn() {
    const { text, args } = await read("darwin", "echo 'hunter 2'");
    assert.equal(text, "hunter 2");
    assert.equal(args, "find-generic-password -s gimme-aws-creds -a jane@example.com -w");
    const missing = await read("darwin", "exit 44");
    assert.deepEqual([missing.text, missing.code], [undefined, undefined]);
    assert.equal((await read("darwin", "exit 51")).code, "denied");
  },
});

Deno.test({
  name: "readForeignItem() asks secret-tool on Linux, and nobody on Windows",
  ignore,
  async fn() {
    const { text, args } = await read("linux", "printf 'hunter 2'");
    assert.equal(text, "hunter 2");
    assert.equal(args, "lookup service gimme-aws-creds username jane@example.com");
    const missing = await read("linux", "exit 1");
    assert.deepEqual([missing.text, missing.code], [undefined, undefined]);
    const locked = "echo 'secret-tool: Cannot get secret of a locked object' >&2; exit 1";
    assert.equal((await read("linux", locked)).code, "locked");
    assert.deepEqual(await read("windows", "echo x"), {
      text: undefined,
      code: undefined,
      args: "",
    });
  },
});
