import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

async function deno(...args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stderr: "inherit" });
  const { code, stdout } = await command.output();
  if (code !== 0) throw new Error(`deno ${args[0]} ended with ${code}`);
  return new TextDecoder().decode(stdout);
}

/**
 * Downloads all modules of the program to Deno's cache, for children with a home of their own.
 * `mod.ts` reaches only the cached path. The first run downloads the rest, so run it here, with the
 * proxy and the certificate authorities of this environment.
 *
 * @returns The value for `DENO_DIR`.
 */
export async function cachedProgram(): Promise<string> {
  const worker = "src/platform/plugins/plugin_typescript_worker.ts";
  await deno("cache", "--quiet", "mod.ts", "tools/compiled_entry.ts", worker);
  await deno("run", "--quiet", "--no-prompt", "-A", "mod.ts", "--version");
  return JSON.parse(await deno("info", "--json")).denoDir;
}
