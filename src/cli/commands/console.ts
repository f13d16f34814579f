/** `console PROFILE…`: opens the AWS console, signed in. @module */

import { connectToSignIn, consoleUrl } from "../../aws/console/console_url.ts";
import { InteractionError, UsageError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { settingsFile } from "../../settings/paths.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { obtainEach, type Obtained } from "../profile_argument.ts";
import { saySessionPolicy } from "../session_policy_flags.ts";

interface Console {
  profile: string;
  url: Secret;
}

/** @throws {UsageError} `usage` */
export async function runConsole(invocation: Invocation): Promise<void> {
  const { ports: { output }, flags } = invocation;
  if (flags.container && flags.chromeProfile !== undefined) {
    throw new UsageError("--container and --chrome-profile can't be used together", {
      code: "usage",
      hint: "--container is for Firefox",
    });
  }
  // Nothing opens before all roles are known and their credentials are here.
  const obtained = await obtainEach(invocation, "foreground", connectToSignIn);
  const consoles = await Promise.all(obtained.map(async (one): Promise<Console> => {
    const { service, destination } = flags;
    await saySessionPolicy(one.context, one.request.sessionPolicy);
    const url = await consoleUrl(one.context, one, { service, destination });
    return { profile: one.request.profile, url };
  }));
  if (flags.json) {
    const list = consoles.map(({ profile, url }) => ({ profile, url: url.reveal() }));
    const answer = list.length === 1 ? { url: list[0]!.url } : list;
    return output.answer(`${JSON.stringify(answer)}\n`);
  }
  if (flags.print || flags.stdout) return printUrls(invocation, consoles);
  const [{ context }] = obtained as [Obtained];
  for (const [at, one] of consoles.entries()) {
    if (!await open(invocation, one, context)) {
      const left = consoles.slice(at);
      const what = left.length === 1 ? "this URL" : "these URLs";
      await context.interaction.say(`No browser found. Open ${what} within 15 minutes:`);
      return printUrls(invocation, left);
    }
    await context.interaction.say(`Opened the console of ${showUntrusted(one.profile)}`);
  }
  if (consoles.length > 1 && !flags.container) {
    await context.interaction.say(
      "Does AWS ask you to sign out first? Turn on multi-session support in the console's " +
        "account menu.",
    );
  }
}

function printUrls({ ports }: Invocation, consoles: readonly Console[]): void {
  ports.output.answer(consoles.map(({ url }) => `${url.reveal()}\n`).join(""));
}

/** @returns `false` if there is no browser, and none was named. */
async function open(
  { ports, flags }: Invocation,
  { profile, url }: Console,
  { settings: { program }, paths }: Obtained["context"],
): Promise<boolean> {
  const { environment } = ports;
  const { chromeProfile } = flags;
  const named = flags.container ? "firefox-container" : flags.browser;
  const browser = named ?? (chromeProfile === undefined ? environment.get("BROWSER") : undefined);
  const chromePath = environment.get("OKTA_AWS_BROWSER_PATH") ??
    (program.browser_path && settingsFile(program.browser_path, paths, environment));
  try {
    const options = { browser, container: profile, chromeProfile, chromePath };
    await (await ports.processes()).openBrowser(url, options);
    return true;
  } catch (error) {
    // A browser that was named on purpose and is missing is a mistake; having none is not.
    const isMissing = error instanceof InteractionError && error.code === "no_browser";
    if (!isMissing || browser !== undefined || chromeProfile !== undefined) throw error;
    return false;
  }
}
