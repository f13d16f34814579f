/** `exec PROFILE -- CMD`: runs a command with credentials in its environment. @module */

import { UsageError } from "../../errors.ts";
import {
  childVariables,
  mergeVariables,
  type Variables,
} from "../../credentials/child_variables.ts";
import { guessShell } from "../../credentials/shell_environment.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { runBeforeExec } from "../../plugins/hooks.ts";
import type { Invocation } from "../invocation.ts";
import { formatExpiration } from "../output.ts";
import { type Obtained, obtainForInvocation } from "../profile_argument.ts";
import { rememberChild } from "../remember_child.ts";
import { saySessionPolicy } from "../session_policy_flags.ts";

/**
 * Returns the exit code of the command after `--`; without one, of a subshell at a terminal.
 *
 * @throws {UsageError} `no_command`
 */
export async function runExec(invocation: Invocation): Promise<number> {
  const { ports, tail: [program, ...args], flags } = invocation;
  const { environment, output } = ports;
  const isSubshell = program === undefined;
  if (isSubshell && !await canOpenSubshell(invocation)) {
    throw new UsageError("no command to run", {
      code: "no_command",
      hint: "put the command after --: okta-aws exec PROFILE -- aws s3 ls",
    });
  }
  const began = ports.clock.now();
  const outer = environment.get("OKTA_AWS_PROFILE");
  const obtained = await obtainForInvocation(invocation, "foreground");
  const { request, credentials } = obtained;
  const command: [string, ...string[]] = isSubshell ? [shellOf(ports)] : [program, ...args];
  await saySessionPolicy(obtained.context, request.sessionPolicy);
  await runBeforeExec(obtained.context, { request, credentials, command });
  if (isSubshell && !flags.quiet) {
    const expires = formatExpiration(credentials.expiration.getTime(), ports.clock.now());
    const inside = outer === undefined ? "" : ` (inside the shell for ${showUntrusted(outer)})`;
    output.notice(
      `Shell for ${showUntrusted(request.profile)}${inside}: ${expires} left. To leave: exit\n`,
    );
  }
  const run = async (variables: Variables) => {
    const merged = mergeVariables(environment.all(), variables);
    return await (await ports.processes()).exec(command, merged);
  };
  if (flags.server) return await runWithServer(obtained, run);
  const [code] = await Promise.all([
    run(childVariables(request, obtained)),
    // If it fails, the next run is slower and nothing else.
    isSubshell ? undefined : rememberChild(invocation, obtained, began).catch(() => {}),
  ]);
  return code;
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

/** Only somebody at a terminal can use a shell; a program forgot its command. */
async function canOpenSubshell({ ports, flags }: Invocation): Promise<boolean> {
  if (flags.json || flags.noInput || !ports.output.answerIsTerminal) return false;
  return await ports.standardInputIsTerminal();
}

/** The user's shell, as the system names it. */
function shellOf({ environment: { get, os } }: Pick<Invocation["ports"], "environment">): string {
  if (os !== "windows") return get("SHELL") ?? "/bin/sh";
  // PowerShell sets PSModulePath, and cmd.exe inherits the system's.
  return guessShell({ get, os }) === "powershell" ? "powershell.exe" : get("ComSpec") ?? "cmd.exe";
}
