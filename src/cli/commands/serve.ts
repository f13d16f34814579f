/** `serve`: credentials for programs on this machine, and a page of all roles. @module */

import type { AppContext } from "../../app/context.ts";
import type { Variables } from "../../credentials/child_variables.ts";
import { formatShellEnvironment, guessShell } from "../../credentials/shell_environment.ts";
import { InterruptedError, UsageError } from "../../errors.ts";
import { resolveProfile } from "../../profiles/resolve_profile.ts";
import { Secret } from "../../secret.ts";
import { type Invocation, openContext } from "../invocation.ts";

const DEFAULT_PORT = 1999;

/** awslogin's port: its bookmarks keep working. */
const EXIT_INTERRUPTED = 130;

/** Runs until it is interrupted. */
export async function runServe(invocation: Invocation): Promise<number | void> {
  const { ports, flags } = invocation;
  const context = await openContext(ports, flags, "foreground");
  if (flags.env !== undefined) return await printVariables(invocation, context, flags.env);
  const { issueCode, runningServer } = await import("../../server/server_files.ts");
  const running = flags.open ? await runningServer(context) : undefined;
  const port = flags.port ?? DEFAULT_PORT;
  if (running !== undefined && (flags.port === undefined || running.url.endsWith(`:${port}`))) {
    return await openPage(invocation, running.page, await issueCode(context));
  }
  const { startServer } = await import("../../server/start_server.ts");
  const { sessionTtl, assumeRoleTtl } = flags;
  const server = await startServer(context, {
    port,
    socket: flags.socket,
    flags: { ...(sessionTtl && { sessionTtl }), ...(assumeRoleTtl && { assumeRoleTtl }) },
  });
  try {
    await ports.interruptible(async (signal) => {
      const { address, token } = server;
      const page = `${address.page}?code=${(await issueCode(context)).reveal()}`;
      const { url, credentials } = address;
      ports.output.answer(
        flags.json
          ? `${JSON.stringify({ url, page, credentials, token: token.reveal() })}\n`
          : describe(page, credentials, address.socket),
      );
      if (flags.open) await openPage(invocation, address.page, await issueCode(context));
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    });
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    await server.close();
  }
  return EXIT_INTERRUPTED;
}

function describe(page: string, credentials: string, socket: string | undefined): string {
  const rows = [
    `Page:         ${page}`,
    `Credentials:  ${credentials}PROFILE`,
    ...(socket === undefined ? [] : [`Socket:       ${socket}`]),
    "The page's address works once. Stop with Ctrl-C.",
  ];
  return `${rows.join("\n")}\n`;
}

async function openPage(
  { ports, flags }: Invocation,
  page: string,
  code: Secret,
): Promise<void> {
  const browser = flags.browser ?? ports.environment.get("BROWSER");
  const url = new Secret(`${page}?code=${code.reveal()}`);
  await (await ports.processes()).openBrowser(url, { browser });
}

/** `serve --env PROFILE` */
async function printVariables(
  { ports, flags }: Invocation,
  context: AppContext,
  profile: string,
): Promise<void> {
  const { openToken, runningServer } = await import("../../server/server_files.ts");
  const { containerVariables } = await import("../../server/container_variables.ts");
  const { defaultGivesCredentials } = await import("../../server/files_without_default.ts");
  const running = await runningServer(context);
  if (running === undefined) {
    throw new UsageError("no server is running", {
      code: "no_server",
      hint: "start one in another terminal: okta-aws serve",
    });
  }
  const request = await resolveProfile(context, profile, {});
  const token = await openToken(context);
  const variables: Variables = containerVariables(request, running.credentials, token);
  if (await defaultGivesCredentials(context)) {
    await context.interaction.say(
      "AWS SDKs use the credentials of [default] in your AWS files first; " +
        `without: okta-aws exec --server ${profile} -- COMMAND`,
    );
  }
  if (flags.json) {
    const set = variables.filter(([, value]) => value !== undefined);
    return ports.output.answer(`${JSON.stringify(Object.fromEntries(set))}\n`);
  }
  const { environment } = ports;
  const parent = await (await ports.processes()).parentName();
  const shell = flags.shell ?? guessShell({ get: environment.get, os: environment.os, parent });
  ports.output.answer(formatShellEnvironment(shell, variables));
}
