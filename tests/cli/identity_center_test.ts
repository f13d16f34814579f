import assert from "node:assert/strict";
import { inDeno } from "../fakes/programs.ts";
import { assertMode } from "../platform/scratch_folder.ts";
import { type SimSso, simSso } from "../sim/aws/sso/sso_world.ts";
import { failNext } from "../sim/faults.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, requestLines, secretsOf, simulatorEnvironment } from "./program.ts";

/** A person, a portal and a browser that goes where it is sent. */
interface Portal extends AsyncDisposable {
  sim: Simulator;
  sso: SimSso;
  home: Home;
  startUrl: string;
  init(...args: string[]): ReturnType<Home["run"]>;
  /** Every page that the browser was sent to. */
  opened(): Promise<string[]>;
}

/** Notes where it is sent, goes there, and keeps the page that it ends on. */
const BROWSER = `
const home = Deno.env.get("HOME");
await Deno.writeTextFile(home + "/opened", Deno.args[0] + "\\n", { append: true });
const response = await fetch(Deno.args[0]);
await Deno.writeTextFile(home + "/headers", JSON.stringify([...response.headers]));
await Deno.writeTextFile(home + "/page", await response.text());
`;

async function portal(settings: Partial<SimSso> = {}): Promise<Portal> {
  const sso = simSso(settings);
  const sim = await startSimulator({ world: (world) => void (world.sso = sso) });
  const home = await emptyHome(simulatorEnvironment(sim));
  await home.write("browser.js", BROWSER);
  home.env.BROWSER = `"${Deno.execPath()}" run -A --quiet --no-lock ${home.folder}/browser.js`;
  const startUrl = `${sim.sso}/start`;
  return {
    sim,
    sso,
    home,
    startUrl,
    init(...args) {
      const given = (flag: string, value: string) => args.includes(flag) ? [] : [flag, value];
      const url = given("--sso-start-url", `${startUrl}/#/`);
      return home.run(["init", ...url, ...given("--sso-region", sso.region), ...args]);
    },
    opened: async () => (await home.read("opened")).split("\n").filter((line) => line !== ""),
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await sim.stop();
    },
  };
}

Deno.test("init by the browser alone, then refresh, cred-process and exec ask nobody", async () => {
  await using it = await portal();
  const { sim, home } = it;
  const first = await it.init("--json");
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(
    JSON.parse(first.stdout).roles.map(({ profile }: { profile: string }) => profile),
    [
      "okta-acme-production-AdministratorAccess",
      "okta-acme-production-ReadOnly",
      "okta-444455556666-ReadOnly",
    ],
  );
  assert.match(first.stderr, /Empty \(777788889999\) has no role/);
  const [address, ...more] = await it.opened();
  assert.deepEqual(more, []);
  assert.match(address!, /code_challenge_method=S256/);
  assert.match(await home.read("page"), /You are signed in/);
  assert.match(await home.read("headers"), /default-src 'none'/);

  const refreshed = await home.run(["refresh", "--json"]);
  assert.equal(refreshed.code, 0, refreshed.stderr);
  assert.equal(JSON.parse(refreshed.stdout).profiles.length, 3);
  assert.match(await home.read(".aws/credentials"), /\[okta-acme-production-ReadOnly\]/);
  sim.requests.length = 0;
  const process = await home.run(["cred-process", "acme-production/ReadOnly"]);
  assert.equal(process.code, 0, process.stderr);
  assert.equal(JSON.parse(process.stdout).Version, 1);
  assert.deepEqual(requestLines(sim), []);
  const print = inDeno(() => {
    Deno.stdout.writeSync(new TextEncoder().encode(Deno.env.get("AWS_ACCESS_KEY_ID")));
  });
  const exec = await home.run(["exec", "444455556666", "--", ...print]);
  assert.match(exec.stdout, /^ASIA/);

  // An encrypted cache has its key in the secret store, where nothing else of this account is.
  const settings = await home.read(".config/okta-aws/config.ini");
  assert.match(settings, /^\[account default\]\nkind = identity-center\n/);
  const encrypted = `[okta-aws]\ncache = encrypted\n${settings}`;
  await home.write(".config/okta-aws/config.ini", encrypted);
  sim.requests.length = 0;
  for (const _ of [1, 2]) {
    const sealed = await home.run(["cred-process", "acme-production/ReadOnly"]);
    assert.equal(sealed.code, 0, sealed.stderr);
  }
  assert.deepEqual(requestLines(sim), ["sso GET /federation/credentials"]);

  // Who has both kinds has one list, and one space of names.
  const okta = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
  const stdin = secretsOf(sim);
  const second = await home.run(["init", "--account", "okta", ...okta, "--secrets-stdin"], {
    stdin,
  });
  assert.equal(second.code, 0, second.stderr);
  const all = JSON.parse((await home.run(["roles", "--json"])).stdout);
  assert.equal(all.length, 6);
  assert.deepEqual(
    new Set(all.map((role: { principalArn: string | null }) => !role.principalArn)).size,
    2,
  );
  const one = JSON.parse((await home.run(["roles", "--json", "--account", "okta"])).stdout);
  assert.equal(one.length, 3);
  const either = await home.run(["cred-process", "acme-production/Developer"]);
  assert.equal(either.code, 0, either.stderr);

  // The account may become one of Okta's again.
  const again = ["init", ...okta, "--no-verify", "--secrets-stdin"];
  const back = await home.run(again, { stdin: "{}" });
  assert.equal(back.code, 0, back.stderr);
  assert.doesNotMatch(await home.read(".config/okta-aws/config.ini"), /kind|sso_/);
});

