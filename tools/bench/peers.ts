/**
 * Compares okta-aws with other tools that are on PATH, in the same run: a token for kubectl, and a
 * sign-in with an empty cache to one role's credentials, against the simulated Okta.
 */

import { LOOPBACK_AUTHORITY, LOOPBACK_TLS } from "../../tests/sim/tls_certificate.ts";
import { type Simulator, startSimulator } from "../../tests/sim/simulator.ts";
import { roleArn } from "../../tests/sim/world.ts";
import { cachedProgram } from "../deno_cache.ts";
import { percentile, print, PROGRAM } from "./measure.ts";

const WARM_ROUNDS = 20;
const COLD_ROUNDS = 8;

/** A command line to time. */
interface Contender {
  name: string;
  command: string[];
  env: Record<string, string>;
  /** Runs before each round and is not timed. Returns additional variables. */
  before?: () => Promise<Record<string, string>>;
}

async function time({ command, env, before }: Contender): Promise<number> {
  const more = await before?.() ?? {};
  const [program, ...args] = command;
  const began = performance.now();
  const { code, stderr } = await new Deno.Command(program!, {
    args,
    env: { ...env, ...more },
    stdin: "null",
  }).output();
  const taken = performance.now() - began;
  if (code !== 0) throw new Error(`${command.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  return taken;
}

async function exists(program: string): Promise<boolean> {
  try {
    await new Deno.Command(program, { args: ["--version"] }).output();
    return true;
  } catch {
    return false;
  }
}

async function race(title: string, contenders: Contender[], rounds: number): Promise<void> {
  const times = new Map<string, number[]>();
  // Round robin, so that other load on the machine affects all of them. The first round warms up.
  for (let round = -1; round < rounds; round++) {
    for (const contender of contenders) {
      const taken = await time(contender);
      if (round >= 0) times.set(contender.name, [...times.get(contender.name) ?? [], taken]);
    }
  }
  print(`${title} (${rounds} rounds)`);
  for (const [name, taken] of times) {
    const [p50, p95] = [50, 95].map((percent) => percentile(taken, percent).toFixed(0).padStart(6));
    print(`  ${name.padEnd(40)} p50 ${p50} ms   p95 ${p95} ms`);
  }
}

/** okta-aws from source and, if `OKTA_AWS_BIN` is set, as a binary. */
function ours(args: string[], env: Record<string, string>): Contender[] {
  const source = [Deno.execPath(), "run", "--no-prompt", "-A", PROGRAM];
  const binary = Deno.env.get("OKTA_AWS_BIN");
  return [
    { name: `okta-aws ${args[0]}, from source`, command: [...source, ...args], env },
    ...(binary ? [{ name: `okta-aws ${args[0]}, binary`, command: [binary, ...args], env }] : []),
  ];
}

/** All tools get their secrets from the environment, so that no secret store is measured. */
async function setUp(sim: Simulator, home: string): Promise<Record<string, string>> {
  const authority = `${home}/authority.pem`;
  await Deno.writeTextFile(authority, LOOPBACK_AUTHORITY);
  const settings = `${home}/config.ini`;
  const account = { org: sim.okta, username: sim.user.login, app: sim.embedLink() };
  const lines = Object.entries(account).map(([key, value]) => `${key} = ${value}\n`);
  await Deno.writeTextFile(settings, `[account default]\n${lines.join("")}`);
  return {
    HOME: home,
    OKTA_AWS_CONFIG: settings,
    OKTA_AWS_BACKEND: "env",
    OKTA_AWS_PASSWORD: sim.user.password,
    OKTA_AWS_TOTP: sim.user.totpUri,
    AWS_CA_BUNDLE: authority,
    REQUESTS_CA_BUNDLE: authority,
    DENO_DIR: await cachedProgram(),
    ...sim.env(),
  };
}

/** gimme-aws-creds needs a home of its own for its settings. */
async function gimme(sim: Simulator, home: string): Promise<Contender> {
  const folder = `${home}/gimme`;
  await Deno.mkdir(folder);
  await Deno.writeTextFile(
    `${folder}/.okta_aws_login_config`,
    `[DEFAULT]
okta_org_url = ${sim.okta}
gimme_creds_server = appurl
app_url = ${sim.embedLink()}
aws_rolename = ${arn(sim)}
okta_username = ${sim.user.login}
write_aws_creds = False
cred_profile = role
resolve_aws_alias = False
include_path = False
preferred_mfa_type = token:software:totp
remember_device = False
aws_default_duration = 3600
output_format = json
open_browser = False
enable_keychain = False
`,
  );
  return {
    name: "gimme-aws-creds",
    command: ["gimme-aws-creds"],
    env: {
      HOME: folder,
      OKTA_PASSWORD: sim.user.password,
      REQUESTS_CA_BUNDLE: `${home}/authority.pem`,
      ...sim.env(),
    },
    before: async () => ({ OKTA_MFA_CODE: await sim.user.code() }),
  };
}

function arn(sim: Simulator): string {
  const [account] = sim.world.accounts;
  return roleArn(account!, account!.roles[1]!);
}

/** Okta accepts a code once: each round makes the simulator forget the last one. */
function freshCodes(sim: Simulator, contender: Contender): Contender {
  return {
    ...contender,
    before: async () => {
      for (const factor of sim.world.users[0]!.factors) delete factor.lastCounter;
      return await contender.before?.() ?? {};
    },
  };
}

async function raceToken(home: string, env: Record<string, string>, sim: Simulator): Promise<void> {
  const cluster = ["--region", "eu-central-1"];
  const keys = { AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY: "x".repeat(40) };
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const peers: [string, string[]][] = [
    ["aws", ["eks", "get-token", "--cluster-name", "c", ...cluster]],
    ["aws-iam-authenticator", ["token", "-i", "c", ...cluster]],
  ];
  const contenders: Contender[] = [
    { name: "empty Deno script", command: [Deno.execPath(), "run", "-A", empty], env },
    ...ours(["kube", "token", "--cluster", "c", "--profile", arn(sim), ...cluster], env),
  ];
  for (const [program, args] of peers) {
    if (!await exists(program)) continue;
    const name = `${program} ${args[0]}${args[1] === "get-token" ? " get-token" : ""}`;
    contenders.push({ name, command: [program, ...args], env: { ...env, ...keys } });
  }
  await race("a token for kubectl, with cached credentials", contenders, WARM_ROUNDS);
}

async function raceSignIn(
  home: string,
  env: Record<string, string>,
  sim: Simulator,
): Promise<void> {
  const cold = ours(["cred-process", arn(sim), "--force"], env).map((contender) => ({
    ...contender,
    before: async () => {
      await Deno.remove(`${home}/.aws/okta-aws`, { recursive: true }).catch(() => {});
      return {};
    },
  }));
  const peers = await exists("gimme-aws-creds") ? [await gimme(sim, home)] : [];
  const contenders = [...cold, ...peers].map((contender) => freshCodes(sim, contender));
  await race("a role's credentials with password and code, without cache", contenders, COLD_ROUNDS);
}

/**
 * gimme-aws-creds takes the port for a part of the cookie's domain, so the simulated Okta needs port
 * 443, and you need the permission to listen on it.
 *
 * @returns Always `true`: there is no limit.
 */
export async function measurePeers(): Promise<boolean> {
  const home = await Deno.makeTempDir({ prefix: "okta-aws-peers-" });
  try {
    await using sim = await startSimulator({ tls: LOOPBACK_TLS, oktaPort: 443 });
    const env = await setUp(sim, home);
    await raceSignIn(home, env, sim);
    await raceToken(home, env, sim);
    return true;
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}
