/**
 * `deno task demo`: starts the simulated Okta and AWS, runs the real program in a temporary home, and
 * prints the transcript. `--engine idx` simulates an Identity Engine org whose global session policy
 * rejects `/api/v1/authn`. `--shell` opens a shell instead, to try the program by hand.
 */

import { fileURLToPath } from "node:url";
import { cachedProgram } from "./deno_cache.ts";
import { neededVariables, pathWith, writeWrapper } from "../tests/fakes/programs.ts";
import { type SimLogin, type Simulator, startSimulator } from "../tests/sim/simulator.ts";
import type { World } from "../tests/sim/world.ts";

const PROGRAM = fileURLToPath(new URL("../mod.ts", import.meta.url));

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

function childEnvironment(sim: Simulator, home: string, denoDir: string): Record<string, string> {
  return {
    ...neededVariables(),
    DENO_DIR: denoDir,
    HOME: home,
    USERPROFILE: home,
    // The temporary home has no keychain: store the secrets in an encrypted file.
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: crypto.randomUUID(),
    ...sim.env(),
  };
}

/** Shortens long tokens so that the transcript stays readable. */
function shorten(text: string): string {
  return text.replace(/[A-Za-z0-9+/=%_.-]{60,}/g, (run) => `${run.slice(0, 24)}…`);
}

class Demo {
  readonly #environment: Record<string, string>;

  constructor(sim: Simulator, readonly home: string, denoDir: string) {
    this.#environment = childEnvironment(sim, home, denoDir);
  }

  /** Prints the command line and all output. */
  async run(args: string[], input = ""): Promise<void> {
    const piped = input === "" ? "" : "printf '%s' \"$SECRETS\" | ";
    const shown = args.map((arg) => /[\s"'$\\]/.test(arg) ? `'${arg}'` : arg).join(" ");
    print(`\n$ ${piped}okta-aws ${shown}\n`);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--cached-only", "--no-prompt", "-A", PROGRAM, ...args],
      clearEnv: true,
      env: this.#environment,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const decoder = new TextDecoder();
    print(shorten(decoder.decode(stdout)));
    print(shorten(decoder.decode(stderr)));
    if (code !== 0) throw new Error(`okta-aws ${args[0]} ended with ${code}`);
  }

  /** Opens a shell with `okta-aws` in PATH. */
  async openShell({ login, password, totpUri }: SimLogin, link: string): Promise<void> {
    const bin = `${this.home}/bin`;
    await Deno.mkdir(bin);
    const runtime = [Deno.execPath(), "run", "--quiet", "--cached-only", "--no-prompt", "-A"];
    await writeWrapper(`${bin}/okta-aws`, [...runtime, PROGRAM]);
    print(`A simulated company. Type: okta-aws init\n
  AWS app link  ${link}
  user name     ${login}
  password      ${password}
  TOTP secret   ${new URL(totpUri).searchParams.get("secret")}\n
exit ends the shell and deletes its home.\n\n`);
    // Ctrl-C is for the programs in the shell.
    Deno.addSignalListener("SIGINT", () => {});
    await new Deno.Command("bash", {
      args: ["--norc"],
      cwd: this.home,
      clearEnv: true,
      env: {
        ...this.#environment,
        PATH: pathWith(bin),
        PS1: "$ ",
        SHELL: "/bin/bash",
        TERM: Deno.env.get("TERM") ?? "dumb",
        LANG: Deno.env.get("LANG") ?? "C.UTF-8",
      },
    }).spawn().status;
  }

  async show(path: string): Promise<void> {
    print(`\n$ cat ~/${path}\n${shorten(await Deno.readTextFile(`${this.home}/${path}`))}`);
  }
}

async function runCommands(demo: Demo, sim: Simulator): Promise<void> {
  const { login, password, totpUri } = sim.user;
  const secrets = JSON.stringify({ password, totp: totpUri });
  const link = sim.embedLink();
  // So that nothing is asked at a terminal, and `refresh` writes to the credentials file.
  const noProfiles = ["--profiles", "none"];
  const words = ["--sso-url", link, "--username", login, "--secrets-stdin", ...noProfiles];
  await demo.run(["init", ...words], secrets);
  await demo.run(["refresh"]);
  await demo.show(".aws/credentials");
  await demo.run(["cred-process", "okta-acme-production-Developer"]);
  const echo = Deno.build.os === "windows"
    ? ["cmd", "/c", "echo %AWS_ACCESS_KEY_ID%"]
    : ["sh", "-c", "echo $AWS_ACCESS_KEY_ID"];
  await demo.run(["exec", "acme-production/Developer", "--", ...echo]);
  await demo.run(["env", "ReadOnly", "--shell", "bash"]);
  await demo.run(["console", "Administrator", "--print", "--service", "s3"]);
  await demo.run(["totp"]);
  await demo.run(["status"]);
  await demo.run(["signout", "--all", "--forget", "--yes"]);
}

/** Sets up the org for `--engine`. */
function setUpOrg({ org, idx }: World): void {
  if (!Deno.args.join(" ").includes("--engine idx")) return;
  org.pipeline = "idx";
  idx.authn = "E0000085";
}

const home = await Deno.makeTempDir({ prefix: "okta-aws-demo-" });
try {
  await using sim = await startSimulator({ world: setUpOrg });
  const denoDir = await cachedProgram();
  print(`Simulated Okta: ${sim.okta}, simulated AWS: ${sim.sts}\n`);
  const demo = new Demo(sim, home, denoDir);
  if (Deno.args.includes("--shell")) await demo.openShell(sim.user, sim.embedLink());
  else {
    await runCommands(demo, sim);
    print("\nThese were runs of the real program. Its temporary home is deleted now.\n");
  }
} finally {
  await Deno.remove(home, { recursive: true });
}
