import assert from "node:assert/strict";
import { startInterceptingProxy } from "../fakes/intercepting_proxy.ts";
import { startSimulator } from "../sim/simulator.ts";
import { LOOPBACK_TLS } from "../sim/tls_certificate.ts";
import {
  emptyHome,
  type Home,
  PASSPHRASE,
  type RunOptions,
  setUpHome,
  simulatorEnvironment,
} from "./program.ts";

const SETTINGS = ".config/okta-aws/config.ini";

interface Finding {
  check: string;
  level: string;
  code: string;
  message: string;
  mend?: string;
}

const hasModes = Deno.build.os !== "windows";

/** How `doctor` must report a planted problem. */
type Expected = [code: string, message: RegExp, fix: RegExp];

async function examine(home: Home, env: RunOptions["env"] = {}): Promise<Finding[]> {
  const { code, stdout, stderr } = await home.run(["doctor", "--json"], { env });
  assert.equal(code, 0, stderr);
  for (const word of [PASSPHRASE, "hunter2", home.folder, "jane@example.com", "ASIA"]) {
    assert.ok(!stdout.includes(word), `${word}: ${stdout}`);
  }
  return JSON.parse(stdout).findings;
}

function assertFound(findings: readonly Finding[], expected: readonly Expected[]): void {
  const wrong = findings.filter(({ level }) => level === "error" || level === "warning");
  for (const [code, message, fix] of expected) {
    const said = wrong.filter((finding) => finding.code === code);
    assert.ok(
      said.some((finding) => message.test(finding.message) && fix.test(finding.mend ?? "")),
      `${code}: ${JSON.stringify(said)} among ${wrong.map((one) => one.code)}`,
    );
  }
  assert.deepEqual(wrong.filter(({ mend }) => !mend), [], "every finding has a fix");
}

