/** The cases that okta-aws is compared in. */

import { grantsOf } from "../../../tests/sim/default_world.ts";
import { print } from "../measure.ts";
import {
  type Arena,
  awsOkta,
  awsSso,
  awsVault,
  bareAnswers,
  bareSignIns,
  forgetAwsOkta,
  forgetOurs,
  gimme,
  ourHome,
  ours,
  plain,
  REGION,
  saml2aws,
  tokendito,
  wantedRole,
} from "./contenders.ts";
import { type Contender, race, time } from "./race.ts";
import type { Relay } from "./relay.ts";

/** The relays to the simulated services. */
export interface Wires {
  okta: Relay;
  sts: Relay;
  signin: Relay;
}

/** What a case is run with. */
export interface CaseOptions {
  wires: Wires;
  /** How many times as many rounds as usual. */
  factor: number;
}

type Case = (arena: Arena, options: CaseOptions) => Promise<void>;

const CRED_PROCESS = "cred-process dev";

function present(contenders: readonly (Contender | undefined)[]): Contender[] {
  return contenders.filter((one) => one !== undefined);
}

function setRoundTrip(wires: Wires, milliseconds: number): void {
  for (const wire of Object.values(wires)) wire.roundTrip = milliseconds;
}

/** The runtime without a program, and the system without a runtime. */
function floors({ folder, denoFolder }: Arena): Contender[] {
  const empty = `${folder}/empty.ts`;
  Deno.writeTextFileSync(empty, "");
  const env = { HOME: folder, DENO_DIR: denoFolder, DENO_NO_UPDATE_CHECK: "1" };
  return [
    { name: "empty script, Deno", command: [Deno.execPath(), "run", "-A", empty], env },
    { name: "/bin/true", command: ["/bin/true"], env: {} },
    {
      name: "/bin/true at a pseudo-terminal, as aws-okta",
      command: ["/bin/true"],
      env: { PATH: Deno.env.get("PATH") ?? "/usr/bin" },
      typed: () => Promise.resolve([]),
    },
  ];
}

/** The tools that sign in at Okta, without session and cache. */
async function coldContenders(arena: Arena): Promise<Contender[]> {
  const env = await ourHome(arena, "env");
  const before = forgetOurs(arena, env, "everything");
  const okta = await awsOkta(arena, CRED_PROCESS);
  return present([
    ...ours(["cred-process", wantedRole(arena.sim)], { env, before }),
    ...await bareSignIns(arena, env),
    await saml2aws(arena, "login --credential-process --force"),
    okta && { ...okta, before: () => forgetAwsOkta(okta, true) },
    await gimme(arena),
    await tokendito(arena),
  ]);
}

/** Requests and connections of one run each. */
async function countRequests(
  title: string,
  arena: Arena,
  contenders: readonly Contender[],
  wires: Wires,
): Promise<void> {
  print(`### ${title}\n`);
  print("| what | requests to Okta | to STS | connections to Okta | to STS |");
  print("| --- | --: | --: | --: | --: |");
  const { requests } = arena.sim;
  for (const contender of contenders) {
    requests.length = 0;
    const before = [wires.okta.connections, wires.sts.connections] as const;
    if (await time(contender).catch(() => undefined) === undefined) continue;
    const count = (host: string) => requests.filter((one) => one.host === host).length;
    const connections = [wires.okta.connections - before[0], wires.sts.connections - before[1]];
    print(`| ${[contender.name, count("okta"), count("sts"), ...connections].join(" | ")} |`);
  }
  print("");
}

const cold: Case = async (arena, { wires, factor }) => {
  const contenders = await coldContenders(arena);
  const note = "Password and one-time code, no session, nothing cached.";
  for (const [roundTrip, rounds] of [[0, 12], [30, 10], [100, 7]] as const) {
    setRoundTrip(wires, roundTrip);
    const title = `Cold sign-in to one role, round trip ${roundTrip} ms`;
    await race(contenders, { title, rounds: rounds * factor, note });
  }
  setRoundTrip(wires, 0);
  await countRequests("What a cold sign-in asks of the servers", arena, contenders, wires);
};

