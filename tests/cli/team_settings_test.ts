import assert from "node:assert/strict";
import { startTeamServer } from "../fakes/team_server.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { ignoreWithout } from "../real/programs.ts";
import { emptyHome, type Home, secretsOf, simulatorEnvironment } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const SETTINGS = ".config/okta-aws/config.ini";
const RECORD = ".config/okta-aws/team.json";

function teamOf(sim: Simulator, more: Record<string, unknown> = {}) {
  const [first] = sim.world.accounts;
  return {
    account: { acme: { org: sim.okta, app: sim.embedLink(), region: "eu-west-1", ...more } },
    "aws-account": { [first!.id]: { alias: "prod", output: "json" } },
    cluster: { shop: { profile: "prod/Developer", region: "eu-west-1" } },
  };
}

function initFrom(sim: Simulator, home: Home, args: string[]) {
  return home.run(["init", "--username", sim.user.login, "--secrets-stdin", ...args], {
    stdin: secretsOf(sim),
  });
}

/** Lets a day go by since the team's settings were looked at. */
async function nextDay(home: Home): Promise<void> {
  const text = await home.read(RECORD);
  await home.write(RECORD, text.replace(/"checked":\d+/, '"checked":0'));
}

Deno.test("init --from reads aws-sts's config.json, and its default account becomes the default PROFILE", async () => {
  await using sim = await startSimulator();
  await using home = await emptyHome(simulatorEnvironment(sim));
  const [first, second] = sim.world.accounts;
  await home.write(
    "config.json",
    JSON.stringify({
      provider: "okta",
      region: "eu-west-1",
      outputFormat: "json",
      idPEntryUrl: sim.embedLink(),
      accounts: { prod: first!.id, Audit: second!.id },
      defaultAccount: "Audit",
    }),
  );
  const { code, stderr } = await initFrom(sim, home, ["--from", `${home.folder}/config.json`]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /1 Okta account, 2 AWS accounts \(unsigned: read only once\)/);
  const settings = await home.read(SETTINGS);
  assert.match(settings, /^\[account default\]\norg = .*\napp = .*\nregion = eu-west-1\n/);
  assert.ok(settings.includes(`[aws-account ${second!.id}]\nalias = audit\noutput = json\n`));
  assert.equal(await home.read(RECORD), "");
  const { stdout, stderr: said, code: end } = await home.run(["env", "--json"]);
  assert.equal(end, 0, said);
  assert.equal(JSON.parse(stdout).OKTA_AWS_PROFILE, "audit");
});

