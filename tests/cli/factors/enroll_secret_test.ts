import assert from "node:assert/strict";
import { decodeQR } from "qr/decode";
import { simUser } from "../../sim/default_world.ts";
import { startSimulator } from "../../sim/simulator.ts";
import type { SimUser } from "../../sim/world.ts";
import { emptyHome, type ProgramRun, simulatorEnvironment } from "../program.ts";
import { type Scene, scene } from "./scene.ts";

/** The secret of the one factor that was enrolled. */
function enrolledSecret({ user }: Scene): string {
  assert.equal(user.factors.length, 1);
  return user.factors[0]!.totp!.secret;
}

/** The QR code out of what the terminal was sent: black on white, two modules a character. */
function readPicture(shown: string): string {
  const lines = shown.split(/\r?\n/).filter((line) => line.includes("\x1b[30;107m"))
    // deno-lint-ignore no-control-regex -- the drawing's colours
    .map((line) => line.replace(/\x1b\[[\d;]*m/g, ""));
  const [width, height] = [lines[0]!.length * 4, lines.length * 8];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const character = lines[y >> 3]![x >> 2]!;
      const isInk = character === "█" || character === (y % 8 < 4 ? "▀" : "▄");
      if (isInk) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decodeQR({ width, height, data });
}

scene("the QR code of a new factor can be scanned", { factors: [] }, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Enrol Google Authenticator", "y");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  const uri = new URL(readPicture(shown));
  assert.equal(uri.searchParams.get("secret"), enrolledSecret(it));
  assert.match(uri.pathname, /jane%40example\.com/);
});

scene("a screen reader gets a new factor's key as text", { factors: [] }, async (it) => {
  const program = await it.start(["signin"], { env: { TERM: "dumb" } });
  await program.until("Enrol Google Authenticator");
  await program.type("y\r");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.ok(shown.includes(enrolledSecret(it).replace(/.{4}(?=.)/g, "$& ")), shown);
  assert.ok(!/[█▀▄]/.test(shown), shown);
});

interface Init {
  user: SimUser;
  run: ProgramRun;
  /** What `totp` prints afterwards. */
  totp: string;
}

/** `init --enroll-totp` where nobody is at a terminal: the flag is the consent. */
async function initEnrolling(user: Partial<SimUser>): Promise<Init> {
  await using sim = await startSimulator({
    world: (world) => void (world.users = [simUser("jane@example.com", user)]),
  });
  await using home = await emptyHome(simulatorEnvironment(sim));
  const account = ["--sso-url", sim.embedLink(), "--username", "jane@example.com"];
  const words = ["init", ...account, "--secrets-stdin", "--enroll-totp", "--profiles", "none"];
  const stdin = JSON.stringify({ password: sim.user.password });
  const run = await home.run(words, { stdin });
  const totp = (await home.run(["totp"])).stdout.trim();
  if (run.code === 0) {
    const near = await Promise.all([-1, 0, 1].map((steps) => sim.user.code(steps)));
    assert.ok(near.includes(totp), "the stored secret is the enrolled one");
  }
  return { user: sim.world.users[0]!, run, totp };
}

for (const mfa of ["required", "enroll_optional"] as const) {
  Deno.test(`init --enroll-totp enrols without a terminal where the policy is ${mfa}`, async () => {
    const { user, run: { code, stderr } } = await initEnrolling({ factors: [], mfa });
    assert.equal(code, 0, stderr);
    assert.equal(user.factors.length, 1);
    assert.ok(!stderr.includes(user.factors[0]!.totp!.secret), stderr);
  });
}

Deno.test("init --enroll-totp says so where Okta offers no enrolment, and stores nothing", async () => {
  const { user, run, totp } = await initEnrolling({ factors: [], mfa: "none" });
  assert.equal(run.code, 3, run.stderr);
  assert.match(run.stderr, /without offering to enrol/);
  assert.deepEqual(user.factors, []);
  assert.equal(totp, "");
});