const alive: Case = async (arena, { wires, factor }) => {
  const okta = await awsOkta(arena, CRED_PROCESS);
  const words = ["cred-process", wantedRole(arena.sim)];
  const withSecretsIn = async (backend: "env" | "file", what: string) => {
    const env = await ourHome(arena, backend);
    return ours(words, { env, before: forgetOurs(arena, env, "credentials") }, what);
  };
  const contenders = present([
    ...await withSecretsIn("env", "secrets from the environment"),
    ...await withSecretsIn("file", "secrets in an encrypted file"),
    ...await bareSignIns(arena, await ourHome(arena, "env"), { session: true }),
    okta && { ...okta, before: () => forgetAwsOkta(okta, false) },
  ]);
  for (const [roundTrip, rounds] of [[30, 10], [100, 7]] as const) {
    setRoundTrip(wires, roundTrip);
    const title = `Okta session alive, one role, round trip ${roundTrip} ms`;
    const note = "aws-okta keeps its secrets in an encrypted file.";
    await race(contenders, { title, rounds: rounds * factor, note });
  }
  setRoundTrip(wires, 0);
  await countRequests("What it asks of them with a session", arena, contenders, wires);
};

/** saml2aws serves only what `login` without `--credential-process` has written. */
async function cachedSaml2aws(arena: Arena, command: string): Promise<Contender | undefined> {
  const signIn = await saml2aws(arena, "login");
  if (signIn === undefined) return undefined;
  await time(signIn);
  const file = `${signIn.env.HOME}/.aws/credentials`;
  const credentials = await Deno.readTextFile(file);
  const contender = await saml2aws(arena, command);
  await Deno.writeTextFile(file, credentials);
  return contender;
}

const cached: Case = async (arena, { factor }) => {
  const env = await ourHome(arena, "env");
  const own = ours(["cred-process", wantedRole(arena.sim)], { env });
  const contenders = present([
    ...own,
    ...await bareAnswers(arena, own[0]!, { documents: ["answers", "credentials"] }),
    await cachedSaml2aws(arena, "login --credential-process"),
    await awsOkta(arena, CRED_PROCESS),
    await awsVault(arena, "export --no-session --format=json keys"),
    await awsSso(arena),
    ...floors(arena),
  ]);
  await race(contenders, { title: "`cred-process` from the cache", rounds: 20 * factor });
};

const exec: Case = async (arena, { factor }) => {
  const env = await ourHome(arena, "env");
  const own = ours(["exec", wantedRole(arena.sim), "--", "true"], { env });
  const needs = { documents: ["answers", "credentials"], command: "true" };
  const contenders = present([
    ...own,
    ...await bareAnswers(arena, own[0]!, needs),
    await cachedSaml2aws(arena, "exec"),
    await awsOkta(arena, "exec dev -- true"),
    await awsVault(arena, "exec --no-session keys -- true"),
    ...floors(arena),
  ]).map((one) =>
    one.name === "saml2aws" ? { ...one, before: afterCode(one, ["--", "true"]) } : one
  );
  await race(contenders, { title: "`exec -- true`, cached", rounds: 20 * factor });
};

/** Arguments after those that the contender adds itself. */
function afterCode({ before }: Contender, more: string[]): () => Promise<string[]> {
  return async () => [...await before?.() ?? [], ...more];
}

const kube: Case = async (arena, { factor }) => {
  const env = await ourHome(arena, "env");
  const cluster = ["--region", REGION];
  const words = ["kube", "token", "--cluster", "c", "--profile", wantedRole(arena.sim), ...cluster];
  const slow = await plain(arena, "aws", ["eks", "get-token", "--cluster-name", "c", ...cluster]);
  const contenders = present([
    ...ours(words, { env }),
    await plain(arena, "aws-iam-authenticator", ["token", "-i", "c", ...cluster]),
    slow && { ...slow, name: "aws eks get-token", rounds: 6 },
  ]);
  await race(contenders, { title: "A token for kubectl, cached", rounds: 15 * factor });
};