Deno.test("init --from takes signed settings, which are checked once a day", async (t) => {
  await using sim = await startSimulator();
  await using server = await startTeamServer();
  await using home = await emptyHome(simulatorEnvironment(sim));
  const from = ["--from", server.url, "--key", server.key];

  await t.step("settings without a matching signature change nothing", async () => {
    await server.publish(teamOf(sim), true);
    const { code, stderr } = await initFrom(sim, home, [...from, "--json"]);
    assert.equal(code, 2);
    assert.equal(JSON.parse(stderr.split("\n").at(-2)!).error.code, "bad_signature");
    const other = await initFrom(sim, home, ["--from", server.url.replace("json", "ini")]);
    assert.deepEqual([other.code, /HTTP 404/.test(other.stderr)], [5, true], other.stderr);
    assert.deepEqual([await home.read(SETTINGS), await home.read(RECORD)], ["", ""]);
    assert.deepEqual(sim.requests, []);
  });
  await t.step("with the right signature init continues and prints a summary", async () => {
    await server.publish({ serial: 3, ...teamOf(sim) });
    const { code, stderr } = await initFrom(sim, home, from);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /1 Okta account, 1 AWS account, 1 cluster \(signed/);
    assert.match(stderr, /okta-prod-Developer/);
    const settings = await home.read(SETTINGS);
    assert.match(settings, /^\[account acme\]$/m);
    assert.match(settings, /^default_account = acme$/m);
    assert.match(settings, /^\[cluster shop\]\nprofile = prod\/Developer\nregion = eu-west-1$/m);
  });
  await t.step("settings are not fetched again on the same day", async () => {
    server.asked.length = 0;
    assert.equal((await home.run(["refresh"])).code, 0);
    assert.deepEqual(server.asked, []);
  });
  await t.step(
    "a day later changes are applied, except to my own values; a new org needs confirmation",
    async () => {
      await home.write(
        SETTINGS,
        (await home.read(SETTINGS)).replace("output = json", "output = text"),
      );
      const changed = teamOf(sim, { org: "https://evil.example", region: "us-east-1" });
      const accounts = changed["aws-account"];
      for (const keys of Object.values(accounts)) {
        Object.assign(keys, {
          alias: "live",
          output: "yaml",
        });
      }
      await server.publish({ serial: 4, ...changed });
      await nextDay(home);
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /to confirm it, run in a terminal/);
      assert.match(stderr, /\[account acme\] org: .* → https:\/\/evil\.example/);
      const settings = await home.read(SETTINGS);
      assert.match(settings, /^alias = live$/m);
      assert.match(settings, /^output = text$/m);
      assert.match(settings, /^region = us-east-1$/m);
      assert.ok(settings.includes(`org = ${sim.okta}\n`));
      assert.match(await home.read(".aws/credentials"), /^\[okta-live-Developer\]$/m);
    },
  );
  await t.step("an older, an invalid and a forged document change nothing", async () => {
    const before = await home.read(SETTINGS);
    for (
      const [document, forged, said] of [
        [{ serial: 2, ...teamOf(sim) }, false, /are older than yours/],
        [teamOf(sim), false, /are older than yours/],
        [{ serial: 5, plugin: {} }, false, /plugin: is not a section/],
        [{ serial: 5, ...teamOf(sim) }, true, /does not match the key/],
      ] as const
    ) {
      await server.publish(document, forged);
      await nextDay(home);
      const { code, stderr } = await home.run(["roles"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /kept the previous team settings/);
      assert.match(stderr, said);
    }
    assert.equal(await home.read(SETTINGS), before);
  });
  await t.step("a default account waits for a yes with the account that it names", async () => {
    const team = { ...teamOf(sim), "okta-aws": { default_account: "acme" } };
    await server.publish({ serial: 5, ...team });
    await nextDay(home);
    assert.equal((await home.run(["refresh"])).code, 0);
    await server.publish({
      serial: 6,
      ...team,
      "okta-aws": { default_account: "fresh" },
      account: { ...team.account, fresh: { org: sim.okta, app: sim.embedLink() } },
    });
    await nextDay(home);
    const { code, stderr } = await home.run(["refresh"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /default_account: acme → fresh/);
    assert.match(await home.read(SETTINGS), /^default_account = acme$/m);
    assert.equal((await home.run(["env", "--json", "prod/Developer"])).code, 0);
  });
});

Deno.test({
  name: "a change that needs confirmation is asked about in a terminal, from the stored copy",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using server = await startTeamServer();
    await using home = await emptyHome(simulatorEnvironment(sim));
    await server.publish(teamOf(sim));
    const from = ["--from", server.url, "--key", server.key, "--no-verify"];
    assert.equal((await initFrom(sim, home, from)).code, 0);
    await server.publish(teamOf(sim, { auth: "authn" }));
    await nextDay(home);
    assert.match((await home.run(["roles"])).stderr, /to confirm it, run in a terminal/);
    const { length } = server.asked;
    const terminal = await runOnTerminal(home, ["roles"]);
    await terminal.until("[account acme] auth: none → authn");
    await terminal.answer("Apply this change", "y");
    const { code } = await terminal.end();
    assert.equal(code, 0);
    assert.equal(server.asked.length, length);
    assert.match(await home.read(SETTINGS), /^auth = authn$/m);
    assert.doesNotMatch(await home.read(RECORD), /waiting/);
  },
});

Deno.test("init --from refuses http, and a key without a source", async () => {
  await using home = await emptyHome();
  const table: [args: string[], code: string][] = [
    [["--from", "http://config.example/team.json"], "insecure_source"],
    [["--from", "ftp://config.example/team.json"], "insecure_source"],
    [["--from", "https://jo:hunter2@config.example/team.json"], "insecure_source"],
    [["--from", "nothing.json"], "team_settings_not_found"],
    [["--from", "team.json", "--key", "x"], "relative_source"],
    [["--from", "/team.json", "--key", "x"], "bad_key"],
    [["--key", "x"], "conflicting_flags"],
  ];
  await Promise.all(table.map(async ([args, code]) => {
    const run = await home.run(["init", "--json", ...args]);
    assert.equal(run.code, 2, run.stderr);
    assert.equal(JSON.parse(run.stderr).error.code, code);
    assert.doesNotMatch(run.stderr, /hunter2/);
  }));
});

Deno.test({
  name: "the commands of docs/team_settings sign what init --from takes",
  ignore: ignoreWithout("openssl", "sh"),
  async fn() {
    await using sim = await startSimulator();
    await using home = await emptyHome(simulatorEnvironment(sim));
    const page = await Deno.readTextFile(new URL("../../docs/team_settings.md", import.meta.url));
    const [script] = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text]) => text!)
      .filter((text) => text.startsWith("openssl"));
    await home.write("okta-aws.json", JSON.stringify(teamOf(sim)));
    const { success } = await new Deno.Command("sh", {
      args: ["-ec", script!],
      cwd: home.folder,
      stderr: "null",
    }).output();
    assert.ok(success);
    const pem = `${home.folder}/team.pub`;
    const from = ["--from", `${home.folder}/okta-aws.json`, "--no-verify", "--key"];
    const line = (await home.read("team.pub")).split("\n")[1]!;
    for (const key of [pem, line]) {
      const { code, stderr } = await initFrom(sim, home, [...from, key]);
      assert.equal(code, 0, stderr);
    }
  },
});
