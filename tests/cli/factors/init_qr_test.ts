import assert from "node:assert/strict";
import { decodeBase32 } from "../../../src/totp/base32.ts";
import { exportUri, qrPicture } from "../../fakes/qr_pictures.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import { emptyHome, type Home, type ProgramRun, simulatorEnvironment } from "../program.ts";

interface QrScene {
  sim: Simulator;
  home: Home;
  /** Runs `init` with a file as `--qr`. */
  init(picture: Uint8Array | undefined, args?: string[], secrets?: object): Promise<ProgramRun>;
  /** The user's own key. */
  key: Uint8Array;
}

function qrTest(name: string, fn: (scene: QrScene) => Promise<void>): void {
  Deno.test(name, async () => {
    await using sim = await startSimulator();
    await using home = await emptyHome(simulatorEnvironment(sim));
    const init: QrScene["init"] = async (picture, args = [], secrets = {}) => {
      if (picture !== undefined) await Deno.writeFile(`${home.folder}/shot.png`, picture);
      const account = ["--sso-url", sim.embedLink(), "--username", sim.user.login];
      const words = ["init", ...account, "--secrets-stdin", "--qr", "shot.png", ...args];
      const stdin = JSON.stringify({ password: sim.user.password, ...secrets });
      return await home.run(words, { stdin });
    };
    const [factor] = sim.world.users[0]!.factors;
    await fn({ sim, home, init, key: decodeBase32(factor!.totp!.secret) });
  });
}

qrTest("init --qr signs in with the secret of a screenshot, and stores it", async (it) => {
  const { code, stderr } = await it.init(qrPicture(it.sim.user.totpUri, { degrees: 8 }));
  assert.equal(code, 0, stderr);
  it.sim.world.clock.advance(0);
  const { stdout } = await it.home.run(["totp"]);
  const codes = await Promise.all([-1, 0].map((step) => it.sim.user.code(step)));
  assert.ok(codes.includes(stdout.trim()), stdout);
  assert.ok(!stderr.includes("JBSWY3DP"), stderr);
});

qrTest("init --qr takes the org's own out of an app's export of several", async (it) => {
  const host = new URL(it.sim.okta).hostname;
  const picture = qrPicture(exportUri([
    { key: crypto.getRandomValues(new Uint8Array(20)), issuer: "GitHub", account: "jane" },
    { key: it.key, issuer: host, account: it.sim.user.login },
  ]));
  const { code, stderr } = await it.init(picture);
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`using ${host}`));
});

qrTest("init --qr lists several secrets of which none is the org's", async (it) => {
  const picture = qrPicture(exportUri([
    { key: it.key, issuer: "GitHub", account: "jane" },
    { key: it.key, issuer: "GitLab", account: "jane" },
  ]));
  const { code, stderr } = await it.init(picture);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /GitHub: jane, GitLab: jane/);
  assert.deepEqual(it.sim.requests, []);
});

qrTest("init --qr names what is wrong with the file, before anything is sent", async (it) => {
  const missing = await it.init(undefined);
  assert.equal(missing.code, 2, missing.stderr);
  assert.match(missing.stderr, /no such picture: shot\.png/);
  const text = await it.init(new TextEncoder().encode("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"));
  assert.match(text.stderr, /neither a PNG nor a JPEG/);
  const other = await it.init(qrPicture("https://example.com/"));
  assert.match(other.stderr, /not for an authenticator/);
  assert.deepEqual(it.sim.requests, []);
});

qrTest("init takes the TOTP secret from one place only", async (it) => {
  const picture = qrPicture(it.sim.user.totpUri);
  const both = await it.init(picture, [], { totp: it.sim.user.totpUri });
  assert.equal(both.code, 2, both.stderr);
  const flags = await it.init(picture, ["--enroll-totp"]);
  assert.equal(flags.code, 2, flags.stderr);
  assert.deepEqual(it.sim.requests, []);
});
