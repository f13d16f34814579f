/**
 * Deno's cache, for children that are run with a home of their own.
 *
 * @module
 */

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

async function deno(...args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stderr: "inherit" });
  const { code, stdout } = await command.output();
  if (code !== 0) throw new Error(`deno ${args[0]} ended with ${code}`);
  return new TextDecoder().decode(stdout);
}

/**
 * Fetches what the program needs, all of it: `mod.ts` alone names only the cached path, and what the
 * first run looks up by itself it looks up here, where the environment has its proxy and its CAs.
 *
 * @returns The folder of the cache, for `DENO_DIR`.
 */
export async function cachedProgram(): Promise<string> {
  await deno("cache", "--quiet", "mod.ts", "src/composition.ts");
  await deno("run", "--quiet", "--no-prompt", "-A", "mod.ts", "--version");
  return JSON.parse(await deno("info", "--json")).denoDir;
}
