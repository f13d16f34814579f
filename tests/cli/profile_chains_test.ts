import assert from "node:assert/strict";
import { awsApp } from "../sim/default_world.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { type Home, secretsOf, setUpHome, signIns } from "./program.ts";
import { ignorePty, runOnTerminal } from "./pty.ts";

const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";
const READ_ONLY = "arn:aws:iam::210987654321:role/audit/ReadOnly";
const arn = (name: string) => `arn:aws:iam::210987654321:role/${name}`;

/** Roles that are assumed one from the other; the first from Developer or by the keys of a user. */
function addChain(sim: Simulator, ...names: string[]): void {
  const account = sim.world.accounts[1]!;
  account.accessKeys = [{ id: "AKIAEXAMPLEUSER", secret: "keys-of-jane", userName: "jane" }];
  names.forEach((name, at) =>
    account.roles.push({
      name,
      path: "/",
      maxSessionDurationSeconds: 43_200,
      trusts: at === 0 ? [DEVELOPER, "arn:aws:iam::210987654321:user/jane"] : [arn(names[at - 1]!)],
    })
  );
}

async function assumed(home: Home, profile: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await home.run(["env", profile, "--json", ...args]);
  assert.ok(stdout, `${profile}: ${stderr}`);
  return JSON.parse(stdout).AWS_OKTA_ASSUMED_ROLE_ARN;
}

const CHAIN = `[profile base]
role_arn = ${DEVELOPER}
[profile one]
source_profile = base
role_arn = ${arn("One")}
[profile two]
source_profile = one
role_arn = ${arn("Two")}
[profile three]
source_profile = two
role_arn = ${arn("Three")}
`;

Deno.test("a chain of four ends in a SAML role, and each of its steps is had once", async () => {
  await using sim = await startSimulator();
  addChain(sim, "One", "Two", "Three");
  await using home = await setUpHome(sim);
  await home.write(".aws/config", CHAIN);
  assert.match(await assumed(home, "three"), /assumed-role\/Three\/jane@example\.com$/);
  assert.match(await assumed(home, "two"), /assumed-role\/Two\//);
  await assumed(home, "base");
  const asked = sim.requestsTo("sts", "POST", "/").map(({ form }) => form.get("RoleArn"));
  assert.deepEqual(asked, [DEVELOPER, arn("One"), arn("Two"), arn("Three")]);
  assert.ok(signIns(sim) <= 1);
});

Deno.test("the hour of a chained role is explained once, and costs no second sign-in", async () => {
  await using sim = await startSimulator();
  addChain(sim, "One");
  await using home = await setUpHome(sim);
  await home.write(".aws/config", CHAIN);
  const run = () => home.run(["env", "one", "--json", "-a", "4h", "--force"]);
  const first = await run();
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /One is assumed from another role's session.* one hour/);
  const [request] = sim.requestsTo("sts", "POST", "/").filter(({ form }) =>
    form.get("Action") === "AssumeRole"
  );
  assert.equal(request!.form.get("DurationSeconds"), "3600");
  const second = await run();
  assert.equal(second.code, 0, second.stderr);
  assert.doesNotMatch(second.stderr, /one hour/);
});

Deno.test("a role that the assertion grants is taken directly, anywhere in the chain", async () => {
  await using sim = await startSimulator();
  addChain(sim, "One", "Two");
  sim.world.accounts[1]!.roles.find(({ name }) => name === "Two")!.trusts = [READ_ONLY];
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `${CHAIN}[profile reader]
source_profile = base
role_arn = ${READ_ONLY}
[profile late]
source_profile = reader
role_arn = ${arn("Two")}
`,
  );
  assert.match(await assumed(home, "late"), /assumed-role\/Two\//);
  assert.match(await assumed(home, "reader"), /assumed-role\/ReadOnly\//);
  const asked = sim.requestsTo("sts", "POST", "/").map(({ form }) => form.get("RoleArn"));
  assert.deepEqual(asked, [READ_ONLY, arn("Two")]);
});

Deno.test("a chain may end in static keys, with no word to Okta", async (t) => {
  await using sim = await startSimulator();
  addChain(sim, "One", "Two");
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/credentials",
    ["jane", "self"].map((name) =>
      `[${name}]\naws_access_key_id = AKIAEXAMPLEUSER\naws_secret_access_key = keys-of-jane\n`
    ).join(""),
  );
  await home.write(
    ".aws/config",
    `[profile keys]
source_profile = jane
role_arn = ${arn("One")}
duration_seconds = 7200
[profile further]
source_profile = keys
role_arn = ${arn("Two")}
[profile self]
source_profile = self
role_arn = ${arn("One")}
`,
  );
  for (
    const [profile, role] of [["keys", "One"], ["further", "Two"], ["self", "One"]] as const
  ) {
    await t.step(profile, async () => {
      assert.match(await assumed(home, profile), new RegExp(`:assumed-role/${role}/`));
    });
  }
  await t.step("duration_seconds counts: this is no chained session", () => {
    const [request] = sim.requestsTo("sts", "POST", "/");
    assert.equal(request!.form.get("DurationSeconds"), "7200");
  });
  await t.step("Okta was not asked", () => {
    assert.deepEqual(sim.requests.filter(({ host }) => host === "okta"), []);
  });
});

Deno.test({
  name: "mfa_serial asks for the device's code and sends it",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    addChain(sim, "One");
    await using home = await setUpHome(sim);
    await home.write(
      ".aws/config",
      `[profile jane]
aws_access_key_id = AKIAEXAMPLEUSER
aws_secret_access_key = keys-of-jane
[profile guarded]
source_profile = jane
role_arn = ${arn("One")}
mfa_serial = arn:aws:iam::210987654321:mfa/jane
`,
    );
    const terminal = await runOnTerminal(home, ["cred-process", "guarded"]);
    await terminal.answer("mfa/jane", "123 456");
    const { code, shown } = await terminal.end();
    assert.equal(code, 0, shown);
    const [request] = sim.requestsTo("sts", "POST", "/");
    assert.equal(request!.form.get("SerialNumber"), "arn:aws:iam::210987654321:mfa/jane");
    assert.equal(request!.form.get("TokenCode"), "123456");
    assert.match(shown, /123 ?456/, "a code is no secret once it is used");
    const nobody = await home.run(["cred-process", "guarded", "--force", "--no-input"]);
    assert.equal(nobody.code, 4, nobody.stderr);
  },
});

