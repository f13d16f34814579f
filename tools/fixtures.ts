/**
 * `deno task fixtures [FOLDER]`: downloads the recorded data that `tests/conformance` reads, from the
 * public repositories that have it. `fixtures/list.txt` has their commits, and path and SHA-256 of
 * each file. Default FOLDER: `.fixtures`, where the tests look for it.
 *
 * `OKTA_AWS_FIXTURES_URL` replaces `https://raw.githubusercontent.com`.
 */

import { fileURLToPath } from "node:url";
import { downloadAll } from "./fixtures/download.ts";
import { extractAll } from "./fixtures/extract.ts";
import { parseList } from "./fixtures/list.ts";

const ROOT = new URL("../", import.meta.url);

/** Writes each file to the folder. */
async function write(folder: string, files: Map<string, Uint8Array>): Promise<void> {
  for (const [path, bytes] of files) {
    const file = `${folder}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, bytes);
  }
}

if (import.meta.main) {
  const encoder = new TextEncoder();
  const folder = Deno.args[0] ?? fileURLToPath(new URL(".fixtures", ROOT));
  const list = parseList(await Deno.readTextFile(new URL("tools/fixtures/list.txt", ROOT)));
  const base = Deno.env.get("OKTA_AWS_FIXTURES_URL") ?? "https://raw.githubusercontent.com";
  try {
    const files = await extractAll(await downloadAll(list, base));
    await write(folder, files);
    Deno.stdout.writeSync(encoder.encode(`${files.size} files in ${folder}\n`));
  } catch (error) {
    const text = `could not get the recorded data: ${(error as Error).message}\n`;
    Deno.stderr.writeSync(encoder.encode(text));
    Deno.exit(1);
  }
}
