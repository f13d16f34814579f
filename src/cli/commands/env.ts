/** `env PROFILE`: prints shell code that sets credentials. @module */

import {
  formatJsonEnvironment,
  formatShellEnvironment,
  guessShell,
} from "../../credentials/shell_environment.ts";
import { UsageError } from "../../errors.ts";
import {
  childVariables,
  UNSET_VARIABLES,
  type Variables,
} from "../../credentials/child_variables.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";
import { rememberChild } from "../remember_child.ts";

/** With `--json`: an object of the variables that the code sets. */
export async function runEnv(invocation: Invocation): Promise<void> {
  const { ports: { output, clock }, flags: { unset } } = invocation;
  if (unset && invocation.args.length > 0) {
    throw new UsageError("--unset takes no PROFILE", { code: "usage" });
  }
  if (unset) return output.answer(await format(invocation, UNSET_VARIABLES));
  const began = clock.now();
  const obtained = await obtainForInvocation(invocation, "foreground");
  output.answer(await format(invocation, childVariables(obtained.request, obtained)));
  // If it fails, the next run is slower and nothing else.
  await rememberChild(invocation, obtained, began).catch(() => {});
}

async function format(
  { ports: { environment, processes }, flags }: Invocation,
  variables: Variables,
): Promise<string> {
  if (flags.json && flags.unset) {
    return `${JSON.stringify(Object.fromEntries(variables.map(([name]) => [name, null])))}\n`;
  }
  if (flags.json) return formatJsonEnvironment(variables);
  const shell = flags.shell ?? guessShell({
    get: environment.get,
    os: environment.os,
    parent: await (await processes()).parentName(),
  });
  return formatShellEnvironment(shell, variables);
}
