import assert from "node:assert/strict";
import { inScratchFolder } from "../platform/scratch_folder.ts";
import { pathWith } from "../fakes/programs.ts";
import { standIn } from "../fakes/secret_stores/stand_ins.ts";
import { totpFactor } from "../sim/default_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import type { World } from "../sim/world.ts";
import { setUpHome, signIns } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** Codes that last a second: the test signs in more than once. */
function quickCodes(world: World): void {
  const totp = { secret: SECRET, algorithm: "SHA-1", digits: 6, period: 1 } as const;
  world.users[0]!.factors = [totpFactor(SECRET, { totp })];
}

Deno.test("secrets: lists what is stored and exports no secret", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const { password, totpUri } = sim.user;
  const locked = { env: { OKTA_AWS_FILE_PASSPHRASE: undefined } };
  const table = await home.run(["secrets", "list"], locked);
  assert.equal(table.code, 0, table.stderr);
  assert.match(table.stdout, /^ACCOUNT +SECRETS +STORE\ndefault +password, totp +file\n$/);
  const json = await home.run(["secrets", "list", "--json"], locked);
  assert.deepEqual(JSON.parse(json.stdout), [
    { account: "default", backend: "file", secrets: ["password", "totp"] },
  ]);
  const refused = await home.run(["secrets", "export", "--json"]);
  assert.equal(refused.code, 2);
  assert.equal(JSON.parse(refused.stderr).error.code, "export_refused");
  assert.match(JSON.parse(refused.stderr).error.hint, /secrets move --to/);
  const wrong = await home.run(["secrets", "show"]);
  assert.equal(wrong.code, 2);
  const all = [table, json, refused, wrong].map(({ stdout, stderr }) => stdout + stderr).join();
  assert.ok(!all.includes(password) && !all.includes(totpUri));
});

Deno.test("secrets set: replaces a rejected password, which is not sent again before", async () => {
  await using sim = await startSimulator({ world: quickCodes });
  await using home = await setUpHome(sim);
  await home.run(["signout"]);
  const newPassword = "n\u00e9w pass word ";
  sim.world.users[0]!.password = newPassword;
  assert.equal((await home.run(["signin"])).code, 3);
  assert.equal(signIns(sim), 1);
  const marked = await home.run(["cred-process", "Developer"]);
  assert.equal(marked.code, 3);
  assert.match(marked.stderr, /okta-aws secrets set password/);
  assert.match((await home.run(["status"])).stdout, /Okta rejected the password/);
  // Another secret of the same item does not make the password a new one.
  const totp = await home.run(["secrets", "set", "totp"], { stdin: `${sim.user.totpUri}\n` });
  assert.equal(totp.code, 0, totp.stderr);
  assert.equal((await home.run(["signin"])).code, 3);
  assert.equal(signIns(sim), 1, "it has not been sent again");
  const set = await home.run(["secrets", "set", "password", "--json"], {
    stdin: `${newPassword}\n`,
  });
  assert.deepEqual(JSON.parse(set.stdout), {
    account: "default",
    kind: "password",
    backend: "file",
  });
  const signedIn = await home.run(["signin"]);
  assert.equal(signedIn.code, 0, signedIn.stderr);
  assert.equal(signIns(sim), 2);
  const nothing = await home.run(["secrets", "set", "password"]);
  assert.equal(nothing.code, 4);
  const bad = await home.run(["secrets", "set", "totp"], { stdin: "not base32!" });
  assert.equal(bad.code, 2, bad.stderr);
});

Deno.test({
  name: "secrets: moves the item to another store and forgets it there",
  fn: () =>
    inScratchFolder(async (folder) => {
      await using sim = await startSimulator();
      await using home = await setUpHome(sim);
      const gopass = await standIn("gopass", folder);
      const env = { PATH: pathWith(folder), OKTA_AWS_BACKEND: undefined };
      const run = (...args: string[]) => home.run(args, { env });
      const moved = await run("secrets", "move", "--to", "pass");
      assert.equal(moved.code, 0, moved.stderr);
      assert.match(moved.stderr, /moved the secrets of default from file to pass/);
      assert.equal(await home.read(".config/okta-aws/secrets/default"), "");
      assert.match(await home.read(".config/okta-aws/config.ini"), /^backend = pass$/m);
      assert.match((await run("status")).stdout, /password, TOTP \(pass\)/);
      // Sessions still open: their key has moved along.
      const before = (await gopass.runs()).length;
      const roles = await run("refresh");
      assert.equal(roles.code, 0, roles.stderr);
      assert.equal(signIns(sim), 0);
      assert.equal((await run("cred-process", "Developer")).code, 0);
      const reads = (await gopass.runs()).slice(before);
      assert.deepEqual(
        reads,
        ["show --noparsing --password okta-aws/default"],
        "once, never on a hit",
      );
      const still = await home.run(["secrets", "move", "--to", "pass"], {
        env: { PATH: env.PATH },
      });
      assert.equal(still.code, 7, "OKTA_AWS_BACKEND names a store that has nothing any more");
      const nowhere = await run("secrets", "move", "--to", "env");
      assert.equal(nowhere.code, 7, nowhere.stderr);
      const forgotten = await run("secrets", "forget", "--json");
      assert.deepEqual(JSON.parse(forgotten.stdout), { account: "default", forgotten: true });
      assert.deepEqual(JSON.parse((await run("secrets", "list", "--json")).stdout), []);
      assert.doesNotMatch((await gopass.runs()).join("\n"), new RegExp(sim.user.password));
      assert.equal((await run("secrets", "move")).code, 2);
    }),
});

Deno.test({
  name: "secrets set: asks in a terminal without echo",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim, { args: ["--no-verify"] });
    const program = await runOnTerminal(home, ["secrets", "set", "password"]);
    await program.answer(`Okta password of ${sim.user.login}`, "hunter2");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /stored the password of default \(file\)/);
    assert.doesNotMatch(shown, /hunter2/);
  },
});
