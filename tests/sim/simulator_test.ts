import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import {
  badGateway,
  brokenBody,
  droppedConnection,
  emptyAnswer,
  failNext,
  hugePage,
  redirectLoop,
  redirectTo,
  signInPage,
  stalledAnswer,
} from "./faults.ts";
import { primary, send, sessionToken } from "./probe.ts";
import { startSimulator } from "./simulator.ts";
import { LOOPBACK_AUTHORITY, LOOPBACK_TLS } from "./tls_certificate.ts";

Deno.test("startSimulator() logs every request with its body", async () => {
  await using sim = await startSimulator();
  await sessionToken(sim);
  const [request, ...others] = sim.requestsTo("okta", "POST", "/api/v1/authn");
  assert.equal(others.length, 0);
  assert.equal(request!.json!.password, sim.user.password);
  assert.equal(request!.status, 200);
  assert.deepEqual(sim.requests.map(({ host }) => host), ["okta", "okta"]);
});

Deno.test("env() names loopback ports, which stop() frees", async () => {
  const sim = await startSimulator();
  assert.deepEqual(sim.env(), {
    AWS_ENDPOINT_URL_STS: sim.sts,
    AWS_ENDPOINT_URL_EKS: sim.eks,
    AWS_ENDPOINT_URL_SSO: sim.sso,
    AWS_ENDPOINT_URL_SSO_OIDC: sim.sso,
    OKTA_AWS_SIGNIN_ENDPOINT: sim.signin,
  });
  assert.equal(new Set([sim.okta, sim.sts, sim.sso, sim.signin]).size, 4);
  await send(sim.okta);
  await sim.stop();
  await assert.rejects(send(sim.okta));
});

Deno.test("startSimulator() uses the given port", async () => {
  const first = await startSimulator();
  const oktaPort = Number(new URL(first.okta).port);
  await first.stop();
  await using second = await startSimulator({ oktaPort });
  assert.equal(second.okta, first.okta);
});

Deno.test("startSimulator() serves Okta over https with TLS files, links and cookies included", async () => {
  await using sim = await startSimulator({ tls: LOOPBACK_TLS });
  assert.match(sim.okta, /^https:/);
  await assert.rejects(send(sim.okta), "nobody trusts the certificate unasked");
  using client = Deno.createHttpClient({ caCerts: [LOOPBACK_AUTHORITY] });
  const response = await fetch(`${sim.okta}/.well-known/okta-organization`, { client });
  assert.equal((await response.json())._links.organization.href, sim.okta);
});

Deno.test("failNext() answers instead of the simulator the given number of times", async (t) => {
  await using sim = await startSimulator();
  const url = `${sim.okta}/home/x`;
  await t.step("502", async () => {
    sim.world.faults = [failNext({ host: "okta", path: "/home/x", times: 2 }, badGateway)];
    assert.equal((await send(`${sim.okta}/other`)).status, 404);
    assert.equal((await send(url)).status, 502);
    assert.equal((await send(url)).status, 502);
    assert.equal((await send(url)).status, 404);
  });
  await t.step("after some requests", async () => {
    sim.world.faults = [failNext({ path: /home/, after: 1 }, badGateway)];
    assert.deepEqual(
      [(await send(url)).status, (await send(url)).status, (await send(url)).status],
      [404, 502, 404],
    );
  });
  await t.step("empty 200", async () => {
    sim.world.faults = [failNext({}, emptyAnswer)];
    const { status, text } = await send(url);
    assert.deepEqual([status, text], [200, ""]);
  });
  await t.step("broken body", async () => {
    sim.world.faults = [failNext({}, brokenBody)];
    await assert.rejects(send(url));
  });
  await t.step("redirects", async () => {
    sim.world.faults = [
      failNext({}, () => redirectTo("https://evil.example/")),
      failNext({}, redirectLoop),
    ];
    assert.equal((await send(url)).headers.get("location"), "https://evil.example/");
    assert.equal((await send(url)).headers.get("location"), url);
  });
  await t.step("a huge page", async () => {
    sim.world.faults = [failNext({}, () => hugePage(3_000_001))];
    assert.equal((await send(url)).text.length, 3_000_001);
  });
  await t.step("the sign-in page", async () => {
    sim.world.faults = [failNext({}, signInPage)];
    assert.match((await send(url)).text, /okta-sign-in/);
  });
});

Deno.test("droppedConnection() closes the connection before the first byte", async () => {
  await using sim = await startSimulator();
  // A new connection: on a reused one, fetch would send the request again automatically.
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  sim.world.faults = [failNext({}, droppedConnection)];
  await assert.rejects(fetch(sim.okta, { client }), TypeError);
  assert.equal(sim.requests.length, 1);
  assert.equal((await primary(sim)).status, 200);
});

Deno.test("stalledAnswer() keeps the client waiting until it aborts or stop()", async () => {
  await using sim = await startSimulator();
  const host = "okta";
  sim.world.faults = [
    failNext({ host }, stalledAnswer),
    failNext({ host }, () => hugePage(500_000_000)),
  ];
  const leaving = new AbortController();
  const waiting = send(sim.okta, { signal: leaving.signal });
  while (sim.requestsTo("okta", "GET", "/").length === 0) await send(`${sim.sts}/`);
  leaving.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  const huge = await fetch(sim.okta);
  await huge.body!.cancel();
  assert.equal((await send(sim.okta)).status, 200);
});

Deno.test("startSimulator() applies changes to the world before it starts", async () => {
  await using sim = await startSimulator({
    world: (world) => void (world.users[0]!.password = "another"),
  });
  assert.equal(sim.user.password, "another");
  assert.equal((await primary(sim)).status, 200);
  assert.match(sim.user.totpUri, /^otpauth:\/\/totp\/Acme:jane%40example\.com\?secret=/);
});

Deno.test("startSimulator() puts the Sign-In Widget into sign-in pages and serves its files", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/js`);
  await Deno.writeTextFile(`${folder}/js/okta-sign-in.oie.min.js`, "var OktaSignIn;");
  await using sim = await startSimulator({
    widget: pathToFileURL(`${folder}/`),
    oktaHostname: "localhost",
    world: (world) => void (world.org.pipeline = "idx"),
  });
  assert.match(sim.okta, /^http:\/\/localhost:/);
  const page = await (await fetch(sim.embedLink())).text();
  assert.match(page, /var stateToken = '02\.id\./);
  const script = /<script src="([^"]+)"/.exec(page)![1]!;
  assert.equal(await (await fetch(new URL(script, sim.okta))).text(), "var OktaSignIn;");
  assert.equal(
    (await send(new URL("../../missing.js", new URL(script, sim.okta)).href)).status,
    404,
  );
  await Deno.remove(folder, { recursive: true });
});
