/** Several Okta accounts in the settings: every command works with the roles of all. */

import assert from "node:assert/strict";
import { awsApp, totpFactor } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, simulatorEnvironment } from "./program.ts";
import { ignorePty, type ProgramOnTerminal, runOnTerminal } from "./pty.ts";

const SETTINGS = ".config/okta-aws/config.ini";
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const PERIOD = 1;

/** A second app, which grants the first one's Developer as well as a role of its own. */
function start(): Promise<Simulator> {
  return startSimulator({
    world(world) {
      const totp = { secret: SECRET, algorithm: "SHA-1" as const, digits: 6, period: PERIOD };
      world.users[0]!.factors = [totpFactor(SECRET, { totp })];
      const [first] = world.accounts;
      first!.roles.push({ name: "Sandbox", path: "/", maxSessionDurationSeconds: 3600 });
      world.apps.push(awsApp("Sandbox", {
        id: "0oa7sandz2i9XRNSRIHB",
        exk: "exk7sandz2i9XRNSRIHB",
        grants: ["Developer", "Sandbox"].map((name) => ({
          roleArn: `arn:aws:iam::${first!.id}:role/${name}`,
          principalArn: `arn:aws:iam::${first!.id}:saml-provider/Okta`,
        })),
      }));
    },
  });
}

async function homeOf(sim: Simulator, second = sim.user.login): Promise<Home> {
  const home = await emptyHome({
    ...simulatorEnvironment(sim),
    OKTA_AWS_BACKEND: "env",
    OKTA_AWS_PASSWORD: sim.user.password,
    OKTA_AWS_TOTP: `otpauth://totp/x?secret=${SECRET}&period=${PERIOD}`,
  });
  const account = (name: string, username: string, app: string) =>
    `[account ${name}]\norg = ${sim.okta}\nusername = ${username}\napp = ${app}\n`;
  await home.write(
    SETTINGS,
    account("default", sim.user.login, sim.embedLink()) +
      account("work", second, sim.embedLink("Sandbox")),
  );
  return home;
}

function terminalTest(name: string, fn: (home: Home) => Promise<void>): void {
  Deno.test({
    name,
    ignore: ignorePty,
    async fn() {
      await using sim = await start();
      await using home = await homeOf(sim);
      await fn(home);
    },
  });
}

/** Ticks the one of five roles that a word finds. @param selected How many are ticked then. */
async function tick(terminal: ProgramOnTerminal, word: string, selected: number): Promise<void> {
  await terminal.type(word);
  await terminal.until("1 of 5");
  await terminal.type(" ");
  await terminal.until(`${selected} selected`);
}

interface Profile {
  profile: string;
  roleName: string;
}

Deno.test("refresh, roles and names work with the roles of all accounts", async (t) => {
  await using sim = await start();
  await using home = await homeOf(sim);
  await t.step("refresh writes them; a name of both gets the account's name in front", async () => {
    const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
    assert.equal(code, 0, stderr);
    const profiles = JSON.parse(stdout).profiles as Profile[];
    assert.deepEqual(profiles.map(({ roleName }) => roleName).sort(), [
      "Administrator",
      "Developer",
      "Developer",
      "ReadOnly",
      "Sandbox",
    ]);
    const names = profiles.map(({ profile }) => profile);
    assert.equal(new Set(names).size, names.length);
    const [usual] = names.filter((name) => /^okta-.*-Developer$/.test(name));
    assert.ok(names.includes(`work-${usual}`), names.join());
    const file = await home.read(".aws/credentials");
    for (const name of names) assert.ok(file.includes(`[${name}]`), name);
    const again = JSON.parse((await home.run(["refresh", "--json"])).stdout).profiles as Profile[];
    assert.deepEqual(again.map(({ profile }) => profile), names, "names stay");
  });
  await t.step("roles lists them, --account keeps to one", async () => {
    const all = JSON.parse((await home.run(["roles", "--json"])).stdout) as Profile[];
    assert.equal(all.length, 5);
    const one = JSON.parse((await home.run(["roles", "--json", "--account", "work"])).stdout);
    assert.equal(one.length, 2);
  });
  await t.step("refresh ROLE works with the account that grants it", async () => {
    const { code, stdout, stderr } = await home.run(["refresh", "Sandbox", "--json"]);
    assert.equal(code, 0, stderr);
    const { profiles } = JSON.parse(stdout) as { profiles: Profile[] };
    assert.deepEqual(profiles.map(({ roleName }) => roleName), ["Sandbox"]);
  });
});

