import assert from "node:assert/strict";
import { assertMode } from "../platform/scratch_folder.ts";
import { startSimulator } from "../sim/simulator.ts";
import { requestLines, setUpHome, signIns } from "./program.ts";

const APP = "okta GET /home/amazon_aws/0oa3omz2i9XRNSRIHBZO/272";
const ADMINISTRATOR = "arn:aws:iam::123456789012:role/Administrator";

Deno.test("refresh writes a profile for each role and shows them as a table", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stdout, stderr } = await home.run(["refresh"]);
  assert.equal(code, 0, stderr);
  const expires = String.raw`✓ 59m \((\d{4}-\d\d-\d\d )?\d\d:\d\d\)`;
  const [head, ...rows] = stdout.trimEnd().split("\n");
  assert.match(head!, /^ACCOUNT +ROLE +PROFILE +EXPIRES$/);
  const expected = [
    ["210987654321", "ReadOnly", "okta-210987654321-ReadOnly"],
    ["acme-production", "Administrator", "okta-acme-production-Administrator"],
    ["acme-production", "Developer", "okta-acme-production-Developer"],
  ];
  assert.equal(rows.length, expected.length);
  for (const [index, cells] of expected.entries()) {
    assert.match(rows[index]!, new RegExp(`^${cells.join(" +")} +${expires}$`));
  }
  assert.match(stderr, /^✓ 3 written to ~\/\.aws\/credentials$/m);
  assert.ok(stderr.includes(`these credentials are from ${sim.sts}/, not from AWS`));
});

Deno.test("refresh writes the keys that cli.md names, with mode 0600", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh"]);
  const text = await home.read(".aws/credentials");
  const section = text.split("[okta-acme-production-Developer]\n")[1]!.split("\n\n")[0]!;
  const keys = Object.fromEntries(section.trim().split("\n").map((line) => line.split(/ = (.*)/)));
  const issued = sim.state.credentials.get(keys.aws_access_key_id)!;
  assert.deepEqual(keys, {
    aws_access_key_id: issued.accessKeyId,
    aws_secret_access_key: issued.secretAccessKey,
    aws_session_token: issued.sessionToken,
    x_security_token_expires: keys.x_security_token_expires,
  });
  assert.equal(issued.roleArn, "arn:aws:iam::123456789012:role/Developer");
  const told = Date.parse(keys.x_security_token_expires);
  assert.ok(Math.abs(told - issued.expiration) < 1000);
  assertMode(`${home.folder}/.aws/credentials`, 0o600);
});

Deno.test("refresh --json prints the members of cli.md and nothing else", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.world.accounts[1]!.roles[0]!.denied = true;
  const { code, stdout } = await home.run(["refresh", "--json"]);
  assert.equal(code, 6);
  assert.equal(stdout.split("\n").length, 2);
  const answer = JSON.parse(stdout);
  assert.match(answer.failed[0].message, /ReadOnly|not authorized|AccessDenied/);
  for (const { expiration } of answer.profiles) {
    assert.match(expiration, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
  }
  const common = { accountId: "123456789012", accountAlias: "acme-production" };
  assert.deepEqual(answer, {
    profiles: ["Administrator", "Developer"].map((roleName, at) => ({
      profile: `okta-acme-production-${roleName}`,
      ...common,
      roleName,
      roleArn: `arn:aws:iam::123456789012:role/${roleName}`,
      expiration: answer.profiles[at].expiration,
    })),
    failed: [{
      roleArn: "arn:aws:iam::210987654321:role/audit/ReadOnly",
      code: "AccessDenied",
      message: answer.failed[0].message,
    }],
    plugins: [],
  });
});

Deno.test("refresh --json gives null where an account has no alias", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { stdout } = await home.run(["refresh", "--json", "210987654321"]);
  assert.deepEqual(
    JSON.parse(stdout).profiles.map((one: Record<string, unknown>) => one.accountAlias),
    [null],
  );
});

