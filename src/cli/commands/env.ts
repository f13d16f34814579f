/** `env PROFILE`: prints shell code that sets credentials. @module */

import { formatShellEnvironment, guessShell } from "../../credentials/shell_environment.ts";
import { UsageError } from "../../errors.ts";
import { childVariables, UNSET_VARIABLES } from "../../credentials/child_variables.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";

/** With `--json`: an object of the variables that the code sets. */
export async function runEnv(invocation: Invocation): Promise<void> {
  const { ports: { environment, output, processes }, flags } = invocation;
  const { unset } = flags;
  if (unset && invocation.args.length > 0) {
    throw new UsageError("--unset takes no PROFILE", { code: "usage" });
  }
  const obtained = unset ? undefined : await obtainForInvocation(invocation, "foreground");
  const variables = obtained ? childVariables(obtained.request, obtained) : UNSET_VARIABLES;
  if (flags.json) {
    const values = variables.filter(([, value]) => unset || value !== undefined)
      .map(([name, value = null]) => [name, value]);
    return output.answer(`${JSON.stringify(Object.fromEntries(values))}\n`);
  }
  const shell = flags.shell ?? guessShell({
    get: environment.get,
    os: environment.os,
    parent: await (await processes()).parentName(),
  });
  output.answer(formatShellEnvironment(shell, variables));
}
