/** How a plugin's process is started. @module */

import type { Environment, PluginSetup } from "../../ports.ts";
import { childEnvironment, childNetwork } from "../processes/child_process.ts";
import { folderOf } from "../files/paths.ts";

/** The word by which the compiled program knows that it is to be a plugin's process. */
export const PLUGIN_CHILD_WORD = "plugin-child";

/**
 * Code from strings would be code that the gate for imports never saw; `tools/compile.ts` gives the
 * compiled program the same flag. The heap's limit is for the worker and the process, each.
 */
const V8_FLAGS = "--disallow-code-generation-from-strings,--max-old-space-size=256";

const RUN = [
  ...["run", "--quiet", "--no-prompt", "--no-config", "--no-lock", "--no-remote", "--no-npm"],
  ...["-A", "--unstable-worker-options", `--v8-flags=${V8_FLAGS}`],
];

/** What Deno itself reads. */
const DENO = ["DENO_DIR", "HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "SYSTEMROOT"];
/** What a program that the plugin may start does not do without. */
const PROGRAMS = ["PATH", "PATHEXT", "HOME", "USERPROFILE", "LANG", "TMPDIR", "TEMP", "TMP"];

/** The environment is emptied but for what was granted and what Deno can't start without. */
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
 * The command of a plugin's process. It belongs to no terminal, so that neither a question nor Ctrl-C
 * reaches it but through us.
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