Deno.test("refresh writes what worked when a role is refused, and says which was", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.world.accounts[1]!.roles[0]!.denied = true;
  const { code, stdout, stderr } = await home.run(["refresh"]);
  assert.equal(code, 6);
  assert.match(stdout, /^210987654321 +ReadOnly +✗ AccessDenied$/m);
  assert.match(stderr, /^✓ 2 written to ~\/\.aws\/credentials · ✗ 1 refused$/m);
  assert.match(stderr, /^okta-aws: arn:aws:iam::210987654321:role\/audit\/ReadOnly: .+\n {2}\S/m);
  const written = (await home.read(".aws/credentials")).match(/^\[.+\]$/gm);
  assert.deepEqual(written, [
    "[okta-acme-production-Administrator]",
    "[okta-acme-production-Developer]",
  ]);
});

Deno.test("refresh takes roles by profile, name, account, account/role and ARN", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const profiles = async (...words: string[]) => {
    const { code, stdout, stderr } = await home.run(["refresh", "--json", ...words]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout).profiles.map((one: { profile: string }) => one.profile);
  };
  const [administrator, developer, readOnly] = [
    "okta-acme-production-Administrator",
    "okta-acme-production-Developer",
    "okta-210987654321-ReadOnly",
  ];
  for (
    const [words, expected] of [
      [[developer], [developer]],
      [["acme-production-Developer"], [developer]],
      [["ReadOnly"], [readOnly]],
      [["acme-production"], [administrator, developer]],
      [["123456789012/Developer", "ReadOnly"], [developer, readOnly]],
      [[ADMINISTRATOR], [administrator]],
    ]
  ) {
    await t.step(words!.join(" "), async () => {
      assert.deepEqual(await profiles(...words!), expected);
    });
  }
  await t.step("an unknown one ends with 2 and writes nothing", async () => {
    const before = await home.read(".aws/credentials");
    const { code, stderr } = await home.run(["refresh", "Nobody"]);
    assert.equal(code, 2);
    assert.match(stderr, /Nobody/);
    assert.equal(await home.read(".aws/credentials"), before);
  });
});

Deno.test("refresh --dry-run prints a diff without secrets and writes nothing", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(".aws/credentials", "# mine\n[default]\naws_access_key_id = AKIAMINE\n");
  const { code, stdout, stderr } = await home.run(["refresh", "--dry-run"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^\+\[okta-acme-production-Administrator\]$/m);
  assert.match(stdout, /^\+aws_access_key_id = ASIA/m);
  for (const { secretAccessKey, sessionToken } of sim.state.credentials.values()) {
    assert.ok(!`${stdout}${stderr}`.includes(secretAccessKey));
    assert.ok(!`${stdout}${stderr}`.includes(sessionToken!));
  }
  assert.equal(
    await home.read(".aws/credentials"),
    "# mine\n[default]\naws_access_key_id = AKIAMINE\n",
  );
});

Deno.test("refresh uses the session of init, and asks STS only for missing credentials", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh"]);
  assert.equal(signIns(sim), 0);
  assert.equal(sim.requestsTo("sts", "POST", "/").length, 3);
  sim.requests.length = 0;
  const { code, stdout } = await home.run(["refresh"]);
  assert.equal(code, 0);
  assert.match(stdout, /okta-acme-production-Developer/);
  assert.deepEqual(requestLines(sim).filter((line) => !line.startsWith("signin ")), [APP]);
});

Deno.test("refresh --force takes new credentials in the old Okta session", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh"]);
  const before = await home.read(".aws/credentials");
  sim.requests.length = 0;
  assert.equal((await home.run(["refresh", "--force"])).code, 0);
  assert.equal(signIns(sim), 0);
  assert.equal(sim.requestsTo("sts", "POST", "/").length, 3);
  assert.notEqual(await home.read(".aws/credentials"), before);
});

