/** The programs that okta-aws is compared with: where they are, and how they are fetched. */

import { print } from "../measure.ts";

/** A program by the name of its binary. */
type Source = { go: string; version: string } | { pip: string; version: string };

const SOURCES: Readonly<Record<string, Source>> = {
  saml2aws: { go: "github.com/versent/saml2aws/v2/cmd/saml2aws", version: "v2.36.19" },
  "aws-okta": { go: "github.com/segmentio/aws-okta", version: "v1.0.11" },
  "aws-vault": { go: "github.com/99designs/aws-vault/v7", version: "v7.2.0" },
  "aws-sso": { go: "github.com/synfinatic/aws-sso-cli/cmd/aws-sso", version: "v1.17.0" },
  "aws-iam-authenticator": {
    go: "sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator",
    version: "v0.6.13",
  },
  "gimme-aws-creds": { pip: "gimme-aws-creds", version: "2.8.2" },
  tokendito: { pip: "tokendito", version: "2.5.0" },
  aws: { pip: "awscli", version: "1.46.3" },
};

function cacheFolder(): string {
  const base = Deno.env.get("XDG_CACHE_HOME") ?? `${Deno.env.get("HOME")}/.cache`;
  return `${base}/okta-aws-bench`;
}

async function run(command: string[], cwd: string): Promise<void> {
  const [program, ...args] = command;
  const { success, stderr } = await new Deno.Command(program!, {
    args,
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  throw new Error(`${command.slice(0, 3).join(" ")}: ${lines.at(-1)}`);
}

/** As a dependency of an empty module, since `go install` refuses modules with replacements. */
async function buildGo(name: string, { go, version }: Source & { go: string }): Promise<void> {
  const folder = `${cacheFolder()}/src/${name}`;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  await run(["go", "mod", "init", "bench"], folder);
  await run(["go", "get", `${go}@${version}`], folder);
  await run(["go", "build", "-trimpath", "-o", `${cacheFolder()}/bin/${name}`, go], folder);
}

/** Each in an environment of its own, since their requirements differ. */
async function installPip(name: string, { pip, version }: Source & { pip: string }): Promise<void> {
  const folder = `${cacheFolder()}/python/${name}`;
  await Deno.mkdir(`${cacheFolder()}/bin`, { recursive: true });
  await run(["python3", "-m", "venv", folder], ".");
  await run([`${folder}/bin/pip`, "install", "--quiet", `${pip}==${version}`], ".");
  await Deno.remove(`${cacheFolder()}/bin/${name}`).catch(() => {});
  await Deno.symlink(`${folder}/bin/${name}`, `${cacheFolder()}/bin/${name}`);
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The file of each program that is here: in the cache, else on PATH. */
export function findPrograms(): Map<string, string> {
  const folders = [`${cacheFolder()}/bin`, ...(Deno.env.get("PATH") ?? "").split(":")];
  return new Map(
    Object.keys(SOURCES).flatMap((name) => {
      const found = folders.map((folder) => `${folder}/${name}`).find(exists);
      return found === undefined ? [] : [[name, found]];
    }),
  );
}

/** A program's name with its version, if it was fetched, for the tables. */
export function describeProgram(name: string, path: string): string {
  const isFetched = path.startsWith(cacheFolder());
  return isFetched ? `${name} ${SOURCES[name]!.version.replace(/^v/, "")}` : path;
}

/** Fetches the programs that are missing in the cache; needs Go, Python, and their registries. */
export async function fetchPrograms(): Promise<void> {
  for (const [name, source] of Object.entries(SOURCES)) {
    if (exists(`${cacheFolder()}/bin/${name}`)) continue;
    print(`fetching ${name} ${source.version} to ${cacheFolder()}`);
    try {
      await ("go" in source ? buildGo(name, source) : installPip(name, source));
    } catch (error) {
      print(`  left out: ${(error as Error).message}`);
    }
  }
}
