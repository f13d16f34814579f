/**
 * After a refresh, writes a page of links to the console of each profile. They lead to
 * `okta-aws serve`, which makes a sign-in URL at each click: the page contains names only, and
 * nothing that signs in. Where the server does not run, `okta-aws awslogin PROFILE` prints a URL.
 *
 * Settings in `[plugin awslogin]`: `table = true` also prints the links; `port` is the server's
 * (default: 1999).
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

function linkFor({ profile }: PluginProfile, port: string): string {
  return `http://localhost:${port}/awslogin?baseProfile=${encodeURIComponent(profile)}`;
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

function rowFor(profile: PluginProfile, port: string): string {
  const { accountAlias, accountId, roleName, expiration } = profile;
  const link = `<a href="${escaped(linkFor(profile, port))}">${escaped(profile.profile)}</a>`;
  const cells = [`${accountAlias ?? accountId}/${roleName}`, expiration]
    .map((cell) => `<td>${escaped(cell)}</td>`).join("");
  return `<tr><td>${link}</td>${cells}<td><code>${escaped(commandFor(profile))}</code></td></tr>`;
}

function pageOf(account: string, profiles: PluginProfile[], port: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>AWS consoles (${escaped(account)})</title>
<style>body{font:15px system-ui;margin:2em}td,th{padding:.3em 1em .3em 0;text-align:left}</style>
</head>
<body>
<h1>AWS consoles</h1>
<p>The links need <code>okta-aws serve</code>, running and opened once in this browser. The commands
work in a terminal without it.</p>
<table>
<tr><th>Profile</th><th>Account and role</th><th>Valid until</th><th>Command</th></tr>
${profiles.map((profile) => rowFor(profile, port)).join("\n")}
</table>
</body>
</html>
`;
}

/** Writes a new file, never through a link: that could lead to any file. */
async function replace(file: string, text: string): Promise<void> {
  const { AlreadyExists, NotFound } = Deno.errors;
  try {
    await Deno.remove(file);
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
  try {
    await Deno.writeTextFile(file, text, { createNew: true, mode: 0o600 });
  } catch (error) {
    // Another refresh has just written it.
    if (!(error instanceof AlreadyExists)) throw error;
  }
}

export default {
  name: "awslogin",
  apiVersion: 1,
  permissions: { write: [`~/${PAGE}`], console: true },
  hooks: {
    async postRefresh({ account, home, profiles }, host) {
      const { table, port = "1999" } = host.settings;
      if (!/^\d{1,5}$/.test(port)) throw new Error("port in [plugin awslogin] is not a number");
      await replace(`${home}/${PAGE}`, pageOf(account, profiles, port));
      if (table !== "true") return;
      const width = Math.max(0, ...profiles.map(({ profile }) => profile.length));
      for (const one of profiles) host.log(`${one.profile.padEnd(width)}  ${linkFor(one, port)}`);
    },
  },
  commands: {
    awslogin: {
      brief: "print a console sign-in URL",
      args: "PROFILE",
      async run({ args: [profile] }, host) {
        if (profile === undefined) throw new Error("missing argument: PROFILE");
        return await host.consoleUrl(profile);
      },
    },
  },
} satisfies Plugin;