Deno.test("refresh keeps everything else in the credentials file as it was", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const mine = "\ufeff; mine\r\n[default]\r\naws_access_key_id=A # no comment\r\n\r\n\r\n" +
    "[okta-210987654321-ReadOnly]\r\noutput = json\r\n; kept\r\n\r\n[last]\r\nk=v";
  await home.write(".aws/credentials", mine);
  await home.run(["refresh"]);
  const text = await home.read(".aws/credentials");
  const ours = /^(aws_access_key_id = ASIA|aws_secret_|aws_session_|x_security_).*\r\n/gm;
  assert.ok(text.replace(ours, "").startsWith(mine));
  assert.equal(text.match(/\[okta-210987654321-ReadOnly\]/g)?.length, 1);
  assert.doesNotMatch(text, /[^\r]\n/);
});

Deno.test("refresh looks aliases up once, and keeps names that it gave", async () => {
  await using sim = await startSimulator();
  sim.world.accounts[1]!.alias = "acme-audit";
  await using home = await setUpHome(sim);
  const profile = async () => {
    const { stdout } = await home.run(["refresh", "--json", "ReadOnly"]);
    return JSON.parse(stdout).profiles[0].profile;
  };
  assert.equal(await profile(), "okta-acme-audit-ReadOnly");
  sim.world.accounts[1]!.alias = "acme-renamed";
  assert.equal(await profile(), "okta-acme-audit-ReadOnly");
  assert.deepEqual(sim.requestsTo("signin", "POST", "/saml"), []);
});

Deno.test("refresh names profiles by the settings' alias and template", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const settings = await home.read(".config/okta-aws/config.ini");
  const more = "\n[aws-account 210987654321]\nalias = audit\nregion = eu-central-1\n";
  await home.write(".config/okta-aws/config.ini", settings + more);
  const { stdout } = await home.run(["refresh", "--json", "audit/ReadOnly"]);
  assert.equal(JSON.parse(stdout).profiles[0].profile, "okta-audit-ReadOnly");
  assert.match(
    await home.read(".aws/credentials"),
    /\[okta-audit-ReadOnly\][^[]*\nregion = eu-central-1\n/,
  );
});

Deno.test("refresh leaves a profile to credential_process where one hands it out", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--profiles", "process"] });
  const { code, stdout, stderr } = await home.run(["refresh"]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, / \*$/m);
  assert.match(stderr, /^✓ 3 renewed in the cache \(\*\)$/m);
  assert.match(stderr, /credential_process/);
  assert.equal(await home.read(".aws/credentials"), "");
});

Deno.test("refresh asks for the duration that was asked for, and takes less where a role says so", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stdout, stderr } = await home.run(["refresh", "--json", "-t", "4h"]);
  assert.equal(code, 0, stderr);
  const hours = Object.fromEntries(
    JSON.parse(stdout).profiles.map((one: { roleName: string; expiration: string }) => [
      one.roleName,
      Math.round((Date.parse(one.expiration) - Date.now()) / 3600_000),
    ]),
  );
  assert.deepEqual(hours, { Administrator: 1, Developer: 4, ReadOnly: 4 });
  assert.match(stderr, /Administrator allows 1 h, not 4 h/);
});

Deno.test("refresh takes a profile out once Okta no longer grants it and it has expired", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh"]);
  const [app] = sim.world.apps;
  app!.grants = app!.grants.filter(({ roleArn }) => !roleArn.endsWith("ReadOnly"));
  await home.run(["refresh"]);
  const text = await home.read(".aws/credentials");
  assert.match(text, /\[okta-210987654321-ReadOnly\]/, "not before it has expired");
  await home.write(
    ".aws/credentials",
    text.replace(
      /(\[okta-210987654321-ReadOnly\][^[]*x_security_token_expires = )\S+/,
      "$12020-01-01T00:00:00Z",
    ),
  );
  const { stderr } = await home.run(["refresh"]);
  assert.match(stderr, /removed okta-210987654321-ReadOnly \(no longer granted\)/);
  assert.doesNotMatch(await home.read(".aws/credentials"), /ReadOnly/);
});