Deno.test("without a browser a code does; one sign-in for all who wait; the token is the AWS CLI's", async () => {
  await using it = await portal({ slowDowns: 0, person: { does: "approve", atPoll: 2 } });
  const { sim, home, startUrl } = it;
  await home.write(
    ".aws/config",
    `[sso-session acme]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n` +
      "sso_registration_scopes = sso:account:access\n" +
      "[profile by-session]\nsso_session = acme\nsso_account_id = 444455556666\n" +
      "sso_role_name = ReadOnly\nregion = eu-central-1\n" +
      `[profile legacy]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n` +
      "sso_account_id = 111122223333\nsso_role_name = ReadOnly\n" +
      "[profile chained]\nsource_profile = by-session\n" +
      "role_arn = arn:aws:iam::123456789012:role/Developer\n",
  );
  const profiles = ["by-session", "legacy", "by-session"];
  const runs = await Promise.all(
    profiles.map((profile) => home.run(["env", profile, "--json", "--no-browser"])),
  );
  for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(runs[0]!.stdout).AWS_REGION, "eu-central-1");
  // The legacy profile has a session of its own, as it has for the AWS CLI.
  assert.equal(sim.requestsTo("sso", "POST", "/device_authorization").length, 2);
  assert.deepEqual(await it.opened(), []);
  assert.match(runs[0]!.stderr + runs[2]!.stderr, /check that it shows \w{4}-\w{4}/);
  const file = `${home.folder}/.aws/sso/cache/${await sha1("acme")}.json`;
  const token = JSON.parse(await Deno.readTextFile(file));
  assert.deepEqual(Object.keys(token).sort(), [
    "accessToken",
    "clientId",
    "clientSecret",
    "expiresAt",
    "refreshToken",
    "region",
    "registrationExpiresAt",
    "startUrl",
  ]);
  assert.match(token.expiresAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assertMode(file, 0o600);

  sim.world.accounts[0]!.roles[1]!.trusts = ["*"];
  const chained = await home.run(["env", "chained", "--json"]);
  assert.equal(chained.code, 0, chained.stderr);
  assert.equal(sim.requestsTo("sts", "POST", "/").length, 1);
  const console = await home.run(["console", "by-session", "--print"]);
  assert.match(console.stdout, /^https?:\/\/\S+Action=login/, console.stderr);

  // A token near its end is renewed; a half-written file is as none.
  sim.requests.length = 0;
  await Deno.writeTextFile(file, JSON.stringify({ ...token, expiresAt: "2024-01-01T00:00:00UTC" }));
  const renewed = await home.run(["cred-process", "by-session", "--force"]);
  assert.equal(renewed.code, 0, renewed.stderr);
  assert.deepEqual(requestLines(sim), ["sso POST /token", "sso GET /federation/credentials"]);
  await Deno.writeTextFile(file, '{"accessToken": "ao');
  // The legacy profile's token would do as well: it is for the same portal.
  await Deno.remove(`${home.folder}/.aws/sso/cache/${await sha1(startUrl)}.json`);
  const broken = await home.run(["cred-process", "by-session", "--force"]);
  assert.equal(broken.code, 4, broken.stderr);
  assert.match(broken.stderr, /aws sso login --sso-session acme/);
});

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