Deno.test("a role of the second account is found by name before anything is known", async () => {
  await using sim = await start();
  await using home = await homeOf(sim);
  const { code, stderr } = await home.run(["cred-process", "Sandbox"]);
  assert.equal(code, 0, stderr);
});

Deno.test("an account that fails does not stop the others", async () => {
  await using sim = await start();
  await using home = await homeOf(sim, "nobody@example.com");
  const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
  assert.equal(code, 6, stderr);
  const { profiles, failed } = JSON.parse(stdout);
  assert.equal(profiles.length, 3);
  const [{ account, code: why }] = failed;
  assert.deepEqual([account, why], ["work", "E0000004"]);
  assert.match(await home.read(".aws/credentials"), /Developer\]/);
});

Deno.test("an account that fails is named in what to do, and shows no other account's credentials", async () => {
  await using sim = await start();
  await using home = await homeOf(sim);
  assert.equal((await home.run(["refresh"])).code, 0);
  const path = `${SETTINGS}`;
  const settings = await home.read(path);
  await home.write(
    path,
    settings.replace(/(\[account work\][^]*username = )\S+/, "$1nobody@x.org"),
  );
  const failed = await home.run(["refresh", "--force"]);
  assert.equal(failed.code, 6, failed.stderr);
  assert.match(failed.stderr, /account work: [^]*okta-aws init --account work/);
  const one = await home.run(["signin", "--account", "work"]);
  assert.equal(one.code, 3, "the session of the user before is not theirs");
  await home.run(["signout", "--all", "--account", "work"]);
  const rows = JSON.parse((await home.run(["roles", "--json"])).stdout) as {
    profile: string;
    expiration: string | null;
  }[];
  const [work] = rows.filter(({ profile }) => profile.startsWith("work-"));
  if (work !== undefined) assert.equal(work.expiration, null);
  assert.ok(rows.some(({ expiration }) => expiration !== null));
});

terminalTest("a part of a name finds the roles of all accounts", async (home) => {
  assert.equal((await home.run(["refresh"])).code, 0);
  const one = await runOnTerminal(home, ["env", "--json", "sandb"]);
  const found = await one.end();
  assert.equal(found.code, 0, found.shown);
  assert.match(found.shown, /assumed-role\/Sandbox/);
  const several = await runOnTerminal(home, ["env", "--json", "prod"]);
  await several.until("enter select");
  await several.type("Sand");
  await several.until("prodSand");
  await several.type("\r");
  const chosen = await several.end();
  assert.equal(chosen.code, 0, chosen.shown);
  assert.match(chosen.shown, /assumed-role\/Sandbox/);
});

terminalTest(
  "refresh --pick asks once for the roles of all accounts, and keeps each account's answer",
  async (home) => {
    assert.equal((await home.run(["refresh"])).code, 0);
    const terminal = await runOnTerminal(home, ["refresh", "--pick"]);
    await terminal.until("0 selected");
    await tick(terminal, "Sandbox", 1);
    await terminal.type("\x15");
    await terminal.until("5 of 5");
    await tick(terminal, "ReadOnly", 2);
    await terminal.type("\r");
    await terminal.until("Saved 2 of 5 roles");
    const { code, shown } = await terminal.end();
    assert.equal(code, 0, shown);
    const settings = await home.read(SETTINGS);
    const [first, second] = settings.split("[account work]");
    assert.match(first!, /^roles = \d{12}\/ReadOnly$/m);
    assert.match(second!, /^roles = \d{12}\/Sandbox$/m);
    const again = JSON.parse((await home.run(["refresh", "--json"])).stdout).profiles as Profile[];
    assert.deepEqual(again.map(({ roleName }) => roleName).sort(), ["ReadOnly", "Sandbox"]);
  },
);

terminalTest(
  "refresh --pick leaves the setting of an account of which nothing is picked",
  async (home) => {
    const terminal = await runOnTerminal(home, ["refresh", "--pick"]);
    await terminal.until("0 selected");
    await tick(terminal, "Sandbox", 1);
    await terminal.type("\r");
    await terminal.until('Picked no role of default: its setting "roles" stays as it was');
    const { code, shown } = await terminal.end();
    assert.equal(code, 0, shown);
    const [first] = (await home.read(SETTINGS)).split("[account work]");
    assert.doesNotMatch(first!, /^roles/m);
  },
);
