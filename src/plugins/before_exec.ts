/**
 * The hook `preExec`: a plugin sees what is about to run, and may refuse it.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { SessionCredentials } from "../aws/sts/session_credentials.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import type { CredentialRequest } from "../credentials/credential_request.ts";
import type { Grant } from "./grants.ts";
import { consoleRequests } from "./console_requests.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent, credentialsFor } from "./plugin_events.ts";
import { runHook, tellFailures } from "./run_hook.ts";

/**
 * Runs `preExec`. A plugin that fails keeps nothing from running.
 *
 * @param request What the command runs as.
 * @param credentials Its credentials.
 * @param command The command.
 * @throws {SettingsError} `plugin_refused`
 */
export async function runBeforeExec(
  context: AppContext,
  request: CredentialRequest,
  credentials: SessionCredentials,
  command: readonly string[],
): Promise<void> {
  if (!await hasPlugins(context)) return;
  const { profile, oktaAccount, chain } = request;
  const common = { ...commonEvent(context, oktaAccount), profile, command };
  const roleArn = chain.at(-1)!.roleArn;
  const eventFor = (grant: Grant) => ({
    ...common,
    roleArn,
    ...credentialsFor(grant, credentials),
  });
  const requests = consoleRequests(context);
  const results = await runHook(context, "preExec", eventFor, requests);
  await tellFailures(context.interaction, results);
  for (const { plugin, value } of results) {
    const { refuse } = (value ?? {}) as { refuse?: unknown };
    if (typeof refuse !== "string") continue;
    throw new SettingsError(`the plugin ${plugin} refuses: ${showUntrusted(refuse)}`, {
      code: "plugin_refused",
      hint: `without it: okta-aws plugin remove ${plugin}`,
    });
  }
}