const WRONG_MODES: Expected[] = [
  ["settings_mode", /^~\/\.config.* is writable by other users/, /^chmod 600 ~\/\.config/],
  [
    "credentials_mode",
    /~\/\.aws\/credentials is readable by other users \(mode 0444\)/,
    /^chmod 600/,
  ],
  ["file_not_writable", /~\/\.aws\/credentials is read-only/, /^chmod u\+w/],
  ["private_file_mode", /~\/\.aws\/okta-aws\/credentials\//, /^chmod go= ~\//],
];

/** The simulator is not AWS, which is the only problem that may be reported. */
function withoutSimulator(findings: readonly Finding[]): string[] {
  return findings.filter(({ level }) => level === "error" || level === "warning")
    .map(({ code }) => code).filter((code) => code !== "foreign_endpoint");
}

Deno.test("doctor: reports no problem when there is none", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  assert.equal((await home.run(["refresh"])).code, 0);
  const portal = "kind = identity-center\nsso_start_url = https://d-1.awsapps.com/start\n" +
    "sso_region = eu-west-1\n";
  await home.write(SETTINGS, `${await home.read(SETTINGS)}[account portal]\n${portal}`);
  const { length } = sim.requests;
  const findings = await examine(home);
  assert.deepEqual(withoutSimulator(findings), []);
  const checks = new Set(findings.map(({ check }) => check));
  assert.deepEqual([...checks], [
    "settings",
    "AWS files",
    "environment",
    "secret store",
    "secret backends",
    "network",
    "clock",
    "Okta org",
    "sessions",
    "browser",
    "roles",
  ]);
  const { message } = findings.find(({ code }) => code === "secret_backends")!;
  assert.match(
    message,
    /^available: .*\bfile\b.*; not available: .*env \(neither OKTA_AWS_PASSWORD/,
  );
  // Nobody signs in for it.
  const asked = sim.requests.slice(length).map(({ method, host }) => `${method} ${host}`);
  assert.deepEqual(asked.sort(), ["GET okta", "GET okta", "GET sso", "GET sts"]);
  const problems = (await home.run(["doctor"])).stdout;
  assert.match(problems, /^! 1 warning, \d+ passed \(--all shows all\)\n! environment: /);
  assert.match(problems, /\nokta-aws \d+\.\d+\.\d+, Deno \d.*\n$/);
  assert.doesNotMatch(problems, /✓/);
  const { stdout } = await home.run(["doctor", "--all"]);
  assert.match(stdout, /^! 1 warning, \d+ passed\n! environment: /);
  assert.match(stdout, /^✓ Okta org: .* runs Okta Classic Engine$/m);
  assert.deepEqual(stdout.split("\n").filter((line) => line.length > 80), []);
});

Deno.test("doctor: reports problems in files and environment, each with a fix", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--profiles", "process"] });
  await home.write(
    SETTINGS,
    `${await home.read(SETTINGS)}session_ttl = 12h\n` +
      `[account empty]\norg = ${sim.okta}\n[okta-aws]\ndefault_account = gone\n` +
      "[account portal]\nkind = identity-center\n" +
      "[account empty]\nregion = eu-west-1\nregion = us-east-1\n",
  );
  assert.equal((await home.run(["refresh", "--account", "default"])).code, 0);
  const config = await home.read(".aws/config");
  await home.write(
    ".aws/config",
    `${config.replaceAll(/"?[^\s"]+"?( run.*)? cred-process/g, "/nowhere/okta-aws cred-process")}
[profile loop]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = loop2
[profile loop2]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = loop
[profile lost]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = nobody
[profile twice]
region = eu-west-1
region = us-east-1
[profile loop2]
neither section nor key
`,
  );
  await home.write(
    ".aws/credentials",
    `[okta-acme-production-Developer]
aws_access_key_id = AKIAEXAMPLE
aws_secret_access_key = hunter2
aws_session_token = hunter2
aws_security_token = hunter2-old
x_security_token_expires = 2020-01-01T00:00:00Z
`,
  );
  const cache = `${home.folder}/.aws/okta-aws/credentials`;
  const [first, second] = [...Deno.readDirSync(cache)].map(({ name }) => `${cache}/${name}`);
  if (hasModes) {
    await Deno.chmod(`${home.folder}/.aws/credentials`, 0o444);
    await Deno.chmod(`${home.folder}/${SETTINGS}`, 0o622);
    await Deno.chmod(first!, 0o644);
  }
  await Deno.writeTextFile(second!, "{");
  await home.write("plugin.ts", "export default {};");
  const file = `${home.folder}/plugin.ts`;
  const grant = (path: string) => ({ source: { file: path }, sha256: "0".repeat(64) });
  await home.write(
    ".config/okta-aws/grants.json",
    JSON.stringify({
      version: 1,
      plugins: {
        changed: grant(file),
        gone: grant(`${file}x`),
        awslogin: { ...grant(file), source: { bundled: "awslogin" } },
      },
    }),
  );
  const team = { key: "", account: "default", checked: Date.now(), sections: [] };
  await home.write(
    ".config/okta-aws/team.json",
    JSON.stringify({
      version: 1,
      teams: { "https://config.example/team.json": { ...team, waiting: { sections: [] } } },
    }),
  );
  const findings = await examine(home, {
    AWS_PROFILE: "nobody",
    AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
    OKTA_AWS_PASSWORD: "hunter2",
    AWS_OKTA_BACKEND: "vault",
    OKTA_AWS_BACKEND: "",
    OKTA_AWS_FILE_PASSPHRASE: "wrong",
  });
  assertFound(findings, [
    ...(hasModes ? WRONG_MODES : []),
    ["account_incomplete", /\[account empty\] has no username, app/, /init --account empty/],
    ["account_incomplete", /portal\] has no sso_start_url, sso_region/, /init --account portal/],
    ["unknown_account", /default_account .* selects .* gone/, /one of default, empty, portal/],
    ["bad_backend", /unknown secret backend: vault/, /OKTA_AWS_BACKEND to one of: keychain/],
    ["duplicate_section", /\[profile loop2\] more than once \(lines \d+ and \d+\)/, /merge them/],
    ["duplicate_key", /region more than once in \[profile twice\]/, /all but one/],
    ["duplicate_key", /config\.ini has region more than once in \[account empty\]/, /last one/],
    ["duplicate_section", /config\.ini has \[account empty\] more than once/, /last one/],
    ["broken_line", /~\/\.aws\/config, line \d+:/, /correct or delete/],
    ["shadowed_profile", /okta-acme-production-Developer has a credential_process/, /delete \[/],
    ["stale_credential_process", /runs \/nowhere\/okta-aws/, /okta-aws setup-profiles/],
    ["old_security_token", /\[okta-acme-production-Developer\]/, /delete aws_security_token/],
    ["expired_profile", /okta-acme-production-Developer/, /okta-aws refresh/],
    ["profile_loop", /loop → loop2 → loop/, /source_profile/],
    ["lost_source_profile", /lost is nobody, which is not defined/, /okta-aws refresh/],
    ["environment_keys", /AWS_ACCESS_KEY_ID is set/, /^unset AWS_ACCESS_KEY_ID/],
    ["environment_profile", /^AWS_PROFILE=nobody is not defined$/, /unset AWS_PROFILE/],
    ["environment_secrets", /OKTA_AWS_PASSWORD is set/, /^unset OKTA_AWS_PASSWORD/],
    [
      "foreign_endpoint",
      /AWS_ENDPOINT_URL_STS sends STS calls to 127\.0\.0\.1:\d+/,
      /unset AWS_ENDPOINT_URL/,
    ],
    ["damaged_file", /~\/\.aws\/okta-aws\/credentials\/.* is damaged/, /delete it/],
    ["session_ttl_too_long", /asks for 12 h.*Administrator 1 h/, /maximum session duration/],
    ["plugin_changed", /plugin changed: ~\/plugin\.ts has changed/, /plugin trust changed/],
    ["plugin_changed", /plugin awslogin: it asks for more/, /plugin trust awslogin/],
    ["plugin_missing", /plugin gone: .* does not exist/, /plugin remove gone/],
    ["team_settings_waiting", /config\.example.*needs your approval/, /okta-aws refresh/],
  ]);
});

