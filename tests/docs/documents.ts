/** The shell commands of the docs, and a simulated company to run them in. @module */

import { pathWith, writeWrapper } from "../fakes/programs.ts";
import { awsApp, grantsOf, simUser } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { LOOPBACK_AUTHORITY } from "../sim/tls_certificate.ts";
import type { SimAccount, SimCluster } from "../sim/world.ts";
import { type Home, programCommand, programEnvironment, setUpHome } from "../cli/program.ts";
import { startOnTerminal } from "../real/pseudo_terminal.ts";

const ROOT = new URL("../../", import.meta.url);

export interface Document {
  /** Below the project's root. */
  path: string;
  /** Its shell blocks, in order. */
  scripts: string[];
}

async function markdownFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) found.push(...await markdownFiles(`${folder}${name}/`));
    else if (name.endsWith(".md")) found.push(`${folder}${name}`);
  }
  return found.sort();
}

/** README.md and the files of docs that have a block marked `sh`. */
export async function readDocuments(): Promise<Document[]> {
  const documents: Document[] = [];
  for (const path of ["README.md", ...await markdownFiles("docs/")]) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    const scripts = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, script]) => script!);
    if (scripts.length > 0) documents.push({ path, scripts });
  }
  return documents;
}

const ACCOUNTS: SimAccount[] = [
  {
    id: "123456789012",
    alias: "dev",
    samlProviders: ["Okta"],
    roles: ["Admin", "Developer"].map((name) => ({
      name,
      path: "/",
      maxSessionDurationSeconds: 43200,
    })),
  },
  {
    id: "210987654321",
    alias: "prod",
    samlProviders: ["Okta"],
    roles: [{ name: "ReadOnly", path: "/", maxSessionDurationSeconds: 3600 }],
  },
];

/** The company of the docs: accounts dev and prod. */
export function startDocumentsWorld(): Promise<Simulator> {
  const app = awsApp("AWS Production", { grants: grantsOf(ACCOUNTS), sessionDuration: 43200 });
  // No second factor, so that no script waits for the next one-time code.
  const user = simUser("jane@example.com", { mfa: "none" });
  const cluster: SimCluster = {
    name: "web",
    accountId: ACCOUNTS[0]!.id,
    region: "eu-central-1",
    endpoint: "https://web.example",
    authority: btoa(LOOPBACK_AUTHORITY),
  };
  const world = { accounts: ACCOUNTS, apps: [app], users: [user], clusters: [cluster] };
  return startSimulator({ world });
}

/** Programs that the docs show but no test is about; they print their arguments. */
const STAND_INS = ["kubectl", "terraform", "xdg-open", "claude", "my-agent"];

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A home after `init`, with `okta-aws` on its PATH. */
export async function documentsHome(sim: Simulator): Promise<Home> {
  const home = await setUpHome(sim, { args: ["--region", "eu-central-1"] });
  const bin = `${home.folder}/bin`;
  await Deno.mkdir(bin);
  await writeWrapper(`${bin}/okta-aws`, programCommand());
  for (const name of STAND_INS) await writeWrapper(`${bin}/${name}`, ["echo", name]);
  await home.write(
    ".saml2aws",
    `[default]\nprovider = Okta\nurl = ${sim.embedLink()}\nusername = ${sim.user.login}\n` +
      "aws_profile = work\nrole_arn = arn:aws:iam::123456789012:role/Developer\n",
  );
  const agents = await Deno.readTextFile(new URL("docs/agents.md", ROOT));
  await home.write("only-logs.json", /^```json\n([\s\S]*?)^```$/m.exec(agents)![1]!);
  Object.assign(home.env, { PATH: pathWith(bin) });
  return home;
}

/** Scripts that ask, and the answers to type. All others run without a terminal. */
const TYPED: [script: RegExp, answers: (sim: Simulator) => [question: string, answer: string][]][] =
  [
    [
      /okta-aws init( +#.*)?\n.*console dev /m,
      (sim) => [...typedInInit(sim), ["Select a role", ""]],
    ],
    [/okta-aws init( +#.*)?$/m, typedInInit],
  ];

function typedInInit(sim: Simulator): [question: string, answer: string][] {
  return [
    ["link", sim.embedLink()],
    ["user name", sim.user.login],
    ["password", sim.user.password],
    ["TOTP", sim.user.totpUri],
    ["(Y/n)", "y"],
  ];
}

/** A script that failed, and its output. */
export interface Failure {
  path: string;
  script: string;
  output: string;
}

async function runScript(home: Home, sim: Simulator, script: string): Promise<string | undefined> {
  const typed = TYPED.find(([pattern]) => pattern.test(script))?.[1](sim);
  if (typed === undefined) {
    const { success, stdout, stderr } = await new Deno.Command("bash", {
      args: ["-euc", script],
      env: await programEnvironment(home.folder, home.env),
      clearEnv: true,
      cwd: home.folder,
      detached: true,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return success ? undefined : decoder.decode(stdout) + decoder.decode(stderr);
  }
  const terminal = startOnTerminal(
    `exec bash -euc ${quote(script)}`,
    await programEnvironment(home.folder, { TERM: "xterm", ...home.env }),
  );
  for (const [question, answer] of typed) {
    await terminal.until(question);
    await terminal.type(`${answer}\r`);
  }
  const { code, text } = await terminal.end();
  return code === 0 ? undefined : text;
}

/** Runs the scripts of the documents that `isWanted` selects by path; returns those that failed. */
export async function runDocuments(isWanted: (path: string) => boolean): Promise<Failure[]> {
  await using sim = await startDocumentsWorld();
  await using home = await documentsHome(sim);
  const failures: Failure[] = [];
  for (const { path, scripts } of (await readDocuments()).filter(({ path }) => isWanted(path))) {
    for (const script of scripts) {
      const output = await runScript(home, sim, script);
      if (output !== undefined) failures.push({ path, script, output });
    }
  }
  return failures;
}
