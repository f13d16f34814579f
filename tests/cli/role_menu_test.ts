import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { roleArn } from "../sim/world.ts";
import { type Home, setUpHome } from "./program.ts";
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
      await terminal.until("Select a role");
      await terminal.type("\r");
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /assumed-role\/ReadOnly\//);
    });
    await t.step("--pick", async () => {
      const terminal = await runOnTerminal(home, ["refresh", "--pick"]);
      await terminal.until("Roles to refresh");
      await terminal.type("Developer");
      await terminal.until("1 of 3");
      await terminal.type(" ");
      await terminal.until("1 selected");
      await terminal.type("\r");
      await terminal.until("Saved 1 of 3 roles. To change: okta-aws refresh --pick");
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.deepEqual(sections(await home.read(".aws/credentials")), [
        "[okta-acme-production-Developer]",
      ]);
    });
    await t.step("--pick shows all roles with the saved ones ticked", async () => {
      const terminal = await runOnTerminal(home, ["refresh", "--pick"]);
      await terminal.until("[x] acme-production   Developer");
      await terminal.until("1 selected");
      await terminal.type("\x01\x01");
      await terminal.until("0 selected");
      await terminal.type("\r");
      await terminal.until("nothing selected");
      await terminal.type("\x01\r");
      await terminal.until("Saved: all roles");
      assert.equal((await terminal.end()).code, 0);
      assert.match(await home.read(".config/okta-aws/config.ini"), /^roles = \*$/m);
    });
    await t.step("Esc cancels", async () => {
      const terminal = await runOnTerminal(home, ["env"]);
      await terminal.until("esc cancel");
      await terminal.type("\x1b");
      assert.equal((await terminal.end()).code, 130);
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
    await terminal.until("33 roles. Which should refresh keep?");
    await terminal.until("0 selected");
    await terminal.type("Role17");
    await terminal.until("1 of 33");
    await terminal.type(" \r");
    assert.equal((await terminal.end()).code, 0);
    assert.match(await home.read(".config/okta-aws/config.ini"), /^roles = 123456789012\/Role17$/m);
    const { stdout } = await home.run(["refresh", "--json"]);
    assert.deepEqual(
      JSON.parse(stdout).profiles.map(({ roleName }: { roleName: string }) => roleName),
      ["Role17"],
    );
  },
});

/** Runs a command that needs no answer, and returns what was shown. */
async function shownBy(home: Home, args: string[], env = {}): Promise<string> {
  const { code, shown } = await (await runOnTerminal(home, args, { env })).end();
  assert.equal(code, 0, shown);
  return shown;
}

Deno.test({
  name: "PROFILE: a part of a name runs the only match, or opens the menu of several",
  ignore: ignorePty,
  async fn(t) {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    assert.equal((await home.run(["roles"])).code, 0);
    await t.step("one match is named and runs", async () => {
      const shown = await shownBy(home, ["env", "devel", "--json"]);
      assert.match(shown, /→ acme-production\/Developer/);
      assert.match(shown, /assumed-role\/Developer\//);
    });
    await t.step("- is the last role", async () => {
      const shown = await shownBy(home, ["env", "-", "--json"]);
      assert.match(shown, /→ okta-acme-production-Developer/);
      assert.match(shown, /assumed-role\/Developer\//);
    });
    await t.step(
      "several open the menu, filtered, and the answer comes first next time",
      async () => {
        const first = await runOnTerminal(home, ["env", "ACME-prod", "--json"]);
        await first.until("› ACME-prod");
        await first.until("2 of 3");
        await first.type("\x1b[B\r");
        assert.match((await first.end()).shown, /assumed-role\/Administrator\//);
        assert.equal((await home.run(["env", "Developer", "--json"])).code, 0);
        const second = await runOnTerminal(home, ["env", "acme-prod", "--json"]);
        await second.until("2 of 3");
        await second.type("\r");
        assert.match((await second.end()).shown, /assumed-role\/Administrator\//);
      },
    );
    await t.step("an account with two roles opens the menu too", async () => {
      const terminal = await runOnTerminal(home, ["env", "acme-production", "--json"]);
      await terminal.until("2 of 3");
      await terminal.type("\x1b");
      await terminal.until("3 of 3");
      await terminal.type("\x1b");
      assert.equal((await terminal.end()).code, 130);
    });
    await t.step("cred-process never takes a part", async () => {
      const { code, shown } = await (await runOnTerminal(home, ["cred-process", "devel"])).end();
      assert.equal(code, 2, shown);
      assert.match(shown, /devel matches one role: okta-acme-production-Developer/);
    });
    await t.step("refresh takes every role with the part", async () => {
      const shown = await shownBy(home, ["refresh", "acme"]);
      assert.match(shown, /→ 2 roles/);
    });
    await t.step("TERM=dumb lists the matches by number", async () => {
      const terminal = await runOnTerminal(home, ["env", "acme-prod", "--json"], {
        env: { TERM: "dumb" },
      });
      await terminal.until("2) acme-production");
      await terminal.until("Select a role (number");
      await terminal.type("2\r");
      assert.equal((await terminal.end()).code, 0);
    });
  },
});

Deno.test("PROFILE: without a terminal a part of a name is an error that lists the matches", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (
    const [args, message] of [
      [["env", "devel"], /devel matches one role: okta-acme-production-Developer\n/],
      [["console", "prod"], /prod matches 2 roles: /],
      [["refresh", "prod"], /prod matches 2 roles: /],
      [["env", "-"], /works only at a terminal/],
      [["env", "devloper"], /no profile or role matches devloper \(did you mean Developer\?\)/],
      [["refresh", "devloper"], /no role matches devloper \(did you mean Developer\?\)/],
      [["refresh", "prod*/*"], /no role matches prod\*\/\* \(did you mean '\*prod\*\/\*'\?\)/],
    ] as const
  ) {
    await t.step(args.join(" "), async () => {
      const { code, stderr } = await home.run(args);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
    });
  }
});

Deno.test("[alias NAME] is a PROFILE, for cred-process too", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const path = ".config/okta-aws/config.ini";
  await home.write(path, `${await home.read(path)}[alias dev]\nrole = Developer\n`);
  for (const args of [["cred-process", "dev"], ["env", "dev", "--json"]]) {
    const { code, stderr } = await home.run(args);
    assert.equal(code, 0, stderr);
  }
  const { stdout } = await home.run(["env", "dev", "--json"]);
  assert.match(stdout, /assumed-role\/Developer\//);
  assert.equal(JSON.parse(stdout).OKTA_AWS_PROFILE, "dev");
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
  await t.step("the user's own keys, two roles and impossible names are rejected", async () => {
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
  await t.step("a relative FILE is in the current folder", async () => {
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
