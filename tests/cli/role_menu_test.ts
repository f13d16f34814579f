import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { roleArn } from "../sim/world.ts";
import { setUpHome } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const sections = (text: string) => text.match(/^\[.+\]$/gm) ?? [];

Deno.test({
  name: "the menu shows recent roles first, and refresh --pick writes those that were marked",
  ignore: ignorePty,
  async fn(t) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    assert.equal((await home.run(["env", "ReadOnly"])).code, 0);
    await t.step("recent first", async () => {
      const terminal = await runOnTerminal(home, ["env", "--json"]);
      await terminal.until("Role");
      await terminal.type("\r");
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /assumed-role\/ReadOnly\//);
    });
    await t.step("--pick", async () => {
      const terminal = await runOnTerminal(home, ["refresh", "--pick"]);
      await terminal.until("Roles to refresh");
      await terminal.type("Developer\r");
      await terminal.until("Done (1 selected)");
      await terminal.type("\r");
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.deepEqual(sections(await home.read(".aws/credentials")), [
        "[okta-acme-production-Developer]",
      ]);
    });
  },
});

Deno.test({
  name: "the first refresh of more than 25 roles asks which, and remembers",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    const account = sim.world.accounts[0]!;
    for (let at = 0; at < 30; at++) {
      const role = { name: `Role${at}`, path: "/", maxSessionDurationSeconds: 3600 };
      account.roles.push(role);
      sim.world.apps[0]!.grants.push({
        roleArn: roleArn(account, role),
        principalArn: `arn:aws:iam::${account.id}:saml-provider/Okta`,
      });
    }
    await using home = await setUpHome(sim);
    const terminal = await runOnTerminal(home, ["refresh"]);
    await terminal.until("All 33 roles");
    await terminal.type("Role17\r");
    await terminal.until("Done (1 selected)");
    await terminal.type("\r");
    assert.equal((await terminal.end()).code, 0);
    assert.match(await home.read(".config/okta-aws/config.ini"), /^roles = 123456789012\/Role17$/m);
    const { stdout } = await home.run(["refresh", "--json"]);
    assert.deepEqual(
      JSON.parse(stdout).profiles.map(({ roleName }: { roleName: string }) => roleName),
      ["Role17"],
    );
  },
});

Deno.test("refresh --pick without a terminal ends with 4", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stderr } = await home.run(["refresh", "--pick"]);
  assert.equal(code, 4, stderr);
  assert.match(stderr, /refresh ROLE/);
});

Deno.test("refresh ROLE --as NAME writes a profile of that name, and keeps it up", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const mine = "[default]\naws_access_key_id = AKIAMINE\naws_secret_access_key = x\n";
  await home.write(".aws/credentials", mine);
  const { code, stderr } = await home.run(["refresh", "Developer", "--as", "dev"]);
  assert.equal(code, 0, stderr);
  const own = ["[default]", "[okta-acme-production-Developer]", "[dev]"];
  assert.deepEqual(sections(await home.read(".aws/credentials")), own);
  await t.step("it is a PROFILE", async () => {
    const { stdout } = await home.run(["env", "dev", "--json"]);
    assert.match(stdout, /assumed-role\/Developer\//);
  });
  await t.step("the next refresh renews it", async () => {
    const before = (await home.read(".aws/credentials")).split("[dev]")[1];
    assert.equal((await home.run(["refresh", "Developer", "--force"])).code, 0);
    const text = await home.read(".aws/credentials");
    assert.deepEqual(sections(text), own);
    assert.notEqual(text.split("[dev]")[1], before);
  });
  await t.step("keys of a person's, two roles, and names that can't be are refused", async () => {
    const before = await home.read(".aws/credentials");
    for (
      const args of [
        ["Developer", "--as", "default"],
        ["acme-production", "--as", "both"],
        ["Developer", "--as", "a b"],
        ["Developer", "--as", "okta-210987654321-ReadOnly"],
      ]
    ) {
      assert.equal((await home.run(["refresh", ...args])).code, 2, args.join(" "));
    }
    assert.equal(await home.read(".aws/credentials"), before);
  });
});

Deno.test("aws-okta's other words work", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await t.step("write-to-credentials PROFILE FILE", async () => {
    await home.write("other", "# mine\n[x]\nk = v\n");
    const { code, stdout, stderr } = await home.run([
      "write-to-credentials",
      "Developer",
      `${home.folder}/other`,
    ]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "");
    const text = await home.read("other");
    assert.ok(text.startsWith("# mine\n[x]\nk = v\n"));
    assert.match(text, /\[Developer\]\naws_access_key_id = ASIA/);
    assert.equal(await home.read(".aws/credentials"), "");
  });
  await t.step("a relative FILE stands where the shell does", async () => {
    const args = ["write-to-credentials", "Developer", "beside"];
    assert.equal((await home.run(args, { env: { PWD: home.folder } })).code, 0);
    assert.match(await home.read("beside"), /^\[Developer\]$/m);
  });
  await t.step("--session-cache-single-item and its variable do nothing", async () => {
    const env = { AWS_OKTA_SESSION_CACHE_SINGLE_ITEM: "true" };
    const args = ["--session-cache-single-item", "env", "Developer", "--json"];
    assert.equal((await home.run(args, { env })).code, 0);
  });
});
