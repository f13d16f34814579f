import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert/strict";
import { InteractionError, SettingsError } from "../../../src/errors.ts";
import { systemProcesses } from "../../../src/platform/processes/processes.ts";
import { Secret } from "../../../src/secret.ts";
import { neededVariables, writeProgram } from "../../fakes/programs.ts";
import { inScratchFolder, scratchTest } from "../scratch_folder.ts";

const unix = Deno.build.os !== "windows";
const PATH = Deno.env.get("PATH") ?? "";
const modules = new URL("../../../src/platform/", import.meta.url);

function processes(notices: string[] = [], variables: Record<string, string> = { PATH }) {
  return systemProcesses({
    environment: {
      os: Deno.build.os === "darwin" ? "darwin" : "linux",
      home: "/nonexistent",
      get: (name) => variables[name],
      all: () => variables,
    },
    output: { notice: (text) => notices.push(text) },
  });
}

/** Runs `exec` of a shell script in a process of its own; gives the process. */
function execIn(script: string): Deno.ChildProcess {
  const code = `
    import { systemProcesses } from "${modules}processes/processes.ts";
    import { systemEnvironment } from "${modules}environment.ts";
    import { systemOutput } from "${modules}terminal/output.ts";
    const processes = systemProcesses({ environment: systemEnvironment(), output: systemOutput() });
    Deno.exit(await processes.exec(["sh", "-c", ${JSON.stringify(script)}], Deno.env.toObject()));`;
  return new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-config", code],
    stdin: "null",
    stdout: "piped",
  }).spawn();
}

async function untilPrinted(child: Deno.ChildProcess, word: string): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout.values({ preventCancel: true })) {
    text += decoder.decode(chunk);
    if (text.includes(word)) break;
  }
  return text;
}

Deno.test({
  name: "exec() returns the command's exit code, and 128+n if a signal ended it",
  ignore: !unix,
  async fn() {
    const run = (script: string) => processes().exec(["sh", "-c", script], { PATH });
    strictEqual(await run("exit 0"), 0);
    strictEqual(await run("exit 42"), 42);
    strictEqual(await run("kill -TERM $$"), 143);
    strictEqual(await run("kill -KILL $$"), 137);
  },
});

Deno.test({
  name: "exec() reports why a command can't be started: 127 not found, 126 not executable",
  ignore: !unix,
  fn: () =>
    inScratchFolder(async (folder) => {
      const notices: string[] = [];
      strictEqual(await processes(notices).exec(["no-such-command"], { PATH }), 127);
      await Deno.writeTextFile(`${folder}/script`, "");
      strictEqual(await processes(notices).exec([`${folder}/script`], { PATH }), 126);
      strictEqual(await processes(notices).exec([folder], { PATH }), 126);
      match(notices[0]!, /no-such-command: command not found/);
      match(notices[1]!, /can't be executed/);
    }),
});

Deno.test({
  name: "exec() passes exactly the given environment, without our secrets",
  ignore: !unix,
  fn: () =>
    inScratchFolder(async (folder) => {
      const environment = { PATH, A: "1", OKTA_AWS_PASSWORD: "p", OKTA_AWS_TOTP: "t" };
      await processes().exec(["sh", "-c", `env > ${folder}/env`], environment);
      const lines = (await Deno.readTextFile(`${folder}/env`)).split("\n");
      const names = lines.map((line) => line.split("=")[0]!);
      ok(lines.includes("A=1"));
      deepStrictEqual(names.filter((name) => name.startsWith("OKTA") || name === "HOME"), []);
    }),
});

for (const signal of ["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const) {
  Deno.test({
    name: `exec() forwards ${signal} when standard input is not a terminal`,
    ignore: !unix,
    async fn() {
      const name = signal.slice(3);
      const child = execIn(
        `trap 'kill $!; echo got; exit 7' ${name}; sleep 60 > /dev/null & echo ready; wait`,
      );
      await untilPrinted(child, "ready");
      child.kill(signal);
      strictEqual((await child.status).code, 7);
      match(await untilPrinted(child, "got"), /got/);
      await child.stdout.cancel();
    },
  });
}

scratchTest(
  "openBrowser() runs the given command with the URL, and none of our secrets",
  async (folder) => {
    const note = (folder: string) => {
      Deno.writeTextFileSync(`${folder}/arguments`, Deno.args.map((word) => `${word}\n`).join(""));
      Deno.writeTextFileSync(`${folder}/env`, Object.keys(Deno.env.toObject()).join("\n"));
    };
    const browser = await writeProgram(`${folder}/browser`, note, folder);
    const variables = { ...neededVariables(), OKTA_AWS_FILE_PASSPHRASE: "p" };
    const url = new Secret("https://signin.example/?a=1&b=2%20%PATH%");
    await processes([], variables).openBrowser(url, { browser: `${browser} --new` });
    strictEqual(await Deno.readTextFile(`${folder}/arguments`), `--new\n${url.reveal()}\n`);
    doesNotMatch(await Deno.readTextFile(`${folder}/env`), /OKTA_AWS/);
  },
);

scratchTest("openBrowser() reports a missing browser, without the URL", async (folder) => {
  const url = new Secret("https://signin.example/?SigninToken=hunter2");
  const failing = await writeProgram(`${folder}/failing`, () => Deno.exit(1));
  for (const browser of ["no-such-browser", failing]) {
    await rejects(processes([], neededVariables()).openBrowser(url, { browser }), (error) => {
      ok(error instanceof InteractionError);
      strictEqual(error.code, "no_browser");
      match(error.hint!, /--print/);
      doesNotMatch(Deno.inspect(error), /hunter2/);
      return true;
    });
  }
});

Deno.test("openBrowser() only opens web addresses", async () => {
  for (const url of ["file:///etc/passwd", "--help", "javascript:1"]) {
    await rejects(processes().openBrowser(new Secret(url), { browser: "true" }), SettingsError);
  }
});

Deno.test({
  name: "parentName() returns the name of the program that started us",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const comm = (await Deno.readTextFile(`/proc/${Deno.ppid}/comm`)).trim();
    strictEqual(await processes().parentName(), comm);
  },
});
