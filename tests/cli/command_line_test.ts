import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, setUpHome } from "./program.ts";
import { VERSION } from "../../src/version.ts";

const COMMANDS = ["init", "refresh", "cred-process", "exec", "env", "console", "roles", "status"];

Deno.test("help and version print to stdout", async (t) => {
  await using home = await emptyHome();
  for (const args of [["--help"], ["-h"], ["help"]]) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await home.run(args);
      assert.equal(code, 0, stderr);
      for (const command of COMMANDS) assert.match(stdout, new RegExp(`\\b${command}\\b`));
    });
  }
  for (const args of [["help", "refresh"], ["refresh", "--help"], ["refresh", "-h"]]) {
    await t.step(args.join(" "), async () => {
      const { code, stdout } = await home.run(args);
      assert.equal(code, 0);
      assert.match(stdout, /--dry-run/);
      assert.match(stdout, /--account/);
    });
  }
  const versions = [["--version"], ["version"], ["refresh", "--version"], ["--json", "version"]];
  for (const args of [...versions, ["--no-color", "--version"]]) {
    await t.step(args.join(" "), async () => {
      assert.deepEqual(await home.run(args), {
        code: 0,
        stdout: `okta-aws ${VERSION}\n`,
        stderr: "",
      });
    });
  }
});

Deno.test("an invalid command line exits with 2 and prints nothing to stdout", async (t) => {
  await using home = await emptyHome();
  const cases: [args: string[], said: RegExp][] = [
    [[], /refresh/],
    [["refesh"], /unknown command "refesh" \(did you mean refresh\?\)/],
    [["refresh", "--dryrun"], /unknown flag --dryrun \(did you mean --dry-run\?\)/],
    [["status", "--session-ttl", "1h"], /unknown flag --session-ttl/],
    [["refresh", "-t"], /missing value for --session-ttl/],
    [["refresh", "--session-ttl", "soon"], /invalid --session-ttl "soon": expected a duration/],
    [["status", "--backend", "paper"], /invalid --backend "paper": expected one of .*keychain/],
    [["env", "A", "B"], /unexpected argument "B"/],
    [["status", "--account", "../x"], /./],
    [["roles", "x"], /unexpected argument "x"/],
    [["init", "--profiles", "all"], /invalid --profiles "all": expected process, static, none/],
  ];
  for (const [args, said] of cases) {
    await t.step(args.join(" ") || "no command", async () => {
      const { code, stdout, stderr } = await home.run(args);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /mistake in okta-aws| at file:/);
    });
  }
});

Deno.test("every command: exits with 2 and names init when nothing is set up", async (t) => {
  await using home = await emptyHome({ OKTA_AWS_BACKEND: "file" });
  const arn = "arn:aws:iam::123456789012:role/Developer";
  for (
    const args of [
      ["refresh"],
      ["cred-process", arn],
      ["cred-process", "Developer"],
      ["exec", arn, "--", "true"],
      ["roles"],
      ["status"],
      ["signin"],
      ["signout"],
      ["totp"],
      ["secrets", "list"],
      ["secrets", "forget"],
    ]
  ) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await home.run(args);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, /^okta-aws: okta-aws is not set up yet\n {2}run: okta-aws init\n$/);
    });
  }
});

Deno.test("--json: prints an error as one JSON object to stderr", async (t) => {
  await using home = await emptyHome();
  for (
    const [args, code] of [
      [["refresh", "--json"], "not_set_up"],
      [["--json", "refresh"], "not_set_up"],
      [["refresh", "--json", "--nonsense"], "usage"],
      [["exec", "--json", "x"], "no_command"],
    ] as const
  ) {
    await t.step(args.join(" "), async () => {
      const { code: exit, stdout, stderr } = await home.run(args);
      assert.equal(exit, 2);
      assert.equal(stdout, "");
      const { error, ...rest } = JSON.parse(stderr);
      assert.deepEqual(rest, {});
      assert.equal(error.code, code);
      assert.deepEqual(Object.keys(error), ["code", "message", "hint"]);
    });
  }
});

Deno.test("flags work before and after the command and its arguments", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const expected = (await home.run(["env", "Developer", "--shell", "fish"])).stdout;
  assert.match(expected, /^set -gx/);
  for (
    const args of [
      ["--shell", "fish", "env", "Developer"],
      ["--shell=fish", "env", "Developer"],
      ["env", "--shell", "fish", "Developer"],
      ["-q", "--account", "default", "env", "--shell=fish", "-d", "Developer"],
      ["-t", "1h", "env", "Developer", "-b", "file", "--shell", "fish"],
      ["--session-cache-single-item", "env", "Developer", "--shell", "fish"],
      ["-b", "file", "env", "--no-input", "Developer", "--no-color", "--shell", "fish"],
    ]
  ) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await home.run(args);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, expected);
    });
  }
});

Deno.test("-q: prints only results and errors", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.world.accounts[1]!.roles[0]!.denied = true;
  const { code, stdout, stderr } = await home.run(["refresh", "-q"]);
  assert.equal(code, 6);
  assert.match(stdout, /okta-acme-production-Developer/);
  assert.match(stderr, /^okta-aws: arn:aws:iam::210987654321:role\/audit\/ReadOnly: /);
  assert.equal((await home.run(["signin", "-q"])).stderr, "");
  assert.equal((await home.run(["signout", "-q"])).stderr, "");
});

Deno.test("--debug: prints no secret", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  sim.world.accounts[1]!.roles[0]!.denied = true;
  const { stderr } = await home.run(["refresh", "--debug"]);
  const secrets = [sim.user.password, "JBSWY3DP", ...sim.state.sessions.keys()];
  secrets.push(...sim.state.transactions.keys(), ...sim.state.sessionTokens.keys());
  for (const { secretAccessKey, sessionToken } of sim.state.credentials.values()) {
    secrets.push(secretAccessKey, sessionToken!);
  }
  for (const secret of secrets) assert.ok(!stderr.includes(secret));
});

Deno.test("--config and OKTA_AWS_CONFIG select the settings, OKTA_AWS_ACCOUNT the account", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const settings = await home.read(".config/okta-aws/config.ini");
  await home.write("else.ini", settings.replace("[account default]", "[account other]"));
  const file = `${home.folder}/else.ini`;
  assert.match((await home.run(["status", "--config", file])).stdout, /^other · /);
  const env = { OKTA_AWS_CONFIG: file, OKTA_AWS_ACCOUNT: "other" };
  assert.match((await home.run(["status"], { env })).stdout, /^other · /);
  const { code, stderr } = await home.run(["refresh", "--config", `${home.folder}/none.ini`]);
  assert.equal(code, 2);
  assert.match(stderr, /init/);
});
