import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { pathWith, writeWrapper } from "../fakes/programs.ts";
import { ignoreWithout } from "../real/programs.ts";
import { programCommand, programEnvironment, setUpHome } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const SETTINGS = ".config/okta-aws/config.ini";

Deno.test("config: gets, sets and unsets one setting and keeps all other bytes", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const before = `# mine\n${await home.read(SETTINGS)}\n; the end\n`;
  await home.write(SETTINGS, before);
  const config = (...args: string[]) => home.run(["config", ...args]);
  await t.step("set and get", async () => {
    assert.equal((await config("get", "region")).code, 2);
    assert.equal((await config("set", "region", "eu-west-1")).code, 0);
    assert.equal((await config("get", "region")).stdout, "eu-west-1\n");
    assert.equal((await config("get", "account.default.region")).stdout, "eu-west-1\n");
    assert.equal((await config("set", "alias.dev.role", "Developer")).code, 0);
    assert.equal((await config("set", "passphrase_cache", "off")).code, 0);
    assert.match((await config("list")).stdout, /^okta-aws\.passphrase_cache = off$/m);
    assert.equal(
      JSON.parse((await config("list", "--json")).stdout)["alias.dev.role"],
      "Developer",
    );
  });
  await t.step("unset restores the file", async () => {
    for (const key of ["region", "alias.dev.role", "passphrase_cache"]) {
      const { code, stderr } = await config("unset", key);
      assert.equal(code, 0, stderr);
    }
    const text = await home.read(SETTINGS);
    assert.ok(text.startsWith(before.trimEnd()), text);
    assert.equal((await home.run(["status"])).code, 0);
  });
  await t.step("unset mfa forgets the remembered factor", async () => {
    await config("set", "mfa_provider", "OKTA");
    await config("set", "mfa_factor_type", "push");
    const { code, stderr } = await config("unset", "mfa");
    assert.equal(code, 0, stderr);
    assert.equal(stderr, "forgot the factor (was OKTA push); the next sign-in asks\n");
    assert.doesNotMatch(await home.read(SETTINGS), /mfa_/);
    assert.equal((await config("unset", "mfa")).code, 2);
    assert.equal((await config("set", "mfa", "push")).code, 2);
  });
  await t.step("wrong keys and values change nothing", async () => {
    const text = await home.read(SETTINGS);
    for (
      const [args, message] of [
        [["set", "regoin", "eu-west-1"], /unknown setting regoin \(did you mean region\?\)/],
        [["set", "region", "nowhere!"], /expected the name of a region/],
        [["set", "alias.dev.rolle", "x"], /unknown setting/],
        [["set", "region"], /config takes/],
        [["unset", "cache"], /okta-aws\.cache is not set/],
        [["show"], /config takes/],
      ] as const
    ) {
      const { code, stderr } = await config(...args);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, message);
    }
    assert.equal(await home.read(SETTINGS), text);
  });
});

Deno.test("env --unset: removes what env sets, without a sign-in", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const { code, stdout } = await home.run(["env", "--unset", "--shell", "bash"]);
  assert.equal(code, 0);
  assert.match(stdout, /^unset AWS_ACCESS_KEY_ID;$/m);
  assert.match(stdout, /^unset OKTA_AWS_PROFILE;$/m);
  assert.deepEqual(sim.requests, []);
  assert.equal((await home.run(["env", "Developer", "--unset"])).code, 2);
});

Deno.test("--region: goes before the profile's and the environment's", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const env = { AWS_REGION: "us-east-1" };
  const { stdout } = await home.run(["env", "Developer", "--json", "--region", "eu-west-1"], {
    env,
  });
  assert.equal(JSON.parse(stdout).AWS_REGION, "eu-west-1");
  const url = await home.run(["console", "Developer", "--print", "--region", "eu-west-1"]);
  assert.match(decodeURIComponent(url.stdout), /https:\/\/eu-west-1\.console/);
  assert.equal((await home.run(["env", "Developer", "--region", "no where"])).code, 2);
});

Deno.test({
  name: "shell-init: assume sets and unsets credentials",
  ignore: ignoreWithout("bash", "zsh", "fish"),
  async fn(t) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const path = `${home.folder}/bin`;
    await Deno.mkdir(path);
    await writeWrapper(`${path}/okta-aws`, programCommand());
    const env = await programEnvironment(home.folder, {
      ...home.env,
      PATH: pathWith(path),
    });
    const script = (load: string) =>
      `${load}; assume Developer; echo "<$OKTA_AWS_PROFILE>"; ` +
      `assume Nobody; echo "<$OKTA_AWS_PROFILE>"; assume --unset; echo "<$OKTA_AWS_PROFILE>"`;
    const profile = "<okta-acme-production-Developer>";
    for (
      const [shell, load] of [
        ["bash", 'eval "$(okta-aws shell-init bash)"'],
        ["zsh", 'eval "$(okta-aws shell-init zsh)"'],
        ["fish", "okta-aws shell-init fish | source"],
      ] as const
    ) {
      await t.step(shell, async () => {
        const { stdout } = await new Deno.Command(shell, {
          args: ["-c", script(load)],
          env,
          clearEnv: true,
          stdin: "null",
        }).output();
        const lines = new TextDecoder().decode(stdout).trim().split("\n");
        const name = lines[0] === "<Developer>" ? lines[0] : profile;
        assert.deepEqual(lines, [name, name, "<>"]);
      });
    }
  },
});

Deno.test({
  name: "exec PROFILE: opens a shell at a terminal",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const terminal = await runOnTerminal(home, ["exec", "Developer"], {
      env: { SHELL: "/bin/sh", PS1: "> " },
    });
    await terminal.until("Shell for Developer: 59m");
    await terminal.type("echo role=$AWS_OKTA_ASSUMED_ROLE\r");
    await terminal.until("role=Developer");
    await terminal.type("exit 7\r");
    assert.equal((await terminal.end()).code, 7);
    const { code, stderr } = await home.run(["exec", "Developer"]);
    assert.equal(code, 2);
    assert.match(stderr, /no command to run/);
  },
});

Deno.test("console: prints the URL if there is no browser", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  // PATH without xdg-open; the program itself is started by its path.
  const { code, stdout, stderr } = await home.run(["console", "Developer"], {
    env: { PATH: "/nowhere" },
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^http\S+Action=login\S+\n$/);
  assert.match(stderr, /No browser found/);
});

Deno.test({
  name: "secrets forget: asks at a terminal, where no is the default",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim, { args: ["--no-verify"] });
    const asked = await runOnTerminal(home, ["secrets", "forget"]);
    await asked.answer("Delete the saved secrets of account default?", "");
    assert.equal((await asked.end()).code, 130);
    assert.equal((await home.run(["totp"])).code, 0);
    const sure = await runOnTerminal(home, ["secrets", "forget", "--yes"]);
    assert.equal((await sure.end()).code, 0);
    assert.equal((await home.run(["totp"])).code, 7);
  },
});