Deno.test("a token revoked in the middle: what was fetched is written, the rest is told", async () => {
  const accounts = Array.from({ length: 60 }, (_, index) => ({
    id: String(100000000000 + index),
    name: `Account ${index}`,
    roles: ["ReadOnly"],
  }));
  await using it = await portal({ accounts, pageSize: 25, revokeAfter: 30 });
  const { sim, home } = it;
  // The portal asks for patience as well: a few requests are turned away at first.
  const busy = { __type: "TooManyRequestsException", message: "slow down" };
  const target = { host: "sso", path: "/assignment/roles", times: 5 } as const;
  sim.world.faults.push(failNext(target, () => Response.json(busy, { status: 429 })));
  assert.equal((await it.init()).code, 0);
  const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
  assert.equal(code, 6, stderr);
  const result = JSON.parse(stdout);
  assert.ok(result.profiles.length >= 30 && result.profiles.length < 60);
  assert.equal(result.profiles.length + result.failed.length, 60);
  assert.equal(result.failed[0].code, "UnauthorizedException");
  const written = (await home.read(".aws/credentials")).match(/^\[okta-/gm);
  assert.equal(written?.length, result.profiles.length);
  // Nobody goes on asking with a dead token.
  const asked = sim.requestsTo("sso", "GET", "/federation/credentials").length;
  assert.ok(asked < 60, String(asked));
  const again = await home.run(["refresh", "--json"]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal((await it.opened()).length, 2);
});

Deno.test("bad input is told with the right exit code", async (t) => {
  await using it = await portal({ bareErrors: true });
  const { sim, sso, home } = it;
  const cases: [string, Partial<SimSso>, string[], number, RegExp][] = [
    ["no URL", {}, ["--sso-start-url", "acme"], 2, /start URL/],
    [
      "Okta's URL",
      {},
      ["--sso-start-url", "https://acme.okta.com/home"],
      2,
      /this is an Okta address/,
    ],
    ["no region", {}, ["--sso-region", "Frankfurt"], 2, /not the name of a region/],
    ["denied", { person: { does: "deny", atPoll: 1 } }, [], 3, /denied in the browser/],
    ["denied code", { person: { does: "deny", atPoll: 1 } }, ["--no-browser"], 3, /denied/],
    ["late", { person: { does: "wait", atPoll: 1 }, expiresIn: 1 }, ["--no-browser"], 3, /expired/],
    ["other portal", {}, ["--sso-start-url", `${sim.sso}/other`, "--no-browser"], 3, /region/],
    ["nothing", { accounts: [] }, ["--no-browser"], 6, /Identity Center grants you no role/],
  ];
  for (const [name, change, args, exit, words] of cases) {
    await t.step(name, async () => {
      const before = { ...sso };
      Object.assign(sso, change);
      const { code, stderr } = await it.init(...args);
      Object.assign(sso, before);
      assert.equal(code, exit, stderr);
      assert.match(stderr, words);
      assert.equal(await home.read(".config/okta-aws/config.ini"), "");
    });
  }
  assert.match(await home.read("page"), /You are not signed in/);
  const pasted = ["--sso-url", "https://d-1234567890.awsapps.com/start#/", "--no-verify"];
  const noRegion = await home.run(["init", ...pasted]);
  assert.equal(noRegion.code, 4);
  assert.match(noRegion.stderr, /--sso-region/);
  assert.equal((await home.run(["init", ...pasted, "--sso-region", "eu-west-1"])).code, 0);
  assert.match(
    await home.read(".config/okta-aws/config.ini"),
    /kind = identity-center\nsso_start_url = https:\/\/d-1234567890.awsapps.com\/start\n/,
  );
});

Deno.test("setup-profiles --kind sso; a role that is gone; a registration that ended; signout", async () => {
  await using it = await portal();
  const { sim, sso, home } = it;
  assert.equal((await it.init("--region", "eu-west-3")).code, 0);
  const set = await home.run(["setup-profiles", "--kind", "sso"]);
  assert.equal(set.code, 0, set.stderr);
  const config = await home.read(".aws/config");
  assert.match(
    config,
    /\[sso-session default\]\nsso_start_url = \S+\/start\nsso_region = eu-west-1/,
  );
  assert.match(
    config,
    /\[profile okta-acme-production-ReadOnly\]\nsso_session = default\nsso_account_id = 111122223333\nsso_role_name = ReadOnly\nregion = eu-west-3\n/,
  );
  const refreshed = await home.run(["refresh", "--json"]);
  assert.equal(refreshed.code, 0, refreshed.stderr);
  assert.equal(await home.read(".aws/credentials"), "");

  sso.accounts[0]!.roles = ["ReadOnly"];
  sso.accounts[1]!.gone = true;
  const gone = await home.run(["cred-process", "AdministratorAccess", "--force"]);
  assert.equal(gone.code, 6, gone.stderr);
  assert.match(gone.stderr, /ForbiddenException.*\n.*roles --refresh/);
  const roles = await home.run(["roles", "--refresh", "--json"]);
  assert.equal(JSON.parse(roles.stdout).length, 1, roles.stderr);
  assert.match(roles.stderr, /444455556666\): .*Account not found/);

  const status = JSON.parse((await home.run(["status", "--json"])).stdout)[0];
  assert.equal(status.portal.startUrl, it.startUrl);
  assert.ok(status.portal.sessionExpiration);
  assert.equal((await home.run(["signout", "--all"])).code, 0);
  assert.ok([...sim.state.sso.tokens.values()].every(({ revoked }) => revoked));
  assert.doesNotMatch(await home.read(".aws/config"), /\[profile/);

  sim.state.sso.clients.clear();
  const again = await home.run(["signin", "--no-browser", "--json"]);
  assert.equal(again.code, 0, again.stderr);
  assert.ok(JSON.parse(again.stdout).expiration);
});

Deno.test("a team's settings may be a portal's: init has nothing to ask", async () => {
  await using it = await portal();
  const { home, sso, startUrl } = it;
  const account = { kind: "identity-center", sso_start_url: startUrl, sso_region: sso.region };
  await home.write("team.json", JSON.stringify({ account: { acme: account } }));
  const { code, stdout, stderr } = await home.run(["init", "--from", "team.json", "--json"]);
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).account, "acme");
  assert.match(
    await home.read(".config/okta-aws/config.ini"),
    /\[account acme\]\nkind = identity-center\n/,
  );
  assert.equal(JSON.parse((await home.run(["roles", "--json"])).stdout).length, 3);
});

Deno.test("a role of the portal can't be limited by a session policy", async () => {
  await using it = await portal();
  const { sim, home } = it;
  const { code, stderr } = await it.init();
  assert.equal(code, 0, stderr);
  sim.requests.length = 0;
  for (
    const args of [
      ["cred-process", "AdministratorAccess", "--read-only"],
      ["refresh", "--policy", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    ]
  ) {
    const run = await home.run(args);
    assert.deepEqual([run.code, run.stdout], [2, ""], run.stderr);
    assert.match(run.stderr, /IAM Identity Center has no session policies/);
  }
  assert.deepEqual(sim.requests, []);
});