Deno.test("a profile with aws_saml_url and no role takes the single one, else asks", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const path = new URL(sim.embedLink()).pathname;
  await home.write(".aws/config", `[profile open]\naws_saml_url = ${path}\n`);
  await t.step("nobody can answer: 4, with the roles", async () => {
    const { code, stdout, stderr } = await home.run(["cred-process", "open"]);
    assert.equal(code, 4, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /role\/Administrator, .*role\/Developer/);
  });
  await t.step("-r says which", async () => {
    assert.match(await assumed(home, "open", "-r", DEVELOPER), /assumed-role\/Developer\//);
  });
  await t.step({
    name: "a person chooses",
    ignore: ignorePty,
    async fn() {
      const terminal = await runOnTerminal(home, ["env", "open", "--json"]);
      await terminal.until("Select a role");
      await terminal.type("Developer\r");
      const { code, shown } = await terminal.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /assumed-role\/Developer\//);
    },
  });
  await t.step("a single role is not asked about", async () => {
    const [app] = sim.world.apps;
    app!.grants = app!.grants.filter(({ roleArn }) => roleArn === READ_ONLY);
    await home.run(["roles", "--refresh"]);
    assert.match(await assumed(home, "open"), /assumed-role\/ReadOnly\//);
  });
});

Deno.test("profiles lead to their own Okta account and app", async (t) => {
  await using sim = await startSimulator();
  const [first] = sim.world.apps;
  const grants = first!.grants;
  first!.grants = grants.filter(({ roleArn }) => roleArn !== READ_ONLY);
  sim.world.apps.push(awsApp("AWS Audit", {
    id: "0oaSECONDAPPXXXXXXXX",
    exk: "exkSECONDAPPXXXXXXXX",
    grants: grants.filter(({ roleArn }) => roleArn === READ_ONLY),
  }));
  await using home = await setUpHome(sim);
  // A second sign-in would have to wait for the next code.
  sim.world.users[0]!.mfa = "none";
  const second = "home/amazon_aws/0oaSECONDAPPXXXXXXXX/272";
  const init = await home.run([
    "init",
    "--account",
    "audit",
    "--sso-url",
    new URL(second, sim.embedLink()).href,
    "--username",
    sim.user.login,
    "--secrets-stdin",
  ], { stdin: secretsOf(sim) });
  assert.equal(init.code, 0, init.stderr);
  await home.write(
    ".aws/config",
    `[okta]
aws_saml_url = ${new URL(sim.embedLink()).pathname}
[profile developer]
role_arn = ${DEVELOPER}
[profile other-app]
aws_saml_url = ${second}
role_arn = ${READ_ONLY}
[profile other-account]
okta_account_name = audit
aws_saml_url = ${second}
role_arn = ${READ_ONLY}
`,
  );
  for (
    const [profile, role] of [
      ["developer", "Developer"],
      ["other-app", "ReadOnly"],
      ["other-account", "ReadOnly"],
      ["ReadOnly", "ReadOnly"],
    ] as const
  ) {
    await t.step(profile, async () => {
      assert.match(await assumed(home, profile), new RegExp(`:assumed-role/${role}/`));
    });
  }
});

Deno.test("durations are inherited along the chain, then from [okta], in aws-okta's forms", async (t) => {
  await using sim = await startSimulator();
  addChain(sim, "One");
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `[okta]
session_ttl = 2h0m0s
assume_role_ttl = 20m
mfa_provider = google
mfa_factor_type = Token:Software:TOTP
[profile base]
role_arn = ${DEVELOPER}
[profile long]
role_arn = ${DEVELOPER}
session_ttl = 3h
[profile one]
source_profile = long
role_arn = ${arn("One")}
[profile short]
source_profile = long
role_arn = ${arn("One")}
assume_role_ttl = 900
`,
  );
  const asked = async (profile: string, args: string[] = [], env = {}) => {
    sim.requests.length = 0;
    const { code, stderr } = await home.run([...args, "cred-process", profile, "--force"], { env });
    assert.equal(code, 0, stderr);
    return sim.requestsTo("sts", "POST", "/")
      .map(({ form }) => Number(form.get("DurationSeconds")));
  };
  for (
    const [name, args, env, profile, expected] of [
      ["[okta]", [], {}, "base", [7200]],
      ["along source_profile", [], {}, "one", [10_800, 1200]],
      ["the profile's own", [], {}, "short", [10_800, 900]],
      ["environment", [], { AWS_ASSUME_ROLE_TTL: "30m" }, "short", [10_800, 1800]],
      ["flags in front", ["-t", "1h", "-a", "1h0m0s"], {}, "short", [3600, 3600]],
      ["max", [], { AWS_SESSION_TTL: "max" }, "base", [3600]],
    ] as const
  ) {
    await t.step(name, async () => {
      assert.deepEqual(await asked(profile, [...args], env), expected);
    });
  }
});

