import assert from "node:assert/strict";
import { emptyHome, type Home, programEnvironment, simulatorEnvironment } from "../cli/program.ts";
import { ignorePty, runOnTerminal } from "../cli/pty.ts";
import { OLD_HOMES, type OldHome } from "../fakes/old_homes.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignorePty || ignoreWithout("aws");

/** Opens what it is given, as a browser in which the user is signed in. */
const BROWSER = `await (await fetch(Deno.args[0])).text();`;

async function openHome(sim: Simulator, { by, files }: OldHome): Promise<Home> {
  const home = await emptyHome({
    ...simulatorEnvironment(sim),
    ...by === undefined && {
      OKTA_AWS_BACKEND: "env",
      OKTA_AWS_PASSWORD: sim.user.password,
      OKTA_AWS_TOTP: sim.user.totpUri,
    },
  });
  for (const [path, text] of Object.entries(files(sim))) await home.write(path, text);
  await home.write("browser.js", BROWSER);
  home.env.BROWSER = `${Deno.execPath()} run -A --quiet --no-lock ${home.folder}/browser.js`;
  return home;
}

async function getCallerIdentity(home: Home, profile: string): Promise<Record<string, string>> {
  const { code, stdout, stderr } = await new Deno.Command("aws", {
    args: ["sts", "get-caller-identity", "--profile", profile],
    clearEnv: true,
    env: await programEnvironment(home.folder, { ...home.env, AWS_EC2_METADATA_DISABLED: "true" }),
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

for (const [tool, old] of Object.entries(OLD_HOMES)) {
  Deno.test({
    name: `import: ${tool}: one yes leads to a working AWS CLI, and --undo restores every byte`,
    ignore,
    async fn() {
      await using sim = await startSimulator(old.world && { world: old.world });
      await using home = await openHome(sim, old);
      const program = await runOnTerminal(home, ["import"]);
      await program.answer("(Y/n)", "y");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      const { Arn } = await getCallerIdentity(home, old.profile);
      assert.match(Arn!, /:assumed-role\//);
      const undone = await home.run(["import", "--undo"]);
      assert.equal(undone.code, 0, undone.stderr);
      for (const [path, text] of Object.entries(old.files(sim))) {
        assert.equal(await home.read(path), text);
      }
      assert.equal(await home.read(".config/okta-aws/config.ini"), "");
    },
  });
}
