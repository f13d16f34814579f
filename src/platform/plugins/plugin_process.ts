/** How a plugin's process is started. @module */

import type { Environment, PluginSetup } from "../../ports.ts";
import { childEnvironment, childNetwork } from "../processes/child_process.ts";
import { folderOf } from "../files/paths.ts";

/** The argument that makes the compiled program a plugin's process. */
export const PLUGIN_CHILD_WORD = "plugin-child";

/**
 * The gate for imports would not see code made from strings; `tools/compile.ts` sets the same flag. The
 * heap limit applies to the worker and to the process, each.
 */
const V8_FLAGS = "--disallow-code-generation-from-strings,--max-old-space-size=256";

const RUN = [
  ...["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"],
  ...["-A", "--unstable-worker-options", `--v8-flags=${V8_FLAGS}`],
];

/** Read by Deno itself. */
const DENO = ["DENO_DIR", "HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "SYSTEMROOT"];
/** Needed by the programs that a plugin may start. */
const PROGRAMS = ["PATH", "PATHEXT", "HOME", "USERPROFILE", "LANG", "TMPDIR", "TEMP", "TMP"];

/** Only the granted variables, and what Deno can't start without. */
function variables(
  environment: Environment,
  { permissions: { env, net, run }, caBundle }: PluginSetup,
): Record<string, string> {
  const wanted = new Set([
    ...env,
    ...(Deno.build.standalone ? ["SYSTEMROOT"] : DENO),
    ...(run.length > 0 ? PROGRAMS : []),
  ]);
  const all = Object.entries(childEnvironment(environment.all()));
  return {
    ...Object.fromEntries(all.filter(([name]) => wanted.has(name))),
    ...(net.length > 0 && childNetwork({ environment, caBundle })),
  };
}

/**
 * The command of a plugin's process. It is detached from the terminal, so that questions and Ctrl-C
 * only reach it through us. Its three streams are pipes.
 */
export function pluginProcess(environment: Environment, setup: PluginSetup): Deno.Command {
  const script = decodeURIComponent(new URL("./plugin_child.ts", import.meta.url).pathname);
  return new Deno.Command(Deno.execPath(), {
    args: Deno.build.standalone ? [PLUGIN_CHILD_WORD] : [...RUN, script.replace(/^\/(?=\w:)/, "")],
    clearEnv: true,
    env: variables(environment, setup),
    cwd: folderOf(setup.copy),
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
}
