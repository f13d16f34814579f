import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome } from "./program.ts";

const ADMINISTRATOR = "arn:aws:iam::123456789012:role/Administrator";
const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";
const DEPLOY = "arn:aws:iam::210987654321:role/Deploy";

/** Adds a role that can be had from Developer alone, with an external id. */
function addChainedRole(sim: Awaited<ReturnType<typeof startSimulator>>): void {
  sim.world.accounts[1]!.roles.push({
    name: "Deploy",
    path: "/",
    maxSessionDurationSeconds: 43_200,
    trusts: [DEVELOPER],
    externalId: "acme-42",
  });
}

async function assumedRole(home: Home, profile: string): Promise<string> {
  const { stdout, stderr } = await home.run(["env", profile, "--json"]);
  assert.ok(stdout, `${profile}: ${stderr}`);
  return JSON.parse(stdout).AWS_OKTA_ASSUMED_ROLE_ARN;
}

Deno.test("PROFILE is a profile of the AWS config file as aws-okta wrote it", async (t) => {
  await using sim = await startSimulator();
  addChainedRole(sim);
  await using home = await setUpHome(sim);
  const path = new URL(sim.embedLink()).pathname;
  await home.write(
    ".aws/config",
    `[okta]
aws_saml_url = ${path.slice(1)}
region = eu-central-1

[profile base]
okta_aws_role_arn = ${DEVELOPER}

[profile plain]
role_arn = ${ADMINISTRATOR}

[profile both]
role_arn = ${DEPLOY}
okta_aws_role_arn = ${ADMINISTRATOR}

[profile chained]
source_profile = base
role_arn = ${DEPLOY}
external_id = acme-42
role_session_name = deploy-run

[profile straight]
source_profile = base
role_arn = ${ADMINISTRATOR}

[profile of-ours]
source_profile = okta-acme-production-Developer
role_arn = ${DEPLOY}
external_id = acme-42
`,
  );
  const assumed = (role: string, name = "jane@example.com") =>
    `arn:aws:sts::${role}/${name}`.replace(":role/", ":assumed-role/");
  for (
    const [profile, expected] of [
      ["base", assumed("123456789012:role/Developer")],
      ["plain", assumed("123456789012:role/Administrator")],
      ["both", assumed("123456789012:role/Administrator")],
      ["chained", assumed("210987654321:role/Deploy", "deploy-run")],
      ["straight", assumed("123456789012:role/Administrator")],
      ["of-ours", assumed("210987654321:role/Deploy")],
    ]
  ) {
    await t.step(profile!, async () => {
      assert.equal(await assumedRole(home, profile!), expected);
    });
  }
  await t.step("missing keys come from [okta]", async () => {
    const { stdout } = await home.run(["env", "chained", "--json"]);
    assert.equal(JSON.parse(stdout).AWS_REGION, "eu-central-1");
  });
  await t.step("a chained role's credentials are cached too", async () => {
    sim.requests.length = 0;
    await assumedRole(home, "chained");
    assert.deepEqual(sim.requests, []);
  });
});

Deno.test("PROFILE is a role, by ARN, name, account, alias, account/role, with or without okta-", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (
    const [word, role] of [
      [DEVELOPER, "Developer"],
      ["okta-acme-production-Developer", "Developer"],
      ["acme-production-Developer", "Developer"],
      ["Developer", "Developer"],
      ["acme-production/Developer", "Developer"],
      ["123456789012/Developer", "Developer"],
      ["210987654321", "ReadOnly"],
    ]
  ) {
    await t.step(word!, async () => {
      assert.match(await assumedRole(home, word!), new RegExp(`:assumed-role/${role}/`));
    });
  }
});

Deno.test("two matches end with 2 and are listed", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const word of ["acme-production", "123456789012"]) {
    const { code, stdout, stderr } = await home.run(["cred-process", word]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /okta-acme-production-Administrator, okta-acme-production-Developer/);
  }
});

Deno.test("a loop of profiles ends with 2, and so does one that is not for Okta", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `[profile one]
source_profile = two
role_arn = ${DEVELOPER}
[profile two]
source_profile = one
role_arn = ${ADMINISTRATOR}
[profile self]
source_profile = self
role_arn = ${DEVELOPER}
[profile machine]
credential_source = Ec2InstanceMetadata
role_arn = ${DEVELOPER}
[profile broken]
role_arn = arn:aws:iam::12:role/x
`,
  );
  for (
    const [profile, said] of [
      ["one", /one → two → one/],
      ["self", /self → self/],
      ["machine", /credential_source/],
      ["broken", /arn:aws:iam::12:role\/x/],
    ] as const
  ) {
    await t.step(profile, async () => {
      const { code, stdout, stderr } = await home.run(["cred-process", profile]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, said);
    });
  }
  assert.deepEqual(sim.requestsTo("sts", "POST", "/"), []);
});

Deno.test("durations: flag, environment, profile, account, and -r in place of the role", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `[profile long]\nokta_aws_role_arn = ${DEVELOPER}\nsession_ttl = 2h0m0s\n`,
  );
  const asked = async (args: string[], env: Record<string, string> = {}) => {
    sim.requests.length = 0;
    const { code, stderr } = await home.run(["cred-process", "--force", ...args], { env });
    assert.equal(code, 0, stderr);
    const [request] = sim.requestsTo("sts", "POST", "/");
    return [request!.form.get("RoleArn"), Number(request!.form.get("DurationSeconds")) / 3600];
  };
  await t.step("default", async () => {
    assert.deepEqual(await asked(["Developer"]), [DEVELOPER, 1]);
  });
  await t.step("profile", async () => {
    assert.deepEqual(await asked(["long"]), [DEVELOPER, 2]);
  });
  await t.step("environment", async () => {
    assert.deepEqual(await asked(["long"], { AWS_SESSION_TTL: "3h" }), [DEVELOPER, 3]);
  });
  await t.step("flag", async () => {
    const args = ["long", "-t", "14400"];
    assert.deepEqual(await asked(args, { AWS_SESSION_TTL: "3h" }), [DEVELOPER, 4]);
  });
  await t.step("-r", async () => {
    assert.deepEqual(await asked(["long", "-r", ADMINISTRATOR, "-t", "1h"]), [ADMINISTRATOR, 1]);
  });
  await t.step("AWS_ASSUME_ROLE_ARN", async () => {
    const env = { AWS_ASSUME_ROLE_ARN: ADMINISTRATOR, AWS_SESSION_TTL: "1h" };
    assert.deepEqual(await asked(["long"], env), [ADMINISTRATOR, 1]);
  });
});

Deno.test("okta_session_cookie_key gives a profile an Okta session of its own", async () => {
  await using sim = await startSimulator({
    world: (world) => void (world.users[0]!.factors[0]!.totp!.period = 1),
  });
  await using home = await setUpHome(sim);
  const profile = `[profile apart]\nrole_arn = ${DEVELOPER}\nokta_session_cookie_key = apart\n`;
  await home.write(".aws/config", profile);
  const signIns = () => sim.requestsTo("okta", "POST", "/api/v1/authn").length;
  assert.equal((await home.run(["cred-process", "Administrator"])).code, 0);
  assert.equal(signIns(), 0, "the session that init left");
  assert.equal((await home.run(["cred-process", "apart"])).code, 0);
  assert.equal(signIns(), 1, "a session of its own");
  assert.equal((await home.run(["cred-process", "apart", "--force"])).code, 0);
  assert.equal(signIns(), 1, "which is kept");
});
