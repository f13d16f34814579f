/**
 * `deno task compile`: one self-contained binary for this machine, out of a split, minified bundle.
 *
 * `--no-code-cache`: the cache would lie under a predictable name in a shared folder for temporary
 * files, where somebody else could plant code. `--no-prompt`: a permission prompt must never appear.
 *
 * @module
 */

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

async function deno(...args: string[]): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  if (code !== 0) Deno.exit(code);
}

const suffix = Deno.build.os === "windows" ? ".exe" : "";
await deno(
  "bundle",
  "--platform=deno",
  "--code-splitting",
  "--minify",
  "--outdir=dist/bundle",
  "tools/compiled_entry.ts",
);
await deno(
  "compile",
  "--no-prompt",
  "--no-code-cache",
  "-A",
  "--include=dist/bundle",
  `--output=dist/okta-aws${suffix}`,
  "dist/bundle/compiled_entry.js",
);
