/**
 * `deno task recording`: records docs/recording.svg. Runs the real program and the real AWS CLI in a
 * real terminal (tmux) against the simulated Okta and AWS. On the screen, the simulator's address is
 * replaced by an Okta address, and the temporary home by `~`.
 */

import { fileURLToPath } from "node:url";
import { writeShellProgram, writeWrapper } from "../tests/fakes/programs.ts";
import { awsApp, grantsOf, simUser } from "../tests/sim/default_world.ts";
import { startSimulator } from "../tests/sim/simulator.ts";
import type { SimAccount } from "../tests/sim/world.ts";
import { cachedProgram } from "./deno_cache.ts";
import { formatSvg } from "./recording/svg.ts";
import { type Frame, RecordedTerminal } from "./recording/terminal.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const COLUMNS = 100;
const ROWS = 28;
const LONGEST_MILLISECONDS = 20_000;

const ACCOUNTS: SimAccount[] = [
  account("123456789012", "acme-dev", ["Admin", "Developer"]),
  account("210987654321", "acme-prod", ["ReadOnly"]),
];

function account(id: string, alias: string, names: readonly string[]): SimAccount {
  const roles = names.map((name) => ({ name, path: "/", maxSessionDurationSeconds: 43_200 }));
  return { id, alias, samlProviders: ["Okta"], roles };
}

/** Makes a folder for PATH that contains the program as `okta-aws`, and a browser that does nothing. */
async function programFolder(home: string): Promise<string> {
  const folder = `${home}/bin`;
  await Deno.mkdir(folder);
  const runtime = [Deno.execPath(), "run", "--quiet", "--cached-only", "--no-prompt", "-A"];
  await writeWrapper(`${folder}/okta-aws`, [...runtime, `${ROOT}mod.ts`]);
  await writeShellProgram(`${folder}/xdg-open`, "");
  return folder;
}

/** Longer pictures are waits of a busy machine. */
const LONGEST_FRAME_MILLISECONDS = 1_500;

/** A picture of half a line, before the terminal drew the rest. */
const HALF_DRAWN_MILLISECONDS = 100;

/** Replaces what only exists on this machine; fails if any of it is left. */
function cleaned(frames: readonly Frame[], replacements: Record<string, string>): Frame[] {
  return frames.flatMap(({ screen, milliseconds }, index) => {
    let shown = screen;
    for (const [from, to] of Object.entries(replacements)) shown = shown.replaceAll(from, to);
    const left = /127\.0\.0\.1|localhost|\/tmp\b/.exec(shown);
    if (left !== null && milliseconds <= HALF_DRAWN_MILLISECONDS) return [];
    if (left !== null) throw new Error(`the recording shows ${left[0]}:\n${shown}`);
    const isLast = index === frames.length - 1;
    const most = isLast ? Infinity : LONGEST_FRAME_MILLISECONDS;
    return [{ screen: shown, milliseconds: Math.min(milliseconds, most) }];
  });
}

const apps = [awsApp("AWS", { grants: grantsOf(ACCOUNTS), sessionDuration: 43_200 })];
const users = [simUser("jane@example.com")];
await using sim = await startSimulator({ world: { accounts: ACCOUNTS, apps, users } });
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
  await terminal.type("okta-aws init");
  await terminal.until("1/");
  // From here on, so that the first picture has something to see.
  terminal.record();
  await terminal.pause(900);
  await terminal.paste(sim.embedLink());
  for (
    const [question, answer] of [
      ["name", login],
      ["assword", password],
      ["ecret", totpUri],
      ["egion", ""],
      ["(Y/n)", ""],
    ] as const
  ) {
    await terminal.until(question);
    await terminal.pause(400);
    if (answer === login) await terminal.type(answer);
    else await terminal.paste(answer);
  }
  await terminal.untilPrompt();
  await terminal.pause(1200);
  await terminal.type("aws --profile okta-acme-dev-Developer sts get-caller-identity");
  await terminal.untilPrompt();
  await terminal.pause(1200);
  await terminal.type("okta-aws console prod");
  await terminal.until("Opened");
  await terminal.pause(2500);
  const frames = cleaned(await terminal.finish(), {
    [sim.okta]: "https://acme.okta.com",
    [new URL(sim.okta).host]: "acme.okta.com",
    [home]: "~",
  });
  const total = frames.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  if (total > LONGEST_MILLISECONDS) throw new Error(`the recording takes ${total} ms`);
  await Deno.writeTextFile(`${ROOT}docs/recording.svg`, formatSvg(frames, COLUMNS, ROWS));
} finally {
  await Deno.remove(home, { recursive: true });
}
