/** Okta's own Sign-In Widget in the browser that we drive: filled in, and answered by a person. */

import assert from "node:assert/strict";
import { newCredential } from "../fakes/fido2/keys.ts";
import { secretsOf, setUpHome } from "../cli/program.ts";
import { otherFactor } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { locateWidget } from "../sim/widget/locate.ts";
import type { World } from "../sim/world.ts";
import { type DevTools, inTime } from "./devtools.ts";
import { startDisplay } from "./display.ts";
import { ignoreWithout, required } from "./programs.ts";
import { connectKey } from "./security_key.ts";
import { BrowserWatch } from "./watched_browser.ts";

const ignoreBrowser = ignoreWithout("chromium", "bash", "Xvfb");
const widget = ignoreBrowser ? undefined : await locateWidget().catch((error) => {
  if (required) throw error;
  return undefined;
});
const ignore = ignoreBrowser || widget === undefined;

/** An org with the widget, and an account with `auth = browser`. */
async function setUp(world: (world: World) => void) {
  const sim = await startSimulator({ widget: widget!, oktaHostname: "localhost", world });
  const { password } = sim.user;
  const isTotp = sim.world.users[0]!.factors.some(({ totp }) => totp);
  const secrets = isTotp ? secretsOf(sim) : JSON.stringify({ password });
  const home = await setUpHome(sim, { args: ["--browser", "--no-verify"], secrets });
  return {
    sim,
    home,
    async [Symbol.asyncDispose]() {
      await home[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
}

for (const pipeline of ["v1", "idx"] as const) {
  Deno.test({
    name: `refresh: fills the Sign-In Widget in, ${
      pipeline === "v1" ? "Classic" : "Identity Engine"
    }`,
    ignore,
    async fn() {
      await using set = await setUp(({ org }) => void (org.pipeline = pipeline));
      const { code, stderr } = await set.home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      const passwords = set.sim.requests.filter(({ json }) =>
        JSON.stringify(json ?? {}).includes(set.sim.user.password)
      );
      assert.equal(passwords.length, 1);
      assert.match(passwords[0]!.headers.get("user-agent")!, /HeadlessChrome/);
    },
  });
}

Deno.test({
  name: "refresh: fills the Sign-In Widget in where the user name comes first",
  ignore,
  async fn() {
    await using set = await setUp(({ org, idx }) => {
      org.pipeline = "idx";
      idx.identify = "first";
    });
    const { code, stderr } = await set.home.run(["refresh"]);
    assert.equal(code, 0, stderr);
  },
});

/** The page that a window opens waits until the test is in the browser. */
function holdWindow(sim: Simulator): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  sim.world.faults.unshift(async ({ host, headers }) => {
    const agent = headers.get("user-agent") ?? "";
    if (host === "okta" && /Chrome/.test(agent) && !/Headless/.test(agent)) await promise;
    return undefined;
  });
  return resolve;
}

/** A session with the only page. */
async function attach(tools: DevTools): Promise<string> {
  const found = Promise.withResolvers<string>();
  tools.on("Target.targetCreated", ({ targetInfo: { type, targetId } }) => {
    if (type === "page") found.resolve(targetId);
  });
  await tools.send("Target.setDiscoverTargets", { discover: true });
  const targetId = await inTime(found.promise, "a page");
  return (await tools.send("Target.attachToTarget", { targetId, flatten: true })).sessionId;
}

Deno.test({
  name: "refresh: a passkey answers in a window, and the session then needs none",
  ignore,
  async fn(t) {
    const key = await newCredential("localhost");
    await using set = await setUp(({ org, users }) => {
      org.pipeline = "idx";
      const profile = { credentialId: key.credentialId, authenticatorName: "Passkey" };
      const factor = { provider: "FIDO", profile, key: { publicKey: key.publicKey } } as const;
      users[0]!.factors = [otherFactor("webauthn", factor)];
    });
    const { home, sim } = set;
    await using watch = await BrowserWatch.of(home);
    await using display = await startDisplay();
    await t.step("in a window", async () => {
      const release = holdWindow(sim);
      const run = home.run(["refresh"], { env: { DISPLAY: display.name } });
      await watch.next();
      const tools = await (await watch.next()).connect();
      const sessionId = await attach(tools);
      await connectKey((method, params) => tools.send(method, params, sessionId), key);
      release();
      const { code, stderr } = await run;
      assert.equal(code, 0, stderr);
      assert.match(stderr, /continue in the browser window/);
    });
    await t.step("then without a browser", async () => {
      const before = watch.count;
      const { code, stderr } = await home.run(["refresh", "--force"]);
      assert.equal(code, 0, stderr);
      assert.equal(watch.count, before);
    });
  },
});

Deno.test({
  name: "refresh: Okta Verify on this computer answers FastPass without a window",
  ignore,
  async fn() {
    const verify = { ports: ["0"], signed: false };
    await using set = await setUp(({ org, users, idx }) => {
      org.pipeline = "idx";
      users[0]!.factors = [otherFactor("signed_nonce")];
      idx.oktaVerify = verify;
      idx.refreshMs = 200;
    });
    const { home, sim } = set;
    const asked: string[] = [];
    await using program = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        const headers = {
          "access-control-allow-origin": new URL(sim.okta).origin,
          "access-control-allow-headers": "*",
        };
        if (request.method !== "OPTIONS") {
          const body = await request.text();
          asked.push(`${request.method} ${new URL(request.url).pathname}`);
          if (body.includes("challengeRequest")) verify.signed = true;
        }
        return new Response("", { headers });
      },
    );
    verify.ports = [String(program.addr.port)];
    const { code, stderr } = await home.run(["refresh"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(asked, ["GET /probe", "POST /challenge"]);
  },
});
