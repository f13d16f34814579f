import assert from "node:assert/strict";
import { inDeno, neededVariables } from "../fakes/programs.ts";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome, startProgram } from "./program.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";

const windows = Deno.build.os === "windows";

/** Prints its variables as JSON. */
const PRINT_VARIABLES = inDeno(() => {
  Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(Deno.env.toObject())));
});

Deno.test("exec: sets and unsets the documented variables and passes on the others", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--region", "eu-west-1"] });
  const { code, stdout, stderr } = await home.run(["exec", "Developer", "--", ...PRINT_VARIABLES], {
    env: {
      AWS_PROFILE: "other",
      AWS_DEFAULT_PROFILE: "other",
      OKTA_AWS_PASSWORD: "secret-1",
      OKTA_AWS_TOTP: "secret-2",
      MINE: "two\nlines = ü",
    },
  });
  assert.equal(code, 0, stderr);
  const child: Record<string, string> = JSON.parse(stdout);
  const issued = sim.state.credentials.get(child.AWS_ACCESS_KEY_ID!)!;
  assert.equal(issued.roleArn, ARN);
  const { HOME, ...others } = child;
  assert.equal(HOME, home.folder);
  const needed = neededVariables();
  for (const [name, value] of Object.entries(needed)) assert.equal(child[name], value);
  // Deno's own, and those of every program.
  const rest = Object.fromEntries(
    Object.entries(others).filter(([name]) => !name.startsWith("DENO_") && !(name in needed)),
  );
  const { OKTA_AWS_FILE_PASSPHRASE: _, ...inherited } = home.env;
  assert.deepEqual(rest, {
    ...inherited,
    MINE: "two\nlines = ü",
    AWS_ACCESS_KEY_ID: issued.accessKeyId,
    AWS_SECRET_ACCESS_KEY: issued.secretAccessKey,
    AWS_SESSION_TOKEN: issued.sessionToken,
    AWS_SECURITY_TOKEN: issued.sessionToken,
    AWS_CREDENTIAL_EXPIRATION: child.AWS_CREDENTIAL_EXPIRATION,
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    OKTA_AWS_PROFILE: "Developer",
    AWS_OKTA_PROFILE: "Developer",
    AWS_OKTA_ASSUMED_ROLE: "Developer",
    AWS_OKTA_ASSUMED_ROLE_ARN: "arn:aws:sts::123456789012:assumed-role/Developer/jane@example.com",
    AWS_OKTA_SESSION_EXPIRATION: String(Date.parse(child.AWS_CREDENTIAL_EXPIRATION!) / 1000),
  });
});

Deno.test("exec: exits with its command's exit code", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (
    const [script, expected] of [
      ["exit 0", 0],
      ["exit 7", 7],
      ["exit 255", 255],
      ["kill -TERM $$", 143],
      ["kill -KILL $$", 137],
    ] as const
  ) {
    await t.step({
      name: script,
      ignore: windows && script.startsWith("kill"),
      async fn() {
        const command = windows
          ? inDeno((code) => Deno.exit(code), expected)
          : ["sh", "-c", script];
        assert.equal((await home.run(["exec", "Developer", "--", ...command])).code, expected);
      },
    });
  }
  await t.step("127 for an unknown command", async () => {
    const { code, stderr } = await home.run(["exec", "Developer", "--", "no-such-command-here"]);
    assert.equal(code, 127);
    assert.match(stderr, /no-such-command-here: command not found/);
  });
});

Deno.test("exec: passes streams and arguments through unchanged", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const command = inDeno(async () => {
    const input = await new Response(Deno.stdin.readable).text();
    const text = input + Deno.args.map((word) => `<${word}>`).join("");
    Deno.stdout.writeSync(new TextEncoder().encode(text));
    Deno.stderr.writeSync(new TextEncoder().encode("gone wrong\n"));
  });
  const words = ["--json", "-q", "a b", "", "--", "$HOME", "--help"];
  const { code, stdout, stderr } = await home.run(
    ["exec", "Developer", "--", ...command, ...words],
    { stdin: "typed\n" },
  );
  assert.equal(code, 0);
  assert.equal(stdout, `typed\n${words.map((word) => `<${word}>`).join("")}`);
  assert.equal(stderr, "gone wrong\n");
});

Deno.test("exec: forwards SIGTERM to its command", { ignore: windows }, async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const script = 'trap "echo terminated; exit 9" TERM; echo ready; while :; do read line; done';
  const child = await startProgram({
    args: ["exec", "Developer", "--", "bash", "-c", `exec 0<><(:); ${script}`],
    home: home.folder,
    env: home.env,
  });
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let shown = "";
  while (!shown.includes("ready")) shown += (await reader.read()).value;
  child.kill("SIGTERM");
  for (let part = await reader.read(); !part.done; part = await reader.read()) shown += part.value;
  await child.stderr.cancel();
  assert.match(shown, /terminated/);
  assert.equal((await child.status).code, 9);
});

Deno.test("exec: exits with 2 without a command; other commands exit with 2 when given one", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const args of [["exec", "Developer"], ["exec", "Developer", "--"]]) {
    const { code, stderr } = await home.run(args);
    assert.equal(code, 2);
    assert.match(stderr, /okta-aws exec PROFILE -- aws s3 ls/);
  }
  assert.equal((await home.run(["roles", "--", "ls"])).code, 2);
  const { code, stderr } = await home.run(["exec", "--", "ls"]);
  assert.equal(code, 2);
  assert.match(stderr, /PROFILE/);
  assert.deepEqual(sim.requests, []);
});

Deno.test("exec: prefers the environment's region to the settings'", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--region", "eu-west-1"] });
  const { stdout } = await home.run(["exec", "Developer", "--", ...PRINT_VARIABLES], {
    env: { AWS_DEFAULT_REGION: "us-east-2" },
  });
  const { AWS_REGION, AWS_DEFAULT_REGION } = JSON.parse(stdout);
  assert.deepEqual([AWS_REGION, AWS_DEFAULT_REGION], ["us-east-2", "us-east-2"]);
});
