import assert from "node:assert/strict";
import { awsApp, simUser } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome } from "./program.ts";

const ACCOUNT = "210987654321";
const PRINCIPAL = `arn:aws:iam::${ACCOUNT}:saml-provider/Okta`;
const APPS = [["Sandbox", "0oa7sandz2i9XRNSRIHB", "exk7sandz2i9XRNSRIHB"], [
  "Bob",
  "0oa8bobbz2i9XRNSRIHB",
  "exk8bobbz2i9XRNSRIHB",
]] as const;

/** One more app, which grants a role of its own: `Sandbox1`, `Sandbox2`. */
function addApp(sim: Simulator, [label, id, exk]: typeof APPS[number], login: string): void {
  const names = [`${label}1`, `${label}2`];
  const account = sim.world.accounts.find((one) => one.id === ACCOUNT)!;
  for (const name of names) {
    account.roles.push({ name, path: "/", maxSessionDurationSeconds: 3600 });
  }
  const grants = names.map((name) => ({
    roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    principalArn: PRINCIPAL,
  }));
  sim.world.apps.push(awsApp(label, { id, exk, grants, assigned: [login] }));
}

/** Two Okta accounts, the first with two apps; all of it refreshed. */
async function twoAccounts(sim: Simulator): Promise<Home> {
  addApp(sim, APPS[0], "jane@example.com");
  addApp(sim, APPS[1], "bob@example.com");
  const bob = simUser("bob@example.com", { id: "00ubob0NGTSWTBKOLGLN", mfa: "none" });
  sim.world.users.push(bob);
  const home = await setUpHome(sim, { args: ["--no-verify"] });
  const path = ".config/okta-aws/config.ini";
  const [first, second] = ["AWS Production", "Sandbox"].map(sim.embedLink);
  await home.write(path, (await home.read(path)).replace(first!, `${first} ${second}`));
  const words = ["init", "--account", "other", "--sso-url", sim.embedLink("Bob")];
  const added = await home.run([...words, "--username", bob.login, "--secrets-stdin"], {
    stdin: JSON.stringify({ password: bob.password }),
  });
  assert.equal(added.code, 0, added.stderr);
  for (const account of ["default", "other"]) {
    const { code, stderr } = await home.run(["refresh", "--account", account]);
    assert.equal(code, 0, stderr);
  }
  return home;
}

/** Lets the sections of some roles end long ago; the cache too, so that nobody writes them again. */
async function expire(home: Home, ...roles: string[]): Promise<void> {
  let text = await home.read(".aws/credentials");
  for (const role of roles) {
    const pattern = new RegExp(`(\\[okta-${ACCOUNT}-${role}\\][^[]*expires = )\\S+`);
    assert.match(text, pattern);
    text = text.replace(pattern, "$12020-01-01T00:00:00Z");
  }
  await home.write(".aws/credentials", text);
}

function withdraw(sim: Simulator, label: string, role: string): void {
  const app = sim.world.apps.find((one) => one.label === label)!;
  app.grants = app.grants.filter(({ roleArn }) => !roleArn.endsWith(`/${role}`));
}

const sections = async (home: Home) =>
  [...(await home.read(".aws/credentials")).matchAll(/^\[okta-\d+-(\w+)\]/gm)].map((found) =>
    found[1]!
  ).sort();

Deno.test("a refresh takes out what its own account and apps wrote, nothing else", async (t) => {
  await using sim = await startSimulator();
  await using home = await twoAccounts(sim);
  const all = ["Bob1", "Bob2", "ReadOnly", "Sandbox1", "Sandbox2"];
  assert.deepEqual(await sections(home), all);
  withdraw(sim, "Sandbox", "Sandbox1");
  withdraw(sim, "Bob", "Bob1");

  await t.step("not before it has expired", async () => {
    await home.run(["refresh"]);
    assert.deepEqual(await sections(home), all);
  });
  await t.step("not where the other account's app withdrew it", async () => {
    await expire(home, "Sandbox1", "Bob1");
    await home.run(["refresh", "--account", "other"]);
    assert.deepEqual(await sections(home), ["Bob2", "ReadOnly", "Sandbox1", "Sandbox2"]);
  });
  await t.step("not where the app could not be asked", async () => {
    const broken = sim.world.apps.find(({ label }) => label === "Sandbox")!;
    const { assigned } = broken;
    broken.assigned = [];
    const { code, stderr } = await home.run(["refresh"]);
    broken.assigned = assigned;
    assert.equal(code, 6, stderr);
    assert.deepEqual(await sections(home), ["Bob2", "ReadOnly", "Sandbox1", "Sandbox2"]);
  });
  await t.step("not where the person has put something into it", async () => {
    const text = await home.read(".aws/credentials");
    const marked = text.replace(`[okta-${ACCOUNT}-Sandbox1]`, "$&\noutput = json");
    await home.write(".aws/credentials", marked);
    await home.run(["refresh"]);
    assert.deepEqual(await sections(home), ["Bob2", "ReadOnly", "Sandbox1", "Sandbox2"]);
    await home.write(".aws/credentials", text);
  });
  await t.step("once nothing speaks against it", async () => {
    const { stderr } = await home.run(["refresh"]);
    assert.match(stderr, /removed okta-\d+-Sandbox1 \(no longer granted\)\n/);
    assert.deepEqual(await sections(home), ["Bob2", "ReadOnly", "Sandbox2"]);
  });
  await t.step("signout --all takes out the sections of its own account", async () => {
    const { code, stderr } = await home.run(["signout", "--all", "--account", "other"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await sections(home), ["ReadOnly", "Sandbox2"]);
  });
});
