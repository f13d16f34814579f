/**
 * `deno task recording`: records docs/recording.svg. Runs the real program in a real terminal (tmux)
 * against the simulated Okta and AWS, and types at the speed of a person.
 */

import { startSimulator } from "../tests/sim/simulator.ts";
import { cachedProgram } from "./deno_cache.ts";
import { formatSvg } from "./recording/svg.ts";
import { RecordedTerminal } from "./recording/terminal.ts";

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);
const COLUMNS = 92;
const ROWS = 24;

/** Makes a folder for PATH that contains the program as `okta-aws`. */
async function programFolder(home: string): Promise<string> {
  const folder = `${home}/bin`;
  await Deno.mkdir(folder);
  const runtime = [Deno.execPath(), "run", "--quiet", "--cached-only", "--no-prompt", "-A"];
  const command = `exec ${runtime.join(" ")} '${ROOT}mod.ts' "$@"`;
  await Deno.writeTextFile(`${folder}/okta-aws`, `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  return folder;
}

await using sim = await startSimulator();
const home = await Deno.makeTempDir();
try {
  await using terminal = new RecordedTerminal();
  await terminal.open(COLUMNS, ROWS, {
    ...sim.env(),
    PATH: `${await programFolder(home)}:${Deno.env.get("PATH")}`,
    HOME: home,
    TERM: "xterm-256color",
    HISTFILE: "/dev/null",
    DENO_DIR: await cachedProgram(),
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: crypto.randomUUID(),
  });
  const { login, password, totpUri } = sim.user;
  await terminal.type("okta-aws init --region eu-central-1");
  for (
    const [question, answer] of [
      ["link", sim.embedLink()],
      ["name", login],
      ["assword", password],
      ["TOTP", totpUri],
    ] as const
  ) {
    await terminal.until(question);
    await terminal.pause(600);
    await terminal.type(answer);
  }
  await terminal.until("(Y/n)");
  await terminal.pause(1200);
  await terminal.press("Enter");
  for (
    const command of [
      "aws --profile okta-acme-production-Developer sts get-caller-identity",
      "okta-aws roles",
      "okta-aws exec acme-production/Developer -- sh -c 'echo I am $AWS_OKTA_ASSUMED_ROLE'",
    ]
  ) {
    await terminal.until("$");
    await terminal.pause(1500);
    await terminal.type(command);
    await terminal.pause(1500);
  }
  await terminal.until("$");
  await terminal.pause(2500);
  await Deno.writeTextFile(
    `${ROOT}docs/recording.svg`,
    formatSvg(await terminal.finish(), COLUMNS, ROWS),
  );
} finally {
  await Deno.remove(home, { recursive: true });
}
