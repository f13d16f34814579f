import { fileURLToPath } from "node:url";
import { cachedProgram } from "../deno_cache.ts";
import { type Simulator, startSimulator } from "../../tests/sim/simulator.ts";
import { grantsOf } from "../../tests/sim/default_world.ts";
import { roleArn } from "../../tests/sim/world.ts";

export const PROGRAM: string = fileURLToPath(new URL("../../mod.ts", import.meta.url));

export function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/**
 * Runs a script with Deno.
 *
 * @param args The script and its arguments.
 * @param env Added to the inherited variables.
 * @param input Standard input.
 * @returns Milliseconds from start to end of the process.
 */
export async function run(
  args: readonly string[],
  env: Record<string, string>,
  input = "",
): Promise<number> {
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", ...args],
    env,
    stdin: input === "" ? "null" : "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  if (input !== "") await new Blob([input]).stream().pipeTo(child.stdin);
  const { code, stderr } = await child.output();
  if (code !== 0) {
    throw new Error(`${args.join(" ")} ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
  return performance.now() - began;
}

export function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** By the nearest-rank method. */
export function percentile(times: readonly number[], percent: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)]!;
}

/** A simulated Okta and AWS, and a temporary home where the program is set up for them. */
export interface Bench extends AsyncDisposable {
  sim: Simulator;
  /** Variables for {@linkcode run}. */
  env: Record<string, string>;
  home: string;
  /** ARNs of the `roleCount` roles. */
  roles: string[];
}

/**
 * Sets up the program without signing in.
 *
 * @param roleCount If not 0, the user has this number of roles instead of the default ones.
 */
export async function openBench(roleCount = 0): Promise<Bench> {
  const home = await Deno.makeTempDir({ prefix: "okta-aws-bench-" });
  const sim = await startSimulator();
  const roles = Array.from({ length: roleCount }, (_, index) => ({
    name: `Role${index}`,
    path: "/",
    maxSessionDurationSeconds: 3600,
  }));
  const account = { id: "555555555555", alias: "many", samlProviders: ["Okta"], roles };
  if (roleCount > 0) {
    sim.world.accounts = [account];
    sim.world.apps[0]!.grants = grantsOf(sim.world.accounts);
  }
  const env = {
    HOME: home,
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: crypto.randomUUID(),
    DENO_DIR: await cachedProgram(),
    ...sim.env(),
  };
  const { login, password, totpUri } = sim.user;
  const init = ["init", "--sso-url", sim.embedLink(), "--username", login, "--secrets-stdin"];
  await run(
    [PROGRAM, ...init, "--no-verify"],
    env,
    JSON.stringify({ password, totp: totpUri }),
  );
  return {
    sim,
    env,
    home,
    roles: roles.map((role) => roleArn(account, role)),
    async [Symbol.asyncDispose]() {
      await sim.stop();
      await Deno.remove(home, { recursive: true });
    },
  };
}

/** Counts sign-ins with a password, and STS calls. */
export function countRequests(sim: Simulator): { signIns: number; sts: number } {
  const authn = sim.requestsTo("okta", "POST", "/api/v1/authn");
  return {
    signIns: authn.filter(({ json }) => json?.password).length,
    sts: sim.requestsTo("sts", "POST", "/").length,
  };
}