Deno.test("source identity and session tags of a profile go to STS, and belong to the cache's key", async (t) => {
  await using sim = await startSimulator();
  addChain(sim, "One", "Two");
  await using home = await setUpHome(sim);
  const marked = (tags: string) =>
    `${CHAIN.split("[profile three]")[0]}source_identity = jane
session_tags = ${tags}
transitive_session_tags = team
`;
  await home.write(".aws/config", marked("team=web, cost=a=b"));
  await assumed(home, "two");
  const [one, two] = sim.requestsTo("sts", "POST", "/").filter(({ form }) =>
    form.get("Action") === "AssumeRole"
  ).map(({ form }) => Object.fromEntries([...form].filter(([name]) => /Tag|Source/.test(name))));
  assert.deepEqual(one, {});
  assert.deepEqual(two, {
    SourceIdentity: "jane",
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "web",
    "Tags.member.2.Key": "cost",
    "Tags.member.2.Value": "a=b",
    "TransitiveTagKeys.member.1": "team",
  });
  sim.requests.length = 0;
  await assumed(home, "two");
  assert.deepEqual(sim.requests, []);
  await home.write(".aws/config", marked("team=api"));
  await assumed(home, "two");
  assert.equal(sim.requestsTo("sts", "POST", "/").length, 1);
  for (const [bad, why] of [["team", /KEY=VALUE/], ["cost=1", /team of transitive/]] as const) {
    await t.step(`session_tags = ${bad}`, async () => {
      await home.write(".aws/config", marked(bad));
      const { code, stderr } = await home.run(["env", "two", "--json"]);
      assert.equal(code, 2);
      assert.match(stderr, why);
    });
  }
});
