import assert from "node:assert/strict";
import { awsApp } from "../sim/default_world.ts";
import { droppedConnection, failNext } from "../sim/faults.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, secretsOf, setUpHome, signIns, simulatorEnvironment } from "./program.ts";

const SETTINGS = ".config/okta-aws/config.ini";

/** A second app, which grants the first one's Developer as well as a role of its own. */
function addSandbox(sim: Simulator): void {
  const [first] = sim.world.accounts;
  first!.roles.push({ name: "Sandbox", path: "/", maxSessionDurationSeconds: 3600 });
  sim.world.apps.push(awsApp("Sandbox", {
    id: "0oa7sandz2i9XRNSRIHB",
    exk: "exk7sandz2i9XRNSRIHB",
    grants: ["Developer", "Sandbox"].map((name) => ({
      roleArn: `arn:aws:iam::${first!.id}:role/${name}`,
      principalArn: `arn:aws:iam::${first!.id}:saml-provider/Okta`,
    })),
  }));
}

Deno.test("an app that the person has lost does not stop the others", async (t) => {
  await using sim = await startSimulator();
  addSandbox(sim);
  const [first, second] = sim.world.apps;
  await using home = await emptyHome(simulatorEnvironment(sim));
  const lost = first!.assigned;
  first!.assigned = [];
  const team = {
    account: { default: { org: sim.okta, app: [sim.embedLink(), sim.embedLink("Sandbox")] } },
  };
  await home.write("team.json", JSON.stringify(team));
  await t.step("at init, which signs in once", async () => {
    const { code, stderr } = await home.run([
      "init",
      "--from",
      `${home.folder}/team.json`,
      "--username",
      sim.user.login,
      "--secrets-stdin",
    ], { stdin: secretsOf(sim) });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /skipped: .*amazon_aws/);
    assert.match(stderr, /signed in; 2 roles/);
    assert.equal(signIns(sim), 1);
    assert.ok((await home.read(SETTINGS)).includes(sim.embedLink()));
  });
  await t.step("at refresh, whose roles of other apps are written", async () => {
    first!.assigned = lost;
    assert.equal((await home.run(["refresh"])).code, 0);
    second!.assigned = [];
    const { code, stdout, stderr } = await home.run(["refresh", "--force", "--json"]);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /skipped: /);
    const { profiles, failed } = JSON.parse(stdout);
    const names = profiles.map(({ roleName }: { roleName: string }) => roleName).sort();
    assert.deepEqual(names, ["Administrator", "Developer", "ReadOnly"]);
    assert.deepEqual(
      failed.map(({ roleArn, code }: Record<string, string>) => [roleArn!.split("/")[1], code]),
      [["Sandbox", "not_assigned"]],
    );
  });
  await t.step("at cred-process of a role that nobody has seen yet", async () => {
    await Deno.remove(`${home.folder}/.aws/okta-aws/roles`, { recursive: true });
    const role = `arn:aws:iam::${sim.world.accounts[1]!.id}:role/audit/ReadOnly`;
    second!.assigned = [];
    await home.write(
      SETTINGS,
      (await home.read(SETTINGS)).replace(/^app = (\S+) (\S+)$/m, "app = $2 $1"),
    );
    const { code, stderr } = await home.run(["cred-process", role]);
    assert.equal(code, 0, stderr);
  });
  await t.step("and where every app is lost, that is the failure", async () => {
    first!.assigned = [];
    const { code, stderr } = await home.run(["refresh"]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /could not open the AWS app/);
  });
});

Deno.test("an app whose page leaves the org, or is dead or unreachable, does not stop the others", async () => {
  await using sim = await startSimulator();
  addSandbox(sim);
  await using home = await setUpHome(sim);
  const both = `${sim.embedLink("Sandbox")} ${sim.embedLink()}`;
  const settings = await home.read(SETTINGS);
  await home.write(SETTINGS, settings.replace(/^app = .*$/m, `app = ${both}`));
  const headers = { location: "https://other.example.com/" };
  const faults = [
    () => new Response(null, { status: 302, headers }),
    () => new Response("<html>", { status: 500 }),
    droppedConnection,
  ];
  for (const fault of faults) {
    const page = new URL(sim.embedLink("Sandbox")).pathname;
    sim.world.faults.push(failNext({ host: "okta", path: page, times: 20 }, fault));
    const { stdout, stderr } = await home.run(["refresh", "--json", "--force"]);
    sim.world.faults.length = 0;
    assert.equal(JSON.parse(stdout).profiles.length, 3, stderr);
    assert.match(stderr, /skipped: .*0oa7sandz/);
  }
});

Deno.test("an app whose policy refuses, on Identity Engine, does not stop the others", async () => {
  await using sim = await startSimulator();
  addSandbox(sim);
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const settings = await home.read(SETTINGS);
  const apps = `app = ${sim.embedLink()}, ${sim.embedLink("Sandbox")}`;
  await home.write(SETTINGS, settings.replace(/^app = .*$/m, apps));
  sim.world.org.pipeline = "idx";
  sim.world.apps[0]!.policy = { denial: "access_denied" };
  const { code, stdout, stderr } = await home.run(["roles", "--json"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /skipped: .*security\.access_denied/);
  const names = JSON.parse(stdout).map(({ roleName }: { roleName: string }) => roleName).sort();
  assert.deepEqual(names, ["Developer", "Sandbox"]);
});

Deno.test("[aws-account] says which app's assertion is taken, and which output profiles have", async () => {
  await using sim = await startSimulator();
  addSandbox(sim);
  await using home = await setUpHome(sim);
  const { id } = sim.world.accounts[0]!;
  const link = sim.embedLink("Sandbox");
  const keys = `app = ${link}\noutput = yaml\n`;
  await home.write(SETTINGS, `${await home.read(SETTINGS)}\n[aws-account ${id}]\n${keys}`);
  const { code, stderr } = await home.run(["refresh", "--force"]);
  assert.equal(code, 0, stderr);
  const assumed = sim.requestsTo("sts", "POST", "/").map(({ form }) => form?.get("RoleArn"));
  assert.ok(assumed.some((arn) => arn?.endsWith("/Sandbox")), String(assumed));
  const credentials = await home.read(".aws/credentials");
  assert.equal(credentials.match(/^output = yaml$/gm)?.length, 3);
  assert.equal((await home.run(["setup-profiles"])).code, 0);
  assert.equal((await home.read(".aws/config")).match(/^output = yaml$/gm)?.length, 3);
  // The sections with our output were ours, and nothing of them stays.
  assert.equal(await home.read(".aws/credentials"), "");
  const [role] = JSON.parse((await home.run(["roles", "--json"])).stdout)
    .filter(({ roleName }: { roleName: string }) => roleName === "Developer");
  assert.equal(role.profile, "okta-acme-production-Developer");
  assert.equal((await home.run(["signout", "--all"])).code, 0);
  assert.equal(await home.read(".aws/config"), "");
});
