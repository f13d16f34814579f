import assert from "node:assert/strict";
import { openKeyCache } from "../../src/platform/secret_stores/key_cache.ts";
import { emptyHome, PASSPHRASE, secretsOf, simulatorEnvironment } from "../cli/program.ts";
import { ignorePty, runOnTerminal } from "../cli/pty.ts";
import { startSimulator } from "../sim/simulator.ts";
import { ignoreWithout } from "./programs.ts";

const ignore = ignoreWithout("keyctl") || ignorePty;

const environment = { all: () => Deno.env.toObject() };

Deno.test({
  name: "openKeyCache() keeps keys in the kernel's keyring until their end",
  ignore,
  async fn() {
    let now = Date.now();
    const secretsFolder = `/nowhere/${crypto.randomUUID()}`;
    const cache = openKeyCache({ environment, secretsFolder, seconds: 60, now: () => now });
    const [one, two] = ["a", "b"].map((salt) => ({ salt, iterations: 1, master: "c2VjcmV0" }));
    try {
      assert.deepEqual(await cache.read(), []);
      assert.equal(await cache.add(one!), true);
      assert.equal(await cache.add(two!), true);
      assert.deepEqual(await cache.read(), [two, one]);
      const other = openKeyCache({ environment, secretsFolder: "/elsewhere", seconds: 60 });
      assert.deepEqual(await other.read(), []);
      now += 61_000;
      assert.deepEqual(await cache.read(), []);
    } finally {
      await cache.clear();
    }
    now -= 61_000;
    assert.deepEqual(await cache.read(), []);
  },
});

Deno.test({
  name: "the file store is unlocked once, until signout --all",
  ignore,
  async fn(t) {
    await using sim = await startSimulator();
    const { OKTA_AWS_FILE_PASSPHRASE: _, ...env } = simulatorEnvironment(sim);
    await using home = await emptyHome(env);
    const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
    const setUp = await runOnTerminal(
      home,
      ["init", ...account, "--secrets-stdin", "--profiles", "none"],
      { shell: `printf '%s' '${secretsOf(sim)}' | $PROGRAM` },
    );
    await setUp.answer("New passphrase", PASSPHRASE);
    await setUp.answer("Confirm passphrase", PASSPHRASE);
    assert.equal((await setUp.end()).code, 0);
    try {
      await t.step("nobody is asked after init", async () => {
        const { code, stdout, stderr } = await home.run(["totp"]);
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^\d{6}\n$/);
      });
      await t.step("writing works without the passphrase", async () => {
        const stdin = sim.user.password;
        const { code, stderr } = await home.run(["secrets", "set", "password"], { stdin });
        assert.equal(code, 0, stderr);
        assert.equal((await home.run(["totp"])).code, 0);
      });
      await t.step("the passphrase of the environment is taken first", async () => {
        const wrong = { env: { OKTA_AWS_FILE_PASSPHRASE: "wrong" } };
        assert.equal((await home.run(["totp"], wrong)).code, 7);
      });
      await t.step("signout --all locks, and the next answer unlocks again", async () => {
        assert.equal((await home.run(["signout", "--all"])).code, 0);
        const { code, stderr } = await home.run(["totp"]);
        assert.equal(code, 4, stderr);
        const asked = await runOnTerminal(home, ["totp"]);
        await asked.answer("Passphrase to unlock your saved secrets", PASSPHRASE);
        await asked.until("Unlocked for 8 h");
        assert.equal((await asked.end()).code, 0);
        assert.equal((await home.run(["totp"])).code, 0);
      });
      await t.step("passphrase_cache = off keeps nothing", async () => {
        const path = ".config/okta-aws/config.ini";
        await home.write(path, `[okta-aws]\npassphrase_cache = off\n${await home.read(path)}`);
        assert.equal((await home.run(["totp"])).code, 4);
      });
    } finally {
      const secretsFolder = `${home.folder}/.config/okta-aws/secrets`;
      await openKeyCache({ environment, secretsFolder, seconds: 1 }).clear();
    }
  },
});
