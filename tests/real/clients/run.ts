/**
 * Runs programs that load the clients of Okta and AWS from npm. They have a configuration and a lock
 * file of their own: Deno downloads every package of the main ones to run the program from source.
 */

import { fileURLToPath } from "node:url";
import { required } from "../programs.ts";

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** `deno run` or `deno test` of files in this folder, with their configuration. */
export function withClients(action: "run" | "test", ...files: string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      action,
      "--quiet",
      "--no-check",
      "-A",
      "--config",
      pathOf("deno_config.json"),
      ...files.map(pathOf),
    ],
    env: { NO_COLOR: "1" },
    stdin: action === "run" ? "piped" : "null",
    stdout: "piped",
    stderr: action === "run" ? "inherit" : "piped",
  });
}

/** Whether the packages can't be loaded, and need not be. */
export async function ignoreWithoutClients(): Promise<boolean> {
  if (required) return false;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--quiet", "--config", pathOf("deno_config.json")],
    stdin: "null",
    stderr: "null",
  }).output();
  return !success;
}
