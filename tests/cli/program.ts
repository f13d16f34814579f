/** The whole program, run as a person or an SDK runs it: own process, own home, clean environment. @module */

import { cachedProgram } from "../../tools/deno_cache.ts";
import type { Simulator } from "../sim/simulator.ts";

const root = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** A run that takes longer hangs. */
const PATIENCE_MILLISECONDS = 30_000;

/** The passphrase of the secrets file of {@linkcode setUpHome}. */
export const PASSPHRASE = "open, sesame";

/** What a run is given. */
export interface RunOptions {
  /** The words behind the program's name. */
  args: readonly string[];
  /** The home folder. */
  home: string;
  /** Variables besides PATH and HOME; `undefined` takes one away. */
  env?: Record<string, string | undefined>;
  /** What stands on standard input; it is empty where this is left out. */
  stdin?: string;
  /** A signal that ends the program. */
  signal?: AbortSignal;
}

/** What came of a run. */
export interface ProgramRun {
  /** The exit code. */
  code: number;
  /** Standard output. */
  stdout: string;
  /** Standard error. */
  stderr: string;
}

const denoFolder: () => Promise<string> = (() => {
  let folder: Promise<string> | undefined;
  return () => folder ??= cachedProgram();
})();

/** The words that start the program: the binary that `OKTA_AWS_BIN` names, or Deno with `mod.ts`. */
export function programCommand(): [string, ...string[]] {
  const binary = Deno.env.get("OKTA_AWS_BIN");
  if (binary) return [binary];
  // Deno itself has nothing to say and nothing to fetch: `cachedProgram` has been there before.
  const run = ["run", "--quiet", "--cached-only", "--no-prompt", "-A"];
  const quickly = ["--preload", `${root}tests/cli/remember_pbkdf2.ts`];
  return [Deno.execPath(), ...run, ...quickly, `${root}mod.ts`];
}

/**
 * The environment of a run: nothing of the tester's own but PATH, and what Deno needs.
 *
 * @param home The home folder.
 * @param env Variables besides; `undefined` takes one away.
 * @returns The variables.
 */
export async function programEnvironment(
  home: string,
  env: RunOptions["env"] = {},
): Promise<Record<string, string>> {
  const all = {
    PATH: Deno.env.get("PATH"),
    HOME: home,
    DENO_DIR: await denoFolder(),
    DENO_NO_UPDATE_CHECK: "1",
    ...env,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * Starts the program, without the terminal of whoever runs the tests: it must not ask there.
 *
 * @param options What it is given.
 * @returns The process.
 */
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
  // A program that does not read its input closes it: that is no failure of the test's.
  const { stdin } = options;
  if (stdin !== undefined) await new Blob([stdin]).stream().pipeTo(child.stdin).catch(() => {});
  return child;
}

/**
 * Runs the program to its end.
 *
 * @param options What it is given.
 * @returns What came of it.
 */
export async function runProgram(options: RunOptions): Promise<ProgramRun> {
  const child = await startProgram(options);
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** A home folder in which the program is run. */
export interface Home extends AsyncDisposable {
  /** Its path. */
  readonly folder: string;
  /** The variables of every run in it. */
  readonly env: Record<string, string>;
  /** Runs the program. */
  run(args: readonly string[], options?: Pick<RunOptions, "env" | "stdin">): Promise<ProgramRun>;
  /** Reads a file of it; an empty text where there is none. */
  read(path: string): Promise<string>;
  /** Writes a file of it. */
  write(path: string, text: string): Promise<void>;
}

/**
 * A home folder in which nothing has been set up; `await using` removes it.
 *
 * @param env The variables of every run.
 * @returns The home.
 */
export async function emptyHome(env: Record<string, string> = {}): Promise<Home> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "okta-aws-test-" }));
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
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/**
 * The variables that point the program at the simulator and its secrets at a file.
 *
 * @param sim The simulator.
 * @returns The variables.
 */
export function simulatorEnvironment(sim: Simulator): Record<string, string> {
  return {
    ...sim.env(),
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: PASSPHRASE,
    TZ: "UTC",
  };
}

/**
 * What `init --secrets-stdin` reads for the simulator's first person.
 *
 * @param sim The simulator.
 * @returns The JSON.
 */
export function secretsOf(sim: Simulator): string {
  return JSON.stringify({ password: sim.user.password, totp: sim.user.totpUri });
}

/** How {@linkcode setUpHome} goes about it. */
export interface SetUpOptions {
  /** More words for `init`. */
  args?: readonly string[];
  /** What stands on its standard input; the person's password and TOTP secret if left out. */
  secrets?: string;
  /** More variables, for every run. */
  env?: Record<string, string>;
}

/**
 * A home that has gone through `init`; the simulator's log of requests is then emptied.
 *
 * @param sim The simulator.
 * @param options How.
 * @returns The home, with the session that `init` has left.
 */
export async function setUpHome(sim: Simulator, options: SetUpOptions = {}): Promise<Home> {
  const { args = [], secrets = secretsOf(sim), env = {} } = options;
  const home = await emptyHome({ ...simulatorEnvironment(sim), ...env });
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
  const { code, stderr } = await home.run(["init", ...account, "--secrets-stdin", ...args], {
    stdin: secrets,
  });
  if (code !== 0) {
    await home[Symbol.asyncDispose]();
    throw new Error(`init ended with ${code}: ${stderr}`);
  }
  sim.requests.length = 0;
  return home;
}

/**
 * What was asked of the simulator, without what changes from run to run.
 *
 * @param sim The simulator.
 * @returns `okta POST /api/v1/authn` and so on, in order; ids of factors left out.
 */
export function requestLines(sim: Simulator): string[] {
  return sim.requests.map(({ host, method, path }) =>
    `${host} ${method} ${path.replace(/\/factors\/[^/]+/, "/factors/ID")}`
  );
}

/**
 * How often a sign-in was begun with a password.
 *
 * @param sim The simulator.
 * @returns The number.
 */
export function signIns(sim: Simulator): number {
  return sim.requestsTo("okta", "POST", "/api/v1/authn").filter(({ json }) => json?.password)
    .length;
}
