/** `exec PROFILE -- CMD`: runs a command with credentials in its environment. @module */

import { UsageError } from "../../errors.ts";
import { childVariables, type Variables } from "../../credentials/child_variables.ts";
import { runBeforeExec } from "../../plugins/hooks.ts";
import type { Invocation } from "../invocation.ts";
import { type Obtained, obtainForInvocation } from "../profile_argument.ts";

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
  const { request, credentials } = obtained;
  const command: [string, ...string[]] = [program, ...args];
  await runBeforeExec(obtained.context, { request, credentials, command });
  const run = async (variables: Variables) => {
    const environment = mergeVariables(ports.environment.all(), variables);
    return await (await ports.processes()).exec(command, environment);
  };
  if (!invocation.flags.server) return await run(childVariables(request, obtained));
  return await runWithServer(obtained, run);
}

/** `--server`: an endpoint for the command alone, whose credentials renew. */
async function runWithServer(
  { context, request }: Obtained,
  run: (variables: Variables) => Promise<number>,
): Promise<number> {
  const { containerVariables } = await import("../../server/container_variables.ts");
  const { copyWithoutDefault } = await import("../../server/files_without_default.ts");
  const { startPrivateServer } = await import("../../server/start_server.ts");
  const server = await startPrivateServer(context, request);
  try {
    const copies = await copyWithoutDefault(context);
    try {
      const variables = containerVariables(request, server.address.credentials, server.token);
      return await run([...variables, ...copies.variables]);
    } finally {
      await copies.remove();
    }
  } finally {
    await server.close();
  }
}
