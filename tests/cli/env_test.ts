import assert from "node:assert/strict";
import { areMissing, ignoreWithout } from "../real/programs.ts";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const SHELLS = {
  bash: (code: string) => ["bash", "-c", `${code}\nenv -0`],
  zsh: (code: string) => ["zsh", "-fc", `${code}\nenv -0`],
  fish: (code: string) => ["fish", "-Nc", `${code}\nenv -0`],
  powershell: (code: string) => ["pwsh", "-NoProfile", "-Command", `${code}\n/usr/bin/env -0`],
  nu: (code: string) => ["nu", "-n", "-c", `${code}\n^env -0`],
};

for (const [shell, command] of Object.entries(SHELLS)) {
  Deno.test({
    name: `env --shell ${shell}: prints code that ${shell} runs`,
    ignore: ["pwsh", "nu"].includes(command("")[0]!)
      ? areMissing(command("")[0]!)
      : ignoreWithout(command("")[0]!),
    async fn() {
      await using sim = await startSimulator();
      await using home = await setUpHome(sim);
      const { code, stdout } = await home.run(["env", "Developer", "--shell", shell]);
      assert.equal(code, 0);
      const { stdout: json } = await home.run(["env", "Developer", "--json"]);
      const [program, ...args] = command(stdout);
      const output = await new Deno.Command(program!, {
        args,
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH")!, HOME: home.folder, AWS_PROFILE: "other" },
      }).output();
      const text = new TextDecoder().decode(output.stdout);
      const set = Object.fromEntries(text.split("\0").map((entry) => entry.split(/=(.*)/s)));
      assert.deepEqual({ ...set, ...JSON.parse(json) }, set);
      assert.ok(!("AWS_PROFILE" in set));
    },
  });
}

Deno.test("env --json: prints the variables that exec sets as an object", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--region", "eu-west-1"] });
  const { stdout } = await home.run(["env", "Developer", "--json"]);
  assert.deepEqual(Object.keys(JSON.parse(stdout)).sort(), [
    "AWS_ACCESS_KEY_ID",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_REGION",
    "AWS_OKTA_ASSUMED_ROLE",
    "AWS_OKTA_ASSUMED_ROLE_ARN",
    "AWS_OKTA_PROFILE",
    "AWS_OKTA_SESSION_EXPIRATION",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
    "OKTA_AWS_PROFILE",
  ]);
});

Deno.test("env: detects the shell and rejects an unknown one", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { stdout } = await home.run(["env", "Developer"], { env: { SHELL: "/usr/bin/fish" } });
  assert.match(stdout, /^set -gx AWS_ACCESS_KEY_ID /);
  const cmd = await home.run(["env", "Developer", "--shell", "cmd"]);
  assert.match(cmd.stdout, /^set "AWS_ACCESS_KEY_ID=ASIA/);
  const { code, stderr } = await home.run(["env", "Developer", "--shell", "tcsh"]);
  assert.equal(code, 2);
  assert.match(stderr, /bash/);
});
