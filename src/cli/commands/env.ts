/** `env PROFILE`: prints shell code that sets credentials. @module */

import { formatShellEnvironment, guessShell } from "../../credentials/shell_environment.ts";
import { childVariables } from "../../credentials/child_variables.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";

/** With `--json`: an object of the variables that the code sets. */
export async function runEnv(invocation: Invocation): Promise<void> {
  const { ports: { environment, output, processes }, flags } = invocation;
  const obtained = await obtainForInvocation(invocation, "foreground");
  const variables = childVariables(obtained.request, obtained);
  if (flags.json) {
    const set = variables.filter(([, value]) => value !== undefined);
    return output.answer(`${JSON.stringify(Object.fromEntries(set))}\n`);
  }
  const shell = flags.shell ?? guessShell({
    get: environment.get,
    os: environment.os,
    parent: await (await processes()).parentName(),
  });
  output.answer(formatShellEnvironment(shell, variables));
}
