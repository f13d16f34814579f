import assert from "node:assert/strict";
import { totpFactor } from "../sim/default_world.ts";
import { failNext, jsonAnswer } from "../sim/faults.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import type { TotpSettings } from "../sim/world.ts";
import { type Home, setUpHome, signIns } from "./program.ts";

const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const VERIFY = /^\/api\/v1\/authn\/factors\/[^/]+\/verify$/;

function codesSent(sim: Simulator): unknown[] {
  return sim.requests.filter(({ path }) => VERIFY.test(path)).map(({ json }) => json!.passCode);
}

/** A world whose codes last two seconds: who waits for the next one does not wait for long. */
async function withTotp(
  settings: Partial<TotpSettings>,
  act: (sim: Simulator, home: Home) => Promise<void>,
): Promise<void> {
  const totp: TotpSettings = { secret: SECRET, algorithm: "SHA-1", digits: 6, period: 2 };
  const factor = totpFactor(SECRET, { totp: { ...totp, ...settings } });
  await using sim = await startSimulator({
    world: (world) => void (world.users[0]!.factors = [factor]),
  });
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  await act(sim, home);
}

for (const [algorithm, digits] of [["SHA-1", 6], ["SHA-256", 8], ["SHA-512", 8]] as const) {
  Deno.test(`refresh: signs in with ${algorithm} codes of ${digits} digits and 60 s`, () =>
    withTotp({ algorithm, digits, period: 60 }, async (sim, home) => {
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      assert.match(String(codesSent(sim)[0]), new RegExp(`^\\d{${digits}}$`));
    }));
}

Deno.test("totp: prints the code to stdout and its lifetime to stderr", () =>
  withTotp({ algorithm: "SHA-256", digits: 8, period: 3600 }, async (sim, home) => {
    const { code, stdout, stderr } = await home.run(["totp"]);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${await sim.user.code()}\n`);
    const seconds = Number(/^(\d+) s left\n$/.exec(stderr)![1]);
    assert.ok(seconds >= 1 && seconds <= 3600);
    assert.equal((await home.run(["totp", "-q"])).stderr, "");
    const json = JSON.parse((await home.run(["totp", "--json"])).stdout);
    assert.equal(json.code, await sim.user.code());
    assert.equal(typeof json.secondsLeft, "number");
    assert.deepEqual(sim.requests, []);
  }));

Deno.test("totp: exits with 7 when no TOTP secret is stored", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, {
    args: ["--no-verify"],
    secrets: JSON.stringify({ password: "x" }),
  });
  const { code, stdout, stderr } = await home.run(["totp"]);
  assert.equal(code, 7);
  assert.equal(stdout, "");
  assert.match(stderr, /okta-aws init/);
});

Deno.test("signin: no run sends a code that another has sent", () =>
  withTotp({ period: 4 }, async (sim, home) => {
    for (let runs = 1; runs <= 3; runs++) {
      const { code, stderr } = await home.run(["signin"]);
      sim.state.sessions.clear();
      assert.equal(code, 0, stderr);
      assert.equal(new Set(codesSent(sim)).size, runs, "no code is sent twice");
    }
  }));

const CAUSE = "Each code can only be used once. Please wait for a new code and try again.";
const REFUSALS: [name: string, body: Record<string, unknown>][] = [
  ["E0000082", { errorCode: "E0000082", errorCauses: [] }],
  ["E0000083", { errorCode: "E0000083", errorCauses: [] }],
  [
    "E0000068 with a cause",
    { errorCode: "E0000068", errorCauses: [{ errorSummary: CAUSE }] },
  ],
];

for (const [name, body] of REFUSALS) {
  const refuse = (times: number) =>
    failNext(
      { host: "okta", path: VERIFY, times },
      () => jsonAnswer({ errorSummary: "No.", errorId: "oae1", ...body }, 403),
    );
  Deno.test(`${name}: sends the next code`, () =>
    withTotp({}, async (sim, home) => {
      sim.world.faults.push(refuse(1));
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      const codes = codesSent(sim);
      assert.equal(codes.length, 2);
      assert.notEqual(codes[0], codes[1]);
      assert.equal(signIns(sim), 1);
    }));
  Deno.test(`${name} twice: exits with 3`, () =>
    withTotp({}, async (sim, home) => {
      sim.world.faults.push(refuse(9));
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 3);
      assert.match(stderr, new RegExp(`${body.errorCode}`));
      assert.equal(codesSent(sim).length, 2);
    }));
}

Deno.test("refresh: sends a wrong code once and exits with 3 (E0000068 without a cause)", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, {
    args: ["--no-verify"],
    secrets: JSON.stringify({ password: sim.user.password, totp: "KRUGS4ZANFZSA3TPOQQHI2DF" }),
  });
  const { code, stderr } = await home.run(["signin"]);
  assert.equal(code, 3);
  assert.match(stderr, /E0000068/);
  assert.equal(codesSent(sim).length, 1);
});

for (const [what, offsetMs] of [["ahead", 7_200_000], ["behind", -7_200_000]] as const) {
  Deno.test(`refresh: computes the code with Okta's clock when it is two hours ${what} of ours`, async () => {
    await using sim = await startSimulator();
    sim.world.clock.offsetMs = offsetMs;
    await using home = await setUpHome(sim, { args: ["--no-verify"] });
    const { code, stderr } = await home.run(["signin"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /clock is 7\d{3} s .*corrected/);
    assert.equal(codesSent(sim).length, 1);
  });
}

Deno.test("refresh: sends the code of our clock if that of the responses' dates is wrong", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  // A proxy in between, whose clock is off.
  sim.world.faults.push(async ({ host, headers, method, url, text }) => {
    if (host !== "okta" || headers.has("x-through")) return undefined;
    const passed = new Headers(headers);
    passed.set("x-through", "1");
    const body = text === "" ? null : text;
    const response = await fetch(url, { method, headers: passed, body, redirect: "manual" });
    const changed = new Headers(response.headers);
    changed.set("date", new Date(Date.now() + 7_200_000).toUTCString());
    return new Response(await response.arrayBuffer(), {
      status: response.status,
      headers: changed,
    });
  });
  const { code, stderr } = await home.run(["signin"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /corrected\n.*trying that of this computer's clock/);
});
