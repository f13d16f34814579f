/**
 * The compiled program. Needs a base binary (`DENORT_BIN`, and `OKTA_AWS_COMPILER` if it is from
 * another Deno: `tools/base_binary.ts` downloads both).
 */

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../src/version.ts";
import { neededVariables } from "../fakes/programs.ts";
import { startReleaseServer } from "../install/release_server.ts";

const isWindows = Deno.build.os === "windows";
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Tests of what differs in the binary: the cached path, the command that it writes as its own,
 * children and signals, questions, workers and what a plugin's code can reach. All of tests/cli and
 * tests/plugins runs with `deno task test:binary`, in CI on three systems.
 */
const CHOSEN: Record<string, string[]> = {
  "cli/warm": ["a warm"],
  "cli/setup_profiles": ["setup-profiles: writes and updates"],
  "cli/exec": ["exec: exits with its command's", "exec: forwards SIGTERM"],
  "cli/plugins": ["a plugin in TypeScript", "plugin add asks in a terminal"],
  "cli/bundled_plugins": ["the bundled plugins do the same", "a bundled plugin that asks for more"],
  "plugins/escape": [
    "a plugin reaches nothing",
    "every escape of the prototypes",
    "a plugin that declares one thing",
    "a module with a static import",
    "SIGTERM ends the program",
  ],
  "plugins/granted_files": ["a link below", "a plugin can't move", "a plugin reads and writes"],
};

/** Returns what it printed. */
async function deno(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  const shown = decoder.decode(stdout);
  // Deno keeps the reason to itself if the second attempt works.
  if (!success) Deno.stderr.writeSync(stdout);
  assert.ok(success, `deno ${args.join(" ")}:\n${shown}${decoder.decode(stderr)}`);
  return shown;
}

/** Runs tests whose names begin so, with the binary; none of the names may be out of date. */
async function runTests(binary: string, chosen: Record<string, string[]>): Promise<void> {
  const names = Object.values(chosen).flat();
  const shown = await deno([
    ...["test", "--no-prompt", "--no-check", "-A", "--parallel", "--preload=./tests/deadline.ts"],
    `--filter=/^(?:${names.join("|")})/`,
    ...Object.keys(chosen).map((name) => `tests/${name}_test.ts`),
  ], { OKTA_AWS_BIN: binary });
  const summary = shown.trimEnd().split("\n").at(-1)!;
  const count = (what: string) => Number(summary.match(`(\\d+) ${what}`)?.[1] ?? 0);
  assert.equal(count("passed") + count("ignored"), names.length, shown);
}

function preload(): string[] {
  const isOlder = Deno.env.get("OKTA_AWS_COMPILER") !== undefined;
  const files = isOlder ? ["older_base.js", "probe_worker.js"] : ["probe_worker.js"];
  return files.map((name) => `--preload=${ROOT}tests/tools/${name}`);
}

async function hasOnlyItself(binary: string, folder: string): Promise<void> {
  const { stdout, stderr } = await new Deno.Command(binary, {
    args: ["--version"],
    clearEnv: true,
    env: { ...neededVariables(), HOME: folder, TMPDIR: folder },
    cwd: folder,
  }).output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(new TextDecoder().decode(stdout), `okta-aws ${VERSION}\n`);
  assert.deepEqual([...Deno.readDirSync(folder)], [], "it leaves no file, no code cache either");
}

async function hasHarmlessWorkers(binary: string, home: string): Promise<void> {
  const plugin = `export default { name: "x", apiVersion: 1, permissions: { read: ["~/x"] },
  commands: { probe: { brief: "x", run: () => "the plugin itself" } } };`;
  await Deno.writeTextFile(`${home}/x.js`, plugin);
  const run = async (args: string[], env = {}) => {
    const variables = { ...neededVariables(), HOME: home, ...env };
    const command = new Deno.Command(binary, { args, clearEnv: true, env: variables });
    const { stdout, stderr } = await command.output();
    return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
  };
  await run(["plugin", "add", `${home}/x.js`, "--yes"]);
  assert.equal(await run(["probe"]), "the plugin itself\n");
  assert.equal(await run(["probe"], { OKTA_AWS_PROBE_WORKER: "1" }), "nothing\n");
}

/** Installs the binary with install.sh on a bare machine; returns its path. */
async function installed(binary: string, home: string): Promise<string> {
  await using release = await startReleaseServer({ "0.0.1": await Deno.readFile(binary) });
  const { success, stderr } = await new Deno.Command("sh", {
    args: [`${ROOT}install.sh`],
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH")!, HOME: home, OKTA_AWS_RELEASE_URL: release.url },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return `${home}/.local/bin/okta-aws`;
}

Deno.test({
  name: "compiled program: runs alone and passes whole-program tests",
  ignore: Deno.env.get("DENORT_BIN") === undefined,
  async fn(test) {
    const folder = await Deno.makeTempDir({ prefix: "okta-aws-compile-" });
    try {
      await deno(["run", "-A", "tools/compile.ts", "--outdir", folder, ...preload()]);
      let binary = `${folder}/okta-aws${isWindows ? ".exe" : ""}`;
      await Deno.mkdir(`${folder}/empty`);
      if (!isWindows) binary = await installed(binary, folder);
      await test.step("alone", () => hasOnlyItself(binary, `${folder}/empty`));
      await test.step("workers", () => hasHarmlessWorkers(binary, `${folder}/empty`));
      await test.step("whole program", () => runTests(binary, CHOSEN));
      const awsCli = { "real/aws_programs": ["cred-process: serves the AWS CLI"] };
      await test.step("from the installer to the AWS CLI", () => runTests(binary, awsCli));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
