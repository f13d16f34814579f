/** `console PROFILE`: opens the AWS console, signed in. @module */

import { InteractionError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { consoleUrl } from "../../aws/console/console_url.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";
import { saySessionPolicy } from "../session_policy_flags.ts";

export async function runConsole(invocation: Invocation): Promise<void> {
  const { ports, flags } = invocation;
  const obtained = await obtainForInvocation(invocation, "foreground");
  await saySessionPolicy(obtained.context, obtained.request.sessionPolicy);
  const { service, destination } = flags;
  const url = await consoleUrl(obtained.context, obtained, {
    service,
    destination,
  });
  if (flags.json) return ports.output.answer(`${JSON.stringify({ url: url.reveal() })}\n`);
  if (flags.print || flags.stdout) return ports.output.answer(`${url.reveal()}\n`);
  const { context: { interaction }, request } = obtained;
  const browser = flags.container
    ? "firefox-container"
    : flags.browser ?? ports.environment.get("BROWSER");
  const container = request.profile;
  try {
    await (await ports.processes()).openBrowser(url, { browser, container });
  } catch (error) {
    // A browser that was named on purpose and is missing is a mistake; having none is not.
    const isMissing = error instanceof InteractionError && error.code === "no_browser";
    if (!isMissing || browser !== undefined) throw error;
    await interaction.say("No browser found. Open this URL within 15 minutes:");
    return ports.output.answer(`${url.reveal()}\n`);
  }
  await interaction.say(`Opened the console of ${showUntrusted(container)}`);
}