/** It asks for its settings before anything else. */
async function gimmeWith(arena: Arena, word: string): Promise<Contender | undefined> {
  const one = await gimme(arena);
  const program = arena.programs.get("gimme-aws-creds");
  return one && { name: one.name, env: one.env, command: [program!, word] };
}

const start: Case = async (arena, { factor }) => {
  const env = await ourHome(arena, "env");
  const versions: [string, string][] = [
    ["saml2aws", "--version"],
    ["aws-okta", "version"],
    ["aws-vault", "--version"],
    ["aws-sso", "version"],
    ["aws-iam-authenticator", "version"],
    ["gimme-aws-creds", "--version"],
    ["tokendito", "--version"],
    ["aws", "--version"],
  ];
  const slow = ["gimme-aws-creds", "tokendito", "aws"];
  const others = async (all: [string, string][]) =>
    present(
      await Promise.all(all.map(async ([name, word]) => {
        const one = name === "gimme-aws-creds"
          ? await gimmeWith(arena, word)
          : await plain(arena, name, [word]);
        return one && (slow.includes(name) ? { ...one, rounds: 5 } : one);
      })),
    );
  const version = [...ours(["--version"], { env }), ...await others(versions), ...floors(arena)];
  await race(version, { title: "`--version`", rounds: 15 * factor });
  const helps = versions.filter(([name]) => !["aws", "aws-iam-authenticator"].includes(name))
    .map(([name]): [string, string] => [name, "--help"]);
  const own = ours(["--help"], { env });
  const bare = await bareAnswers(arena, own[0]!, {});
  const help = [...own, ...bare, ...await others(helps), ...floors(arena)];
  await race(help, { title: "`--help`", rounds: 15 * factor });
};

/** The same number of roles for everybody, and what our own cache knows of them. */
function grantRoles({ sim }: Arena, count: number): void {
  const roles = Array.from({ length: count }, (_, index) => ({
    name: `Role${index}`,
    path: "/",
    maxSessionDurationSeconds: 3600,
  }));
  const account = { id: "555555555555", alias: "many", samlProviders: ["Okta"], roles };
  sim.world.accounts = [account];
  sim.world.apps[0]!.grants = grantsOf(sim.world.accounts);
}

const many: Case = async (arena, { wires, factor }) => {
  const env = await ourHome(arena, "env");
  grantRoles(arena, 60);
  setRoundTrip(wires, 30);
  const all = await gimme(arena, "all");
  const before = forgetOurs(arena, env, "everything");
  const contenders = present([
    ...ours(["refresh", "--force"], { env, before }),
    ...await bareSignIns(arena, env, { refresh: true }),
    all && { ...all, rounds: 1 },
  ]);
  const title = "`refresh` of 60 roles, round trip 30 ms";
  await race(contenders, { title, rounds: 12 * factor, note: "From no session." });
  setRoundTrip(wires, 0);
};

const tab: Case = async (arena, { factor }) => {
  const env = await ourHome(arena, "env");
  grantRoles(arena, 200);
  const [first] = ours(["roles", "--refresh"], { env });
  await time({ ...first!, before: forgetOurs(arena, env, "everything") });
  const other = await saml2aws(arena, "");
  const words = ["--completion-bash", "exec", "--"];
  const own = ours(["__complete", "exec", ""], { env });
  const contenders = present([
    ...own,
    ...await bareAnswers(arena, own[0]!, { documents: ["roles"] }),
    other && { name: other.name, env: other.env, command: [other.command[0]!, ...words] },
    ...floors(arena),
  ]);
  await race(contenders, { title: "Tab after `exec`, 200 roles", rounds: 20 * factor });
};

/** By the names of the command line. The last ones change the roles that are granted. */
export const CASES: Readonly<Record<string, Case>> = {
  cold,
  alive,
  cached,
  exec,
  kube,
  start,
  many,
  tab,
};