Deno.test("doctor: reports problems of clock, org, password and store, each with a fix", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const [user] = sim.world.users;
  user!.password = "another-1A";
  await home.run(["signout"]);
  assert.equal((await home.run(["signin"])).code, 3);
  user!.idpType = "SAML2";
  sim.world.clock.offsetMs = -2 * 3600 * 1000;
  await home.write(
    SETTINGS,
    `${await home.read(SETTINGS)}auth = idx\n[account other]\norg = ${sim.sts}\n` +
      "username = jane@example.com\napp = x\n",
  );
  assertFound(await examine(home, { OKTA_AWS_FILE_PASSPHRASE: "wrong" }), [
    [
      "password_refused",
      /the stored password of default was rejected and will not be sent again/,
      /okta-aws init/,
    ],
    ["wrong_passphrase", /wrong passphrase for ~\//, /OKTA_AWS_FILE_PASSPHRASE/],
    ["no_item", /no saved password for account "other"/, /okta-aws init --account other/],
    ["clock_skew", /clock is 120 minutes ahead of Okta|2 hours ahead of Okta/, /set the clock/],
    ["external_idp", /another provider/, /auth = browser/],
    ["wrong_engine", /auth = idx needs Okta Identity Engine/, /auth = auto/],
    ["not_okta", /does not answer like an Okta org/, /set org in the settings/],
    ["sign_in_failed", /E0000004/, /\S/],
  ]);
});

Deno.test("doctor: reports network problems with the issuer of the certificate and the wrong name", async () => {
  await using sim = await startSimulator({ tls: LOOPBACK_TLS });
  await using proxy = startInterceptingProxy({ user: "jo", password: "hunter2" });
  await using home = await emptyHome(simulatorEnvironment(sim));
  const free = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  const account = (name: string, org: string) => `[account ${name}]\norg = ${org}\n`;
  await home.write(
    SETTINGS,
    account("tls", sim.okta) + account("refused", `http://127.0.0.1:${port}`) +
      account("dns", "https://acme.okta.invalid"),
  );
  assertFound(await examine(home, { https_proxy: proxy.url, NO_PROXY: "okta.invalid" }), [
    [
      "certificate",
      /through the proxy 127\.0\.0\.1:\d+\); it is for "localhost", issued by "okta-aws intercepting proxy CA"/,
      /ca_bundle, AWS_CA_BUNDLE or SSL_CERT_FILE/,
    ],
    ["refused", /the connection was refused \(tried directly/, /check the network/],
    ["dns", /could not reach acme\.okta\.invalid: its name was not found/, /check the name/],
  ]);
  const direct = await examine(home, { AWS_CA_BUNDLE: `${home.folder}/none.pem` });
  assertFound(direct, [[
    "ca_bundle",
    /the CA file ~\/none\.pem of AWS_CA_BUNDLE does not exist/,
    /PEM file/,
  ]]);
  const wrong = await examine(home, {
    https_proxy: proxy.url.replace("hunter2", "hunter22"),
    NO_PROXY: "okta.invalid",
  });
  assertFound(wrong, [["proxy", /the proxy refused .*through the proxy/, /HTTPS_PROXY/]]);
  const bad = await examine(home, { HTTPS_PROXY: "ftp://jo:hunter2@proxy.example" });
  assertFound(bad, [[
    "bad_proxy",
    /HTTPS_PROXY is not a proxy URL/,
    /http:\/\/host:port/,
  ]]);
  await home.write(SETTINGS, "[account default]\norgg = x\nregion = a b\n[colours]\n");
  assertFound(await examine(home), [
    ["bad_settings", /^~\/.*, line 2: orgg in \[account default\] is not a known key/, /that line/],
    ["bad_settings", /line 3: region in .* is not the name of a region/, /that line/],
    ["bad_settings", /line 4: unknown section \[colours\]/, /that line/],
  ]);
  await using empty = await emptyHome();
  const nothing = await examine(empty, { AWS_ENDPOINT_URL: sim.sts });
  assertFound(nothing, [["not_set_up", /no settings file/, /okta-aws init/]]);
});
