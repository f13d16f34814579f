/** Runs the whole program in its own process, with its own home and a clean environment. @module */

import { fileURLToPath } from "node:url";
import { cachedProgram } from "../../tools/deno_cache.ts";
import { neededVariables } from "../fakes/programs.ts";
import { makeScratchFolder, removeScratchFolder } from "../platform/scratch_folder.ts";
import type { Simulator } from "../sim/simulator.ts";
import { runInWorker } from "./init_runner.ts";

/** With slashes on Windows, too, as the program writes its own path. */
const root = fileURLToPath(new URL("../../", import.meta.url)).replaceAll("\\", "/");

/** A longer run counts as hung; generous, for busy machines. */
const PATIENCE_MILLISECONDS = 120_000;

/** The passphrase of the secrets file of {@linkcode setUpHome}. */
export const PASSPHRASE = "open, sesame";

export interface RunOptions {
  args: readonly string[];
  /** The home folder. */
  home: string;
  /** Variables in addition to HOME and what every program needs; `undefined` removes one. */
  env?: Record<string, string | undefined>;
  /** Standard input; empty if omitted. */
  stdin?: string;
  /** Kills the program. */
  signal?: AbortSignal;
}

export interface ProgramRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Of this process, so that the other test files of a run need not find it out again. */
const DENO_FOLDER = "OKTA_AWS_TEST_DENO_DIR";

async function denoFolder(): Promise<string> {
  const known = Deno.env.get(DENO_FOLDER);
  if (known !== undefined) return known;
  const folder = await cachedProgram();
  Deno.env.set(DENO_FOLDER, folder);
  return folder;
}

/** The command that starts the program: the binary of `OKTA_AWS_BIN`, or Deno with `mod.ts`. */
export function programCommand(): [string, ...string[]] {
  const binary = Deno.env.get("OKTA_AWS_BIN");
  // As the program sees its own path.
  if (binary) return [Deno.build.os === "windows" ? binary.replaceAll("/", "\\") : binary];
  // `cachedProgram` has fetched everything, so Deno prints and fetches nothing.
  const run = ["run", "--quiet", "--cached-only", "--no-prompt", "-A"];
  const quickly = ["--preload", `${root}tests/cli/remember_pbkdf2.ts`];
  return [Deno.execPath(), ...run, ...quickly, `${root}mod.ts`];
}

/** The environment of a run: of the tester's own variables only what every program needs. */
export async function programEnvironment(
  home: string,
  env: RunOptions["env"] = {},
): Promise<Record<string, string>> {
  const all = {
    ...neededVariables(),
    HOME: home,
    DENO_DIR: await denoFolder(),
    DENO_NO_UPDATE_CHECK: "1",
    ...env,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Starts the program without the terminal of the person who runs the tests: it must not ask there. */
export async function startProgram(options: RunOptions): Promise<Deno.ChildProcess> {
  const [program, ...words] = programCommand();
  const child = new Deno.Command(program, {
    args: [...words, ...options.args],
    env: await programEnvironment(options.home, options.env),
    clearEnv: true,
    cwd: options.home,
    detached: true,
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    signal: options.signal ?? AbortSignal.timeout(PATIENCE_MILLISECONDS),
  }).spawn();
  // A program may close its input without reading it; the test does not fail then.
  const { stdin } = options;
  if (stdin !== undefined) await new Blob([stdin]).stream().pipeTo(child.stdin).catch(() => {});
  return child;
}

export async function runProgram(options: RunOptions): Promise<ProgramRun> {
  const child = await startProgram(options);
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A home folder for runs of the program. */
export interface Home extends AsyncDisposable {
  readonly folder: string;
  /** The variables of every run. */
  readonly env: Record<string, string>;
  run(args: readonly string[], options?: Pick<RunOptions, "env" | "stdin">): Promise<ProgramRun>;
  /** Returns empty text if the file does not exist. */
  read(path: string): Promise<string>;
  write(path: string, text: string): Promise<void>;
}

/** A home without any account; `await using` removes it. */
export async function emptyHome(env: Record<string, string> = {}): Promise<Home> {
  const folder = await makeScratchFolder();
  return {
    folder,
    env,
    run: (args, options = {}) =>
      runProgram({ ...options, args, home: folder, env: { ...env, ...options.env } }),
    async read(path) {
      try {
        return await Deno.readTextFile(`${folder}/${path}`);
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) return "";
        throw error;
      }
    },
    async write(path, text) {
      const file = `${folder}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, text);
    },
    [Symbol.asyncDispose]: () => removeScratchFolder(folder),
  };
}

/** Variables that direct requests to the simulator and secrets to a file. */
export function simulatorEnvironment(sim: Simulator): Record<string, string> {
  return {
    ...sim.env(),
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: PASSPHRASE,
    TZ: "UTC",
  };
}

/** The input of `init --secrets-stdin` for the simulator's first user. */
export function secretsOf(sim: Simulator): string {
  return JSON.stringify({ password: sim.user.password, totp: sim.user.totpUri });
}

export interface SetUpOptions {
  /** More arguments for `init`. */
  args?: readonly string[];
  /** Standard input of `init`; default: the user's password and TOTP secret. */
  secrets?: string;
  /** More variables for every run. */
  env?: Record<string, string>;
}

/**
 * A home after `init`, with its session. `init` runs in a worker of this process: the tests of `init`
 * start the program, and one there compares what both make. Clears the simulator's log of requests. */
export async function setUpHome(sim: Simulator, options: SetUpOptions = {}): Promise<Home> {
  const { args = [], secrets = secretsOf(sim), env = {} } = options;
  const home = await emptyHome({ ...simulatorEnvironment(sim), ...env });
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
  const init = ["init", ...account, "--secrets-stdin", ...args];
  const { code, stderr } = Deno.env.has("OKTA_AWS_BIN")
    ? await home.run(init, { stdin: secrets })
    : await runInWorker({
      args: init,
      home: home.folder,
      env: await programEnvironment(home.folder, home.env),
      stdin: secrets,
    });
  if (code !== 0) {
    await home[Symbol.asyncDispose]();
    throw new Error(`init ended with ${code}: ${stderr}`);
  }
  sim.requests.length = 0;
  return home;
}

/** The requests to the simulator in order, as `okta POST /api/v1/authn`, without ids of factors. */
export function requestLines(sim: Simulator): string[] {
  return sim.requests.map(({ host, method, path }) =>
    `${host} ${method} ${path.replace(/\/factors\/[^/]+/, "/factors/ID")}`
  );
}

/** The number of sign-ins that sent a password. */
export function signIns(sim: Simulator): number {
  return sim.requestsTo("okta", "POST", "/api/v1/authn").filter(({ json }) => json?.password)
    .length;
}
