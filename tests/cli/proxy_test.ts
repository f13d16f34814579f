import assert from "node:assert/strict";
import { PROXY_AUTHORITY, startInterceptingProxy } from "../fakes/intercepting_proxy.ts";
import { startSimulator } from "../sim/simulator.ts";
import { LOOPBACK_AUTHORITY, LOOPBACK_TLS } from "../sim/tls_certificate.ts";
import { emptyHome, secretsOf, simulatorEnvironment } from "./program.ts";

const LOGIN = { user: "jane@acme", password: "p:w/d" };

Deno.test("behind a proxy that inspects TLS every request goes through it, by its authority", async (t) => {
  await using sim = await startSimulator({ tls: LOOPBACK_TLS });
  await using proxy = startInterceptingProxy(LOGIN);
  await using home = await emptyHome(simulatorEnvironment(sim));
  await home.write("corp.pem", `# our company\n${PROXY_AUTHORITY}`);
  await home.write("direct.pem", LOOPBACK_AUTHORITY);
  const corp = `${home.folder}/corp.pem`;
  const behind = { https_proxy: proxy.url, HTTP_PROXY: proxy.url };
  const init = ["init", "--sso-url", sim.embedLink(), "--username", sim.user.login];
  const setUp = (env: Record<string, string>) =>
    home.run([...init, "--secrets-stdin"], { env, stdin: secretsOf(sim) });

  await t.step(
    "without its authority the error names how to give it, and nothing is sent",
    async () => {
      const { code, stderr } = await setUp(behind);
      assert.equal(code, 5, stderr);
      assert.match(stderr, /not from a trusted authority/);
      assert.match(stderr, /ca_bundle, AWS_CA_BUNDLE or SSL_CERT_FILE/);
      assert.doesNotMatch(stderr, /jane%40acme|p%3Aw|p:w/);
      assert.deepEqual([sim.requests.length, proxy.requests], [0, []]);
    },
  );
  await t.step("with AWS_CA_BUNDLE all of init, refresh and console does", async () => {
    const env = { ...behind, AWS_CA_BUNDLE: corp };
    const done = await setUp(env);
    assert.equal(done.code, 0, done.stderr);
    assert.equal((await home.run(["refresh"], { env })).code, 0);
    assert.equal(
      (await home.run(["console", "okta-acme-production-Developer", "--print"], { env })).code,
      0,
    );
    // What reached the simulator is what the proxy sent on, and it saw all three hosts.
    assert.equal(sim.requests.length, proxy.requests.length);
    const hosts = new Set(proxy.requests.map((line) => new URL(line.split(" ")[1]!).origin));
    assert.deepEqual([...hosts].sort(), [sim.okta, sim.signin, sim.sts].sort());
    assert.ok(proxy.tunnels.includes(`CONNECT ${new URL(sim.okta).host}`));
  });
  await t.step("with the setting ca_bundle, SSL_CERT_FILE, and a wrong password", async () => {
    const settings = ".config/okta-aws/config.ini";
    await home.write(
      settings,
      `${await home.read(settings)}\n[okta-aws]\nca_bundle = ~/corp.pem\n`,
    );
    const bundled = await home.run(["roles", "--refresh"], { env: behind });
    assert.equal(bundled.code, 0, bundled.stderr);
    await home.write(settings, (await home.read(settings)).replace(/\n\[okta-aws\][^]*/, ""));
    const file = await home.run(["roles", "--refresh"], {
      env: { ...behind, SSL_CERT_FILE: corp },
    });
    assert.equal(file.code, 0, file.stderr);
    const url = proxy.url.replace("p%3Aw", "hunter2");
    const env = { https_proxy: url, AWS_CA_BUNDLE: corp };
    const refused = await home.run(["roles", "--refresh"], { env });
    assert.equal(refused.code, 5);
    assert.match(refused.stderr, /the proxy refused the connection/);
    assert.doesNotMatch(refused.stderr, /hunter2/);
  });
  await t.step("a plugin that may talk to a host does so by the same way", async () => {
    const { host, hostname } = new URL(sim.okta);
    const url = `https://${host}/.well-known/okta-organization`;
    await home.write(
      "fetches.js",
      `export default { name: "fetches", apiVersion: 1, permissions: { net: ["${hostname}"] },
  commands: { look: { brief: "look", run: async () => (await fetch("${url}")).status } } };\n`,
    );
    assert.equal((await home.run(["plugin", "add", "fetches.js", "--yes"])).code, 0);
    const before = proxy.requests.length;
    const plain = await home.run(["look"], { env: behind });
    assert.equal(plain.code, 1, plain.stdout);
    assert.deepEqual(proxy.requests.slice(before), [], "nobody vouches for the proxy");
    const { stdout, stderr } = await home.run(["look"], {
      env: { ...behind, AWS_CA_BUNDLE: corp },
    });
    assert.equal(stdout, "200\n", stderr);
    const settings = ".config/okta-aws/config.ini";
    const kept = await home.read(settings);
    await home.write(settings, `${kept}\n[okta-aws]\nca_bundle = ~/corp.pem\n`);
    assert.equal((await home.run(["look"], { env: behind })).stdout, "200\n");
    await home.write(settings, kept);
    assert.deepEqual(proxy.requests.slice(before), [`GET ${url}`, `GET ${url}`]);
  });
  await t.step("NO_PROXY leads past it", async () => {
    const before = proxy.tunnels.length;
    const host = new URL(sim.okta).host;
    const env = {
      ...behind,
      no_proxy: `other.example ${host}`,
      AWS_CA_BUNDLE: `${home.folder}/direct.pem`,
    };
    const { code, stderr } = await home.run(["roles", "--refresh"], { env });
    assert.equal(code, 0, stderr);
    assert.ok(!proxy.tunnels.slice(before).some((line) => line.includes(host)));
  });
});
