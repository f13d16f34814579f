import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { writeCommandPages } from "../../tools/command_pages.ts";
import { ignorePty } from "../cli/pty.ts";
import { ignoreWithout } from "../real/programs.ts";
import { runDocuments } from "./documents.ts";

async function pagesIn(folder: URL): Promise<Record<string, string>> {
  const pages: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    pages[name] = await Deno.readTextFile(new URL(name, folder));
  }
  return pages;
}

Deno.test("docs/commands: matches the output of `deno task docs`", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const made = new URL("pages/", pathToFileURL(`${folder}/`));
    await writeCommandPages(made);
    const kept = await pagesIn(new URL("../../docs/commands/", import.meta.url));
    assert.deepEqual(kept, await pagesIn(made), "run `deno task docs`");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test({
  name: "docs/commands: the examples run",
  ignore: ignorePty || ignoreWithout("bash", "aws"),
  async fn() {
    assert.deepEqual(await runDocuments((path) => path.startsWith("docs/commands/")), []);
  },
});
