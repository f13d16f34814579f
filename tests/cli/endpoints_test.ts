import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";

/** A proxy that notes where a tunnel should lead, and opens none. */
function startRefusingProxy() {
  const hosts: string[] = [];
  const server = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const serving = (async () => {
    for await (const client of server) {
      const buffer = new Uint8Array(4096);
      const length = await client.read(buffer) ?? 0;
      const line = new TextDecoder().decode(buffer.subarray(0, length));
      hosts.push(/^CONNECT (\S+):443 /.exec(line)?.[1] ?? line);
      const answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      await client.write(new TextEncoder().encode(answer)).catch(() => {});
      client.close();
    }
  })();
  const url = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  return {
    url,
    hosts,
    async [Symbol.asyncDispose]() {
      server.close();
      await serving;
    },
  };
}

Deno.test("STS's host follows the variables and keys of the SDKs", async (t) => {
  await using sim = await startSimulator();
  await using proxy = startRefusingProxy();
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `[default]
use_fips_endpoint = true
[profile fips]
role_arn = ${DEVELOPER}
region = us-west-2
use_fips_endpoint = true
[profile dual]
role_arn = ${DEVELOPER}
region = eu-west-1
use_dualstack_endpoint = TRUE
ignore_configured_endpoint_urls = true
[profile plain]
role_arn = ${DEVELOPER}
region = eu-west-1
`,
  );
  const ignored = { https_proxy: proxy.url, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" };
  const cases: [string, Record<string, string>, string][] = [
    ["plain", ignored, "sts.eu-west-1.amazonaws.com"],
    ["fips", ignored, "sts-fips.us-west-2.amazonaws.com"],
    ["dual", { https_proxy: proxy.url }, "sts.eu-west-1.api.aws"],
    ["plain", { ...ignored, AWS_USE_FIPS_ENDPOINT: "true" }, "sts-fips.eu-west-1.amazonaws.com"],
    ["fips", { ...ignored, AWS_USE_FIPS_ENDPOINT: "false" }, "sts.us-west-2.amazonaws.com"],
    ["plain", { ...ignored, AWS_STS_REGIONAL_ENDPOINTS: "legacy" }, "sts.amazonaws.com"],
  ];
  for (const [profile, env, host] of cases) {
    await t.step(`${profile}: ${host}`, async () => {
      proxy.hosts.length = 0;
      const { code, stderr } = await home.run(["cred-process", profile], { env });
      assert.equal(code, 5, stderr);
      assert.equal(proxy.hosts[0], host);
    });
  }
  await t.step("[default] says nothing about other profiles", async () => {
    const { code, stderr } = await home.run(["cred-process", "plain"]);
    assert.equal(code, 0, stderr);
  });
  await t.step("an endpoint of one's own is neither FIPS nor dual-stack", async () => {
    sim.requests.length = 0;
    for (
      const [profile, env] of [["fips", {}], ["plain", { AWS_USE_DUALSTACK_ENDPOINT: "true" }]]
    ) {
      const run = await home.run(["cred-process", profile as string], {
        env: env as Record<string, string>,
      });
      assert.deepEqual([run.code, run.stdout], [2, ""], run.stderr);
      assert.match(run.stderr, /AWS_ENDPOINT_URL_STS names another endpoint/);
    }
    const run = await home.run(["cred-process", "plain"], { env: { AWS_USE_FIPS_ENDPOINT: "1" } });
    assert.equal(run.code, 2);
    assert.match(run.stderr, /AWS_USE_FIPS_ENDPOINT.* is 1, not true or false/);
    assert.deepEqual(sim.requests, []);
  });
});

Deno.test("AWS's client reads neither the environment nor the shared config files", async () => {
  await using sim = await startSimulator();
  sim.world.accounts[1]!.roles.push({
    name: "Next",
    path: "/",
    maxSessionDurationSeconds: 3600,
    trusts: [DEVELOPER],
  });
  await using home = await setUpHome(sim);
  const keys = `region = HOSTILE
use_fips_endpoint = true
use_dualstack_endpoint = true
max_attempts = 7
retry_mode = adaptive
defaults_mode = mobile
sdk_ua_app_id = HOSTILE
auth_scheme_preference = sigv4a
endpoint_url = https://HOSTILE.example
`;
  await home.write(
    ".aws/config",
    `[default]
${keys}credential_process = touch ${home.folder}/ran
[profile hostile]
${keys}credential_process = touch ${home.folder}/ran
[profile base]
role_arn = ${DEVELOPER}
[profile next]
source_profile = base
role_arn = arn:aws:iam::210987654321:role/Next
`,
  );
  const env = {
    AWS_PROFILE: "hostile",
    AWS_SDK_LOAD_CONFIG: "1",
    AWS_MAX_ATTEMPTS: "7",
    AWS_RETRY_MODE: "adaptive",
    AWS_DEFAULTS_MODE: "mobile",
    AWS_SDK_UA_APP_ID: "HOSTILE",
    AWS_ACCESS_KEY_ID: "HOSTILE",
    AWS_SECRET_ACCESS_KEY: "HOSTILE",
  };
  const { code, stderr } = await home.run(["cred-process", "next"], { env });
  assert.equal(code, 0, stderr);
  const requests = sim.requestsTo("sts", "POST", "/");
  assert.deepEqual(requests.map(({ form }) => form.get("Action")), [
    "AssumeRoleWithSAML",
    "AssumeRole",
  ]);
  for (const { headers, text } of requests) {
    assert.doesNotMatch(`${text} ${JSON.stringify([...headers])}`, /HOSTILE/);
  }
  await assert.rejects(Deno.stat(`${home.folder}/ran`), Deno.errors.NotFound);
});
