/**
 * Finds Okta's Sign-In Widget, https://github.com/okta/okta-signin-widget. It has a configuration and
 * a lock file of its own: Deno downloads every package of the main ones to run the program from
 * source, and the widget with its dependencies has 160 MB.
 */

import { fileURLToPath } from "node:url";

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** The URL of the package's folder `dist/`; downloads the package the first time. */
export async function locateWidget(): Promise<URL> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--config", "deno_config.json", "print_location.ts"]
      .map((word) => /\.(json|ts)$/.test(word) ? pathOf(word) : word),
    stdin: "null",
  }).output();
  if (!success) {
    throw new Error(`could not load the Sign-In Widget: ${new TextDecoder().decode(stderr)}`);
  }
  return new URL(new TextDecoder().decode(stdout).trim());
}
