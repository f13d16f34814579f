/**
 * What an answer from the cache needs at the least, in one file without imports and checks: it reads the
 * files that okta-aws reads (`BARE_FILES`, lines), prints the last one, and runs `BARE_COMMAND`. With
 * `BARE_LOAD` it also loads the modules that this file imports, and does nothing with them.
 */

const { BARE_FILES = "", BARE_COMMAND, BARE_LOAD } = Deno.env.toObject();
if (BARE_LOAD !== undefined) await import(BARE_LOAD);
const texts = BARE_FILES.split("\n").filter(Boolean).map((path) => Deno.readTextFileSync(path));
const document: unknown = texts.map((text) => JSON.parse(text)).at(-1) ?? {};
if (BARE_COMMAND !== undefined) {
  const { code } = await new Deno.Command(BARE_COMMAND, {
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  Deno.exit(code);
}
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(document)));
Deno.exit();
