import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { PASSPHRASE, secretsOf, simulatorEnvironment } from "../cli/program.ts";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { startKeyring } from "./keyring.ts";
import { makePasswordStore } from "./password_store.ts";
import { runWatched, spellings } from "./process_watcher.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = Deno.build.os !== "linux" ||
  ignoreWithout("strace", "pass", "gpg", "secret-tool", "gnome-keyring-daemon", "dbus-daemon");

/** A run: arguments, and standard input. */
type Run = [words: string[], stdin?: string];

/** How to run each command; default: without arguments. */
function runsOf(sim: Simulator, folder: string): Record<string, Run[]> {
  const secrets = secretsOf(sim);
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
  return {
    init: [[["init", "-b", "pass", "--secrets-stdin", ...account], secrets]],
    "cred-process": [[["cred-process", "Developer"]]],
    exec: [[["exec", "Developer", "--", "true"]]],
    env: [[["env", "Developer", "--json"]]],
    // A server of its own would not end.
    serve: [[["exec", "--server", "Developer", "--", "true"]]],
    console: [[["console", "Developer", "--print"]]],
    "write-to-credentials": [[["write-to-credentials", "Developer", `${folder}/written`]]],
    secrets: [
      [["secrets", "list"]],
      [["secrets", "set", "password"], sim.user.password],
      [["secrets", "move", "--to", "secret-service"]],
      [["secrets", "set", "totp"], sim.user.totpUri],
      [["secrets", "move", "--to", "file"]],
    ],
  };
}

/** The secrets that exist so far. */
function secretsSoFar({ user, state }: Simulator): string[] {
  const issued = [...state.credentials.values()];
  return [
    user.password,
    new URL(user.totpUri).searchParams.get("secret")!,
    ...state.sessions.keys(),
    ...state.sessionTokens.keys(),
    ...state.assertions.keys().map((assertion) => assertion.slice(0, 300)),
    ...issued.flatMap(({ secretAccessKey, sessionToken = [] }) =>
      [secretAccessKey].concat(sessionToken)
    ),
  ];
}

/** The command started by `exec` may see the credentials, and nothing else. */
function withoutExecsOwn(line: string, words: string[]): string {
  if (words[0] !== "exec" || !/execve\("[^"]*\/true"/.test(line)) return line;
  return line.replace(/"AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN)=[^"]*"/g, '""');
}

Deno.test({
  name: "every command: passes no secret in arguments or environment of child processes",
  ignore,
  fn: () =>
    inScratchFolder(async (folder) => {
      await using sim = await startSimulator();
      const keyring = await startKeyring(folder);
      const store = await makePasswordStore(folder);
      try {
        const { OKTA_AWS_BACKEND: _, ...base } = simulatorEnvironment(sim);
        const env = {
          ...base,
          ...keyring.environment,
          ...store.environment,
          OKTA_AWS_PASSWORD: "a password of the environment's",
          OKTA_AWS_TOTP: "a TOTP secret of the environment's",
        };
        const table = runsOf(sim, folder);
        const secrets = new Set([
          PASSPHRASE,
          env.OKTA_AWS_PASSWORD,
          env.OKTA_AWS_TOTP,
        ]);
        const log: { words: string[]; started: string[] }[] = [];
        const last = ["secrets", "signout"];
        const order = [...COMMANDS.map(({ name }) => name).filter((name) => !last.includes(name))];
        for (const name of [...order, ...last]) {
          for (const [words, stdin] of table[name] ?? [[[name]]] as Run[]) {
            const run = await runWatched({ args: words, home: folder, env, stdin });
            if (table[name]) assert.equal(run.code, 0, `${words.join(" ")}: ${run.stderr}`);
            for (const secret of secretsSoFar(sim)) secrets.add(secret);
            log.push({ words, started: run.started.map((line) => withoutExecsOwn(line, words)) });
          }
        }
        const all = log.flatMap(({ started }) => started).join("\n");
        for (const program of ["pass", "gpg", "secret-tool"]) {
          assert.match(all, new RegExp(`execve\\("[^"]*/${program}"`), "it has been watched");
        }
        assert.ok(secrets.size > 8, "sessions, assertions and credentials are among them");
        for (const { words, started } of log) {
          const seen = started.join("\n");
          const found = [...secrets].flatMap(spellings).find((text) => seen.includes(text));
          assert.equal(found, undefined, words.join(" "));
        }
      } finally {
        await store.stop();
        await keyring.stop();
      }
    }),
});

Deno.test({
  name: "runWatched() finds a secret in arguments and in the environment",
  ignore,
  fn: () =>
    inScratchFolder(async (folder) => {
      await using sim = await startSimulator();
      const env = { ...simulatorEnvironment(sim), OKTA_AWS_BACKEND: "command" };
      const settings = `[account default]\norg = ${sim.embedLink()}\nusername = jane\n`;
      await Deno.mkdir(`${folder}/.config/okta-aws`, { recursive: true });
      await Deno.writeTextFile(
        `${folder}/.config/okta-aws/config.ini`,
        `${settings}password_command = printf hunter2\ntotp_command = env VISIBLE=hunter2 true\n`,
      );
      const { started } = await runWatched({ args: ["totp"], home: folder, env });
      assert.match(started.join("\n"), /printf", "hunter2"\]/);
      assert.match(started.join("\n"), /true"\].*"VISIBLE=hunter2"/);
      assert.deepEqual(spellings("hunter2hunter2").length, 6);
    }),
});
