/** Whole runs on stores other than `file`: the choice, a hung one, commands that lend secrets. */

import assert from "node:assert/strict";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { writeProgram, writeWrapper } from "../fakes/programs.ts";
import { standIn } from "../fakes/secret_stores/stand_ins.ts";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, secretsOf, signIns, simulatorEnvironment } from "./program.ts";

Deno.test({
  name: "init takes the first store that works, and status says why no better one",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inScratchFolder(async (folder) => {
      await using sim = await startSimulator();
      const env = {
        ...simulatorEnvironment(sim),
        OKTA_AWS_BACKEND: "",
        PATH: `${folder}:/usr/bin:/bin`,
      };
      await using home = await emptyHome(env);
      await standIn("gopass", folder);
      await writeWrapper(`${folder}/secret-tool`, ["tail", "-f", "/dev/null"]);
      const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
      const init = await home.run(["init", ...account, "--secrets-stdin"], {
        stdin: secretsOf(sim),
      });
      assert.equal(init.code, 0, init.stderr);
      assert.match(init.stderr, /secrets: pass\n {2}not in secret-service: .+ timed out\n/);
      assert.match(await home.read(".config/okta-aws/config.ini"), /^backend = pass$/m);
      const status = await home.run(["status"]);
      assert.match(
        status.stdout,
        /password, TOTP \(pass\)\n +not in secret-service: .+ timed out\n/,
      );
      // What is remembered is not looked for again, and what fails is not replaced.
      await Deno.writeTextFile(`${folder}/gopass.json`, "broken");
      const broken = await home.run(["totp"]);
      assert.equal(broken.code, 7, broken.stderr);
      assert.match(broken.stderr, /gopass failed/);
    }),
});

Deno.test({
  name: "secrets come out of commands: a password, and a code each time that one is needed",
  fn: () =>
    inScratchFolder(async (folder) => {
      await using sim = await startSimulator();
      const { OKTA_AWS_BACKEND: _, ...env } = simulatorEnvironment(sim);
      await using home = await emptyHome(env);
      const print = (folder: string) => {
        Deno.writeTextFileSync(`${folder}/runs`, "run\n", { append: true });
        Deno.stdout.writeSync(Deno.readFileSync(`${folder}/${Deno.args[0]}`));
      };
      const op = await writeProgram(`${folder}/op`, print, folder);
      await Deno.writeTextFile(`${folder}/password`, `[WARN] an update\n${sim.user.password}\n`);
      await Deno.writeTextFile(
        `${folder}/code`,
        `Your code:\n${await sim.user.code()}\nvalid 20 s\n`,
      );
      await home.write(
        ".config/okta-aws/config.ini",
        `[account default]\nbackend = command\npassword_command = ${op} password\n` +
          `totp_command = "${op}" code\n`,
      );
      const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
      const init = await home.run(["init", ...account]);
      assert.equal(init.code, 0, init.stderr);
      assert.equal(signIns(sim), 1);
      assert.equal(await Deno.readTextFile(`${folder}/runs`), "run\nrun\n", "each ran once");
      assert.match((await home.run(["status"])).stdout, /password, TOTP \(command\)/);
      const totp = await home.run(["totp", "-q"]);
      assert.equal(totp.stdout, (await Deno.readTextFile(`${folder}/code`)).split("\n")[1] + "\n");
      const list = await home.run(["secrets", "list", "--json"]);
      assert.deepEqual(JSON.parse(list.stdout), [
        { account: "default", backend: "command", secrets: ["password", "totp"] },
      ]);
      const set = await home.run(["secrets", "set", "password"], { stdin: "x" });
      assert.equal(set.code, 7, set.stderr);
      await Deno.writeTextFile(`${folder}/password`, "wrong\n");
      await home.run(["signout"]);
      for (let tries = 0; tries < 2; tries++) {
        assert.equal((await home.run(["signin"])).code, 3);
        assert.equal(signIns(sim), 2, "a refused one is sent once");
      }
    }),
});

Deno.test("a refused password of the environment's is sent once, another one at once", async () => {
  await using sim = await startSimulator();
  const { OKTA_AWS_BACKEND: _, ...env } = simulatorEnvironment(sim);
  await using home = await emptyHome({ ...env, OKTA_AWS_TOTP: sim.user.totpUri });
  const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login, "--no-verify"];
  const init = await home.run(["init", "-b", "env", ...account]);
  assert.equal(init.code, 0, init.stderr);
  const withPassword = (password: string, ...args: string[]) =>
    home.run(args, { env: { OKTA_AWS_PASSWORD: password } });
  assert.equal((await withPassword("wrong", "signin")).code, 3);
  const [again, background] = await Promise.all([
    withPassword("wrong", "signin"),
    withPassword("wrong", "cred-process", "Developer"),
  ]);
  assert.deepEqual([again.code, background.code], [3, 3]);
  assert.match(again.stderr, /fix OKTA_AWS_PASSWORD/);
  assert.equal(signIns(sim), 1);
  assert.match((await home.run(["status"])).stdout, /Okta rejected the password/);
  const state = await Array.fromAsync(Deno.readDir(`${home.folder}/.aws/okta-aws/state`));
  for (const { name } of state) {
    assert.ok(!(await home.read(`.aws/okta-aws/state/${name}`)).includes("wrong"));
  }
  const right = await withPassword(sim.user.password, "signin");
  assert.equal(right.code, 0, right.stderr);
  assert.doesNotMatch((await home.run(["status"])).stdout, /rejected/);
});
