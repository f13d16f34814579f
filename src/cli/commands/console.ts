/** `console PROFILE`: opens the AWS console, signed in. @module */

import { consoleUrl } from "../../aws/console/console_url.ts";
import type { Invocation } from "../invocation.ts";
import { obtainForInvocation } from "../profile_argument.ts";

export async function runConsole(invocation: Invocation): Promise<void> {
  const { ports, flags } = invocation;
  const obtained = await obtainForInvocation(invocation, "foreground");
  const { service, destination } = flags;
  const url = await consoleUrl(obtained.context, obtained, {
    service,
    destination,
  });
  if (flags.json) return ports.output.answer(`${JSON.stringify({ url: url.reveal() })}\n`);
  if (flags.print || flags.stdout) return ports.output.answer(`${url.reveal()}\n`);
  const browser = flags.browser ?? ports.environment.get("BROWSER");
  await (await ports.processes()).openBrowser(url, {
    browser,
    container: obtained.request.profile,
  });
}
