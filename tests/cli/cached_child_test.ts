/** `exec` and `env` out of the cache: they do what they do in full. */

import assert from "node:assert/strict";
import { inDeno } from "../fakes/programs.ts";
import { ignoreWithout } from "../real/programs.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { type Home, programCommand, programEnvironment, setUpHome } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const PROFILE = "okta-acme-production-Developer";
const PRINT = [
  "--",
  ...inDeno(() => {
    const variables = Object.entries(Deno.env.toObject()).sort();
    Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(variables)));
  }),
];

/** Runs a command line twice; the second time no server may be asked. */
async function runTwice(sim: Simulator, home: Home, args: string[]) {
  const first = await home.run(args);
  assert.equal(first.code, 0, first.stderr);
  sim.requests.length = 0;
  const second = await home.run(args);
  assert.deepEqual(sim.requests, []);
  return { first, second };
}

/** Whether a run reads the code of the full program. */
async function isShort(home: Home, args: string[], env = {}): Promise<boolean> {
  const log = `${home.folder}/strace.log`;
  const { code, stderr } = await new Deno.Command("strace", {
    args: ["-f", "-qq", "-o", log, "-e", "trace=openat", ...programCommand(), ...args],
    env: await programEnvironment(home.folder, { ...home.env, ...env }),
    clearEnv: true,
    signal: AbortSignal.timeout(60_000),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return !(await Deno.readTextFile(log)).includes("src/composition.ts");
}

Deno.test("exec and env: print and set the same from the cache as in full", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--region", "eu-west-1"] });
  const lines: string[][] = [
    ["exec", PROFILE, ...PRINT],
    ["exec", "Developer", "-t", "1h", "--region", "eu-central-1", "-q", ...PRINT],
    ["env", "Developer"],
    ["env", PROFILE, "--shell", "fish"],
    ["env", PROFILE, "--json", "--account", "default"],
  ];
  for (const line of lines) {
    await t.step(line.slice(0, 6).join(" "), async () => {
      const { first, second } = await runTwice(sim, home, line);
      assert.deepEqual(second, first);
    });
  }
  await t.step("exec passes on exit code, streams and a program that is not found", async () => {
    const script = inDeno(async () => {
      await Deno.stdin.readable.pipeTo(Deno.stdout.writable, { preventClose: true });
      Deno.exit(7);
    });
    const ended = await home.run(["exec", PROFILE, "--", ...script], { stdin: "typed" });
    assert.deepEqual(ended, { code: 7, stdout: "typed", stderr: "" });
    const missing = await home.run(["exec", PROFILE, "--", "no-such-command-here"]);
    assert.equal(missing.code, 127);
    assert.match(missing.stderr, /no-such-command-here: command not found/);
  });
  await t.step("help and wrong usage stay what they are", async () => {
    assert.match((await home.run(["exec", PROFILE, "--help"])).stdout, /^okta-aws exec /);
    assert.equal((await home.run(["exec", PROFILE])).code, 2);
    assert.equal((await home.run(["env", PROFILE, "--", "true"])).code, 2);
  });
});

Deno.test({
  name:
    "exec and env: run in full after a change of settings, variables or plugins, and for --force",
  ignore: Deno.build.os !== "linux" || Deno.env.has("OKTA_AWS_BIN") || ignoreWithout("strace"),
  async fn(t) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const exec = ["exec", PROFILE, "--", "true"];
    const env = ["env", PROFILE, "--json"];
    await t.step("the second run is short", async () => {
      assert.equal(await isShort(home, exec), false);
      assert.equal(await isShort(home, exec), true);
      assert.equal(await isShort(home, ["exec", PROFILE, "--", "echo", "other"]), true);
      assert.equal(await isShort(home, env), false);
      assert.equal(await isShort(home, env), true);
    });
    await t.step("a variable", async () => {
      assert.equal(await isShort(home, env, { AWS_REGION: "eu-west-3" }), false);
      assert.equal(await isShort(home, env), true);
    });
    await t.step("the settings", async () => {
      const path = ".config/okta-aws/config.ini";
      await home.write(
        path,
        `${await home.read(path)}\n[aws-account 123456789012]\nregion = eu-west-2\n`,
      );
      const { stdout } = await home.run(env);
      assert.equal(JSON.parse(stdout).AWS_REGION, "eu-west-2");
    });
    await t.step("--force", async () => {
      const forced = ["env", PROFILE, "--json", "--force"];
      const [one, two] = [await home.run(forced), await home.run(forced)];
      assert.notEqual(
        JSON.parse(one.stdout).AWS_ACCESS_KEY_ID,
        JSON.parse(two.stdout).AWS_ACCESS_KEY_ID,
      );
    });
    await t.step("a plugin that may refuse the command", async () => {
      await home.run(exec);
      const plugin = `export default { name: "no", apiVersion: 1, permissions: {},
        hooks: { preExec: () => ({ refuse: "not today" }) } };`;
      await home.write("no.js", plugin);
      const added = await home.run(["plugin", "add", `${home.folder}/no.js`, "--yes"]);
      assert.equal(added.code, 0, added.stderr);
      for (const round of [1, 2]) {
        const { code, stderr } = await home.run(exec);
        assert.equal(code, 2, `${round}: ${stderr}`);
        assert.match(stderr, /plugin no refused: not today/);
      }
      assert.equal(await isShort(home, env), false);
      assert.equal(await isShort(home, env), true);
    });
  },
});

Deno.test({
  name: "exec: a part of a name is named each time, and only at a terminal",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    assert.equal((await home.run(["refresh"])).code, 0);
    for (const round of [1, 2, 3]) {
      const terminal = await runOnTerminal(home, ["exec", "prod/dev", "--", "echo", "ran"]);
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /→ acme-production\/Developer\s+ran/, `${round}`);
    }
    const { code, stderr } = await home.run(["exec", "prod/dev", "--", "echo", "ran"]);
    assert.equal(code, 2);
    assert.match(stderr, /prod\/dev/);
    // The role used last is still what - means.
    assert.equal((await home.run(["env", "ReadOnly", "--json"])).code, 0);
    assert.equal((await home.run(["env", PROFILE, "--json"])).code, 0);
    assert.equal((await home.run(["env", "ReadOnly", "--json"])).code, 0);
    const last = await (await runOnTerminal(home, ["exec", "-", "--", "true"])).end();
    assert.match(last.shown, /→ ReadOnly/);
  },
});
