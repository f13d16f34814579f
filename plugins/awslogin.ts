/**
 * After a refresh, writes a page with the command that opens the console of each profile. The page
 * contains names only, and nothing that signs in.
 *
 * Settings in `[plugin awslogin]`: `table = true` also prints the commands.
 */

import type { Plugin, PluginProfile } from "../mod.ts";

const PAGE = "okta-aws-console.html";

/** Quotes only if a shell needs it. */
function quoted(profile: string): string {
  return /^[\w@%+=:,./-]+$/.test(profile) ? profile : `'${profile.replaceAll("'", `'\\''`)}'`;
}

function commandFor({ profile }: PluginProfile): string {
  return `okta-aws console ${quoted(profile)}`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}

function rowFor(profile: PluginProfile): string {
  const { accountAlias, accountId, roleName, expiration } = profile;
  const cells = [
    profile.profile,
    `${accountAlias ?? accountId}/${roleName}`,
    expiration,
  ].map((cell) => `<td>${escaped(cell)}</td>`).join("");
  return `<tr>${cells}<td><code>${escaped(commandFor(profile))}</code></td></tr>`;
}

function pageOf(account: string, profiles: PluginProfile[]): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>AWS consoles (${escaped(account)})</title>
<style>body{font:15px system-ui;margin:2em}td,th{padding:.3em 1em .3em 0;text-align:left}</style>
</head>
<body>
<h1>AWS consoles</h1>
<p>Run a command in a terminal to open that console, signed in.</p>
<table>
<tr><th>Profile</th><th>Account and role</th><th>Valid until</th><th>Command</th></tr>
${profiles.map(rowFor).join("\n")}
</table>
</body>
</html>
`;
}

export default {
  name: "awslogin",
  apiVersion: 1,
  permissions: { write: [`~/${PAGE}`] },
  hooks: {
    async postRefresh({ account, home, profiles }, host) {
      await Deno.writeTextFile(`${home}/${PAGE}`, pageOf(account, profiles), { mode: 0o600 });
      if (host.settings.table !== "true") return;
      const width = Math.max(0, ...profiles.map(({ profile }) => profile.length));
      for (const one of profiles) host.log(`${one.profile.padEnd(width)}  ${commandFor(one)}`);
    },
  },
} satisfies Plugin;
