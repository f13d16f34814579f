import assert from "node:assert/strict";
import { type SimSso, simSso } from "../sim/aws/sso/sso_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, requestLines, simulatorEnvironment } from "./program.ts";

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
  home.env.BROWSER = `${Deno.execPath()} run -A --quiet --no-lock ${home.folder}/browser.js`;
  const startUrl = `${sim.sso}/start`;
  return {
    sim,
    sso,
    home,
    startUrl,
    init: (...args) =>
      home.run(["init", "--sso-start-url", `${startUrl}/#/`, "--sso-region", sso.region, ...args]),
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
  const exec = await home.run([
    "exec",
    "444455556666",
    "--",
    "sh",
    "-c",
    "echo $AWS_ACCESS_KEY_ID",
  ]);
  assert.match(exec.stdout, /^ASIA/);
});
