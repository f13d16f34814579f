import assert from "node:assert/strict";
import {
  fakeFido2Tools,
  type FakeKey,
  type FakeTools,
  newCredential,
} from "../../fakes/fido2/keys.ts";
import { otherFactor } from "../../sim/default_world.ts";
import type { SimFactor, SimKey } from "../../sim/world.ts";
import type { ProgramOnTerminal } from "../pty.ts";
import { type Scene, scene } from "./scene.ts";

const DEVICE = "/dev/hidraw5";

interface KeyScene extends Scene {
  key: FakeKey;
  tools: FakeTools;
  signIn(args?: string[]): ReturnType<Scene["start"]>;
}

/** What the org keeps of the key. */
interface Enrolment {
  type?: "webauthn" | "u2f";
  /** Enrolled as U2F, used as WebAuthn. */
  appId?: boolean;
  userVerification?: "required";
}

/** A key that is enrolled, and plugged in. */
function keyScene(
  name: string,
  { type = "webauthn", appId, ...settings }: Enrolment,
  key: Partial<FakeKey>,
  fn: (scene: KeyScene) => Promise<void>,
): void {
  scene(name, { factors: [] }, async (it) => {
    const site = it.sim.okta;
    const isOld = type === "u2f" || appId === true;
    const rpId = isOld ? site : new URL(site).hostname;
    const { credential, publicKey, credentialId } = await newCredential(rpId);
    const profile = type === "u2f"
      ? { credentialId, appId: site, version: "U2F_V2" }
      : { credentialId, authenticatorName: "YubiKey 5" };
    const kept: SimKey = { publicKey, ...settings, ...(appId ? { appId: site } : {}) };
    const factor: SimFactor = otherFactor(type, { provider: "FIDO", profile, key: kept });
    it.user.factors.push(factor);
    const plugged: FakeKey = { device: DEVICE, credentials: [credential], ...key };
    await using tools = await fakeFido2Tools([plugged]);
    const signIn = (args: string[] = []) => it.start(["signin", ...args], { env: tools.env });
    await fn({ ...it, key: plugged, tools, signIn });
  });
}

/** fido2-assert's own question. */
async function typePin(program: ProgramOnTerminal, pin: string): Promise<void> {
  await program.until(`Enter PIN for ${DEVICE}: `);
  await program.type(`${pin}\r`);
}

keyScene("a WebAuthn key signs at a touch", {}, {}, async (it) => {
  const program = await it.signIn();
  await program.until("touch your security key");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(await it.tools.runs(), [`-G -t up=true ${DEVICE}`]);
});

keyScene("a U2F key signs at a touch", { type: "u2f" }, {}, async (it) => {
  const program = await it.signIn();
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(await it.tools.runs(), [`-G -u -t up=true ${DEVICE}`]);
});

keyScene(
  "a key that was enrolled as U2F serves WebAuthn by its appId",
  { appId: true },
  {},
  async (it) => {
    const program = await it.signIn();
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.deepEqual((await it.tools.runs()).at(-1), `-G -u -t up=true ${DEVICE}`);
  },
);

keyScene(
  "a PIN is asked for where Okta requires one, and never seen by us",
  {
    userVerification: "required",
  },
  { pin: "4711" },
  async (it) => {
    const program = await it.signIn();
    await typePin(program, "4711");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("4711"), shown);
  },
);

keyScene("a mistyped PIN is asked for once more", { userVerification: "required" }, {
  pin: "4711",
}, async (it) => {
  const program = await it.signIn();
  await typePin(program, "1234");
  await program.until("wrong PIN");
  await typePin(program, "4711");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
});

keyScene("a key that wants its PIN for everything gets it", {}, {
  pin: "4711",
  alwaysVerifies: true,
}, async (it) => {
  const program = await it.signIn();
  await typePin(program, "4711");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
});

keyScene("of several keys the enrolled one is found without a touch", {}, {}, async (it) => {
  const other = await newCredential("elsewhere.example.com");
  const stranger: FakeKey = { device: "/dev/hidraw3", credentials: [other.credential] };
  await it.tools.plugIn([stranger, it.key]);
  const program = await it.signIn();
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(await it.tools.runs(), [
    "-G -t up=false /dev/hidraw3",
    `-G -t up=false ${DEVICE}`,
    `-G -t up=true ${DEVICE}`,
  ]);
});

keyScene("another person's key is told so", {}, { credentials: [] }, async (it) => {
  const program = await it.signIn();
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /not enrolled at Okta/);
});

keyScene("a key that nobody touches ends with 4", {}, { untouched: true }, async (it) => {
  const program = await it.signIn();
  const { code, shown } = await program.end();
  assert.equal(code, 4, shown);
  assert.match(shown, /nobody touched/);
});

keyScene("a key that is not there may be fetched", {}, {}, async (it) => {
  await it.tools.plugIn([]);
  const program = await it.signIn();
  await program.until("No security key is plugged in");
  await it.tools.plugIn([it.key]);
  await program.type("y\r");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
});

keyScene("without libfido2's tools it is said how to get them", {}, {}, async (it) => {
  await using folder = await folderWithTimeout();
  const shell = `PATH='${folder.path}'; export PATH; exec $PROGRAM`;
  const program = await it.start(["signin"], { shell });
  const { code, shown } = await program.end();
  assert.equal(code, 4, shown);
  assert.match(shown, /fido2-tools/);
});

/** Of all programs, the one that ends a test that hangs. */
async function folderWithTimeout(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  const found = await new Deno.Command("sh", { args: ["-c", "command -v timeout"] }).output();
  await Deno.symlink(new TextDecoder().decode(found.stdout).trim(), `${path}/timeout`);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
