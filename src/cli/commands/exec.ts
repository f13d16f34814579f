/** `exec PROFILE -- CMD`: runs a command with credentials in its environment. @module */

import { UsageError } from "../../errors.ts";
import { childVariables, type Variables } from "../../credentials/child_variables.ts";
import { runBeforeExec } from "../../plugins/hooks.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";

function mergeVariables(
  environment: Record<string, string>,
  variables: Variables,
): Record<string, string> {
  const merged = { ...environment };
  for (const [name, value] of variables) {
    if (value === undefined) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}

/**
 * Returns the exit code of the command after `--`.
 *
 * @throws {UsageError} `no_command`
 */
export async function runExec(invocation: Invocation): Promise<number> {
  const { ports, tail: [program, ...args] } = invocation;
  if (program === undefined) {
    throw new UsageError("no command to run", {
      code: "no_command",
      hint: "put the command after --: okta-aws exec PROFILE -- aws s3 ls",
    });
  }
  const obtained = await obtainForInvocation(invocation, "foreground");
  const environment = mergeVariables(
    ports.environment.all(),
    childVariables(obtained.request, obtained),
  );
  const { request, credentials } = obtained;
  const command: [string, ...string[]] = [program, ...args];
  await runBeforeExec(obtained.context, { request, credentials, command });
  const processes = await ports.processes();
  return await processes.exec(command, environment);
}
