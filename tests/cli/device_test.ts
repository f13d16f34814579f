import assert from "node:assert/strict";
import { writeProgram } from "../fakes/programs.ts";
import { assertMode } from "../platform/scratch_folder.ts";
import { simOidc } from "../sim/okta/oauth/oidc_world.ts";
import type { SimOidc } from "../sim/okta/oauth/oidc_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, requestLines, simulatorEnvironment } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const ROLE = "arn:aws:iam::123456789012:role/Developer";

/** The five requests of the device grant, and what comes of them. */
const SIGN_IN = [
  "okta GET /.well-known/okta-organization",
  "okta POST /oauth2/v1/device/authorize",
  "okta POST /oauth2/v1/token",
  "okta POST /oauth2/v1/token",
];
const OPEN_APP = ["okta POST /oauth2/v1/token", "okta POST /login/token/sso"];

interface Device extends AsyncDisposable {
  sim: Simulator;
  oidc: SimOidc;
  home: Home;
  /** What the browser was started with. */
  opened(): Promise<string[]>;
}

/** A settings file as a person writes it who was told `auth = device`; a browser that takes notes. */
async function device(settings: Partial<SimOidc> = {}): Promise<Device> {
  const oidc = simOidc(settings);
  const sim = await startSimulator({
    world(world) {
      world.org.pipeline = "idx";
      world.oidc = oidc;
    },
  });
  const home = await emptyHome(simulatorEnvironment(sim));
  const note = (file: string) =>
    Deno.writeTextFileSync(file, `${Deno.args[0]}\n`, { append: true });
  const opened = `${home.folder}/opened`;
  home.env.BROWSER = await writeProgram(`${home.folder}/browser`, note, opened);
  await home.write(
    ".config/okta-aws/config.ini",
    `[account default]\nauth = device\noidc_client_id = ${oidc.clientId}\n`,
  );
  return {
    sim,
    oidc,
    home,
    opened: async () => (await home.read("opened")).split("\n").filter((line) => line !== ""),
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await sim.stop();
    },
  };
}

function init({ sim, home }: Device, url = sim.embedLink()) {
  return home.run(["init", "--sso-url", url, "--username", sim.user.login, "--json"]);
}

Deno.test("init with auth = device asks for no password; the next commands ask nobody", async () => {
  await using it = await device();
  const { sim, home } = it;
  const first = await init(it);
  assert.equal(first.code, 0, first.stderr);
  assert.equal(JSON.parse(first.stdout).roles.length, 3);
  const address = /http\S+\/activate\?user_code=(\w{8})/.exec(first.stderr);
  assert.ok(address, first.stderr);
  assert.ok(first.stderr.includes(`shows ${address[1]}`));
  assert.deepEqual(await it.opened(), [address[0]]);
  assert.deepEqual(requestLines(sim).slice(0, 6), [...SIGN_IN, ...OPEN_APP]);

  sim.requests.length = 0;
  const refreshed = await home.run(["refresh", "--json"]);
  assert.equal(refreshed.code, 0, refreshed.stderr);
  assert.equal(JSON.parse(refreshed.stdout).profiles.length, 3);
  assert.deepEqual(requestLines(sim).filter((line) => line.startsWith("okta")), OPEN_APP);
  assert.equal((await it.opened()).length, 1);
});

Deno.test("tokens lie sealed, go with signout, and in the background nobody is asked for new ones", async () => {
  await using it = await device();
  const { sim, home } = it;
  await init(it);
  const [accessToken, { idToken }] = [...sim.state.oidc.tokens][0]!;
  const folder = `${home.folder}/.aws/okta-aws/sessions`;
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.equal(names.length, 1);
  const kept = await Deno.readTextFile(`${folder}/${names[0]}`);
  assertMode(`${folder}/${names[0]}`, 0o600);
  const secrets = [accessToken, idToken, ...sim.state.oidc.webSso.keys()];
  assert.deepEqual(secrets.filter((secret) => kept.includes(secret)), []);
  assert.ok(JSON.parse((await home.run(["status", "--json"])).stdout)[0].signedIn);

  assert.equal((await home.run(["signout", "--all"])).code, 0);
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  sim.requests.length = 0;
  const { code, stdout, stderr } = await home.run(["cred-process", ROLE]);
  assert.deepEqual({ code, stdout }, { code: 4, stdout: "" });
  assert.match(stderr, /okta-aws signin/);
  assert.equal((await home.run(["signin", "--no-input"])).code, 4);
  assert.deepEqual(requestLines(sim), []);
  assert.equal((await it.opened()).length, 1);
});

Deno.test("Okta's refusals are reported with a fix", async (t) => {
  await using it = await device();
  const { oidc } = it;
  const cases: [string, Partial<SimOidc>, number, RegExp][] = [
    [
      "denied in the browser",
      { person: { does: "deny", atPoll: 1 } },
      3,
      /denied in the browser/,
    ],
    ["never approved", { person: { does: "wait", atPoll: 0 }, expiresIn: 2 }, 3, /expired/],
  ];
  for (const [name, change, exit, words] of cases) {
    await t.step(name, async () => {
      const before = { ...oidc };
      Object.assign(oidc, { person: { does: "approve", atPoll: 1 } }, change);
      const { code, stderr } = await init(it);
      Object.assign(oidc, before);
      assert.equal(code, exit, stderr);
      assert.match(stderr, words);
    });
  }
});

Deno.test("kept tokens that a policy finds too old lead to a new sign-in; an org of old takes GET", async () => {
  await using it = await device({
    assurance: "fresh",
    postSso: false,
    person: { does: "approve", atPoll: 1 },
  });
  const first = await init(it);
  assert.equal(first.code, 0, first.stderr);
  it.sim.world.clock.advance(30 * 60_000);
  const { code, stderr } = await it.home.run(["roles", "--refresh", "--json", "--no-browser"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /activate\?user_code=/);
  assert.equal((await it.opened()).length, 1);
});

Deno.test("the org alone is enough: the app is found with the token", async () => {
  await using it = await device({ person: { does: "approve", atPoll: 1 } });
  const { code, stderr, stdout } = await init(it, it.sim.okta);
  assert.equal(code, 0, stderr);
  assert.equal(JSON.parse(stdout).roles.length, 3);
  const settings = await it.home.read(".config/okta-aws/config.ini");
  assert.ok(settings.includes(`app = ${it.sim.embedLink()}`), settings);
  assert.match(settings, /auth = device/);
  // A sign-on URL does not say the app's id: it is found the same way.
  const { name, exk } = it.sim.world.apps[0]!;
  const byExk = await init(it, `${it.sim.okta}/app/${name}/${exk}/sso/saml`);
  assert.equal(byExk.code, 0, byExk.stderr);
});

Deno.test({
  name:
    "on a terminal the code is a picture as well, in the background too, and no browser opens there",
  ignore: ignorePty,
  async fn() {
    await using it = await device({ person: { does: "wait", atPoll: 0 } });
    await it.home.run(["init", "--no-verify", "--sso-url", it.sim.embedLink(), "--username", "j"]);
    const output = `${it.home.folder}/out`;
    const program = await runOnTerminal(it.home, ["cred-process", ROLE], {
      shell: `$PROGRAM > '${output}' 2> '${output}.err' < /dev/null`,
    });
    await program.until("asked by");
    await program.until("activate?user_code=");
    await program.until("█");
    for (const code of it.sim.state.oidc.codes.values()) code.verdict = "approved";
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.equal(JSON.parse(await it.home.read("out")).Version, 1);
    assert.deepEqual(await it.opened(), []);
  },
});
