/** The setting `browser_args`. */

/** What would open the profile, the traffic or the certificates of the sign-in to others. */
const REFUSED = new RegExp(
  "^--(?:remote-debugging-.*|user-data-dir|load-extension|disable-web-security|" +
    "ignore-certificate-errors.*|host-.*-rules|host-rules|proxy-.*)$",
);

const ARGUMENT = /(?:[^\s"']+|"[^"]*"|'[^']*')+/g;

/** Splits at blanks outside of quotes. */
function splitArguments(text: string): string[] {
  return (text.match(ARGUMENT) ?? []).map((argument) =>
    argument.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single)
  );
}

/** @returns The arguments; or a string that says what was expected instead. */
export function readBrowserArguments(text: string): { value: string[] } | string {
  const value = splitArguments(text);
  for (const argument of value) {
    // Windows knows switches in any case.
    const name = argument.split("=")[0]!.toLowerCase();
    if (!/^--[a-z0-9]/.test(name)) return "a list of arguments that begin with --";
    if (REFUSED.test(name)) return `allowed: okta-aws never passes ${name} to a browser`;
  }
  return { value };
}
