import assert from "node:assert/strict";
import { inDeno } from "../fakes/programs.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { emptyHome, type Home, secretsOf, setUpHome, simulatorEnvironment } from "./program.ts";

const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";
const NEXT = "arn:aws:iam::210987654321:role/Next";
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const VIEW_ONLY = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";
const DOCUMENT = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:Get*", Resource: "*" }],
});

/** What STS was asked for: action, managed policies, document. */
function asked(sim: Simulator): unknown[][] {
  return sim.requestsTo("sts", "POST", "/").map(({ form }) => [
    form.get("Action"),
    [...form].filter(([name]) => /^PolicyArns\.member\.\d+\.arn$/.test(name)).map(([, v]) => v),
    form.get("Policy"),
  ]);
}

async function keyId(home: Home, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await home.run(["cred-process", ...args]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout).AccessKeyId;
}

Deno.test("--read-only and --policy go to STS, and each has credentials of its own", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write("policy.json", `${DOCUMENT}\n`);
  const ids = [
    await keyId(home, "Developer"),
    await keyId(home, "Developer", "--read-only"),
    await keyId(home, "Developer", "--policy", VIEW_ONLY, "--policy", "policy.json"),
    await keyId(home, "--policy", READ_ONLY, "Developer"),
    await keyId(home, "Developer"),
  ];
  assert.deepEqual(asked(sim), [
    ["AssumeRoleWithSAML", [], null],
    ["AssumeRoleWithSAML", [READ_ONLY], null],
    ["AssumeRoleWithSAML", [VIEW_ONLY], DOCUMENT],
  ]);
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual([ids[3], ids[4]], [ids[1], ids[0]]);

  const { stdout } = await home.run(["status"]);
  assert.match(stdout, /LIMITED TO/);
  assert.match(stdout, / ReadOnlyAccess /);
  assert.match(stdout, / ViewOnlyAccess \+ a policy document /);
  const [{ credentials }] = JSON.parse((await home.run(["status", "--json"])).stdout);
  const policies = credentials.map(({ sessionPolicy }: { sessionPolicy: unknown }) =>
    JSON.stringify(sessionPolicy)
  ).sort();
  assert.deepEqual(
    policies,
    [
      "null",
      JSON.stringify({ arns: [READ_ONLY], document: null }),
      JSON.stringify({ arns: [VIEW_ONLY], document: DOCUMENT }),
    ].sort(),
  );
});

Deno.test("roles shows what the newest credentials of a role are limited to", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await keyId(home, "Developer", "--read-only");
  assert.match((await home.run(["roles"])).stdout, /\(ReadOnlyAccess\)/);
  const roles = JSON.parse((await home.run(["roles", "--json"])).stdout);
  const role = roles.find(({ roleArn }: { roleArn: string }) => roleArn === DEVELOPER);
  assert.deepEqual(role.sessionPolicy, { arns: [READ_ONLY], document: null });
});

Deno.test("exec and console say that a session is read-only", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const command = inDeno(() => {});
  const exec = await home.run(["exec", "--read-only", "Developer", "--", ...command]);
  assert.equal(exec.code, 0, exec.stderr);
  assert.match(exec.stderr, /read-only session \(ReadOnlyAccess\)/);
  const console = await home.run(["console", "Developer", "--read-only", "--print"]);
  assert.equal(console.code, 0, console.stderr);
  assert.match(console.stderr, /read-only session/);
  const plain = await home.run(["exec", "Developer", "--", ...command]);
  assert.doesNotMatch(plain.stderr, /session/);
});

Deno.test("bad policies exit with 2 before anything is sent", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const arns = (count: number) =>
    Array.from({ length: count }, (_, at) => `arn:aws:iam::123456789012:policy/P${at}`);
  await home.write("long.json", JSON.stringify({ Sid: "x".repeat(2049 - 10) }));
  await home.write("fits.json", JSON.stringify({ Sid: "x".repeat(2048 - 10) }));
  await home.write("text.json", "not JSON");
  await home.write("list.json", "[]");
  await home.write("empty.json", "");
  const cases: [string, string[], RegExp][] = [
    ["2,049 characters", ["--policy", "long.json"], /has 2049 characters.* 2048/],
    ["eleven ARNs", arns(11).flatMap((arn) => ["--policy", arn]), /11 policies.* 10/],
    ["no JSON", ["--policy", "text.json"], /not a policy in JSON/],
    ["a list", ["--policy", "list.json"], /not a policy in JSON/],
    ["an empty file", ["--policy", "empty.json"], /not a policy in JSON/],
    ["a role's ARN", ["--policy", DEVELOPER], /not the ARN of a policy/],
    ["a missing file", ["--policy", "ReadOnlyAccess"], /no such file/],
    ["a folder", ["--policy", "."], /can't be read/],
    ["two documents", ["--policy", "fits.json", "--policy", "empty.json"], /one policy document/],
    ["both flags", ["--read-only", "--policy", READ_ONLY], /can't be combined/],
    [
      "another partition",
      ["--policy", "arn:aws-cn:iam::aws:policy/ReadOnlyAccess"],
      /another partition/,
    ],
  ];
  for (const [name, args, message] of cases) {
    await t.step(name, async () => {
      const { code, stdout, stderr } = await home.run(["cred-process", DEVELOPER, ...args]);
      assert.deepEqual([code, stdout], [2, ""], stderr);
      assert.match(stderr, message);
      assert.match(stderr, /\n {2}\S/, "a hint");
    });
  }
  assert.equal((await home.run(["refresh", "--policy", "long.json"])).code, 2);
  assert.deepEqual(sim.requests, []);
  await keyId(
    home,
    DEVELOPER,
    "--policy",
    "fits.json",
    ...arns(10).flatMap((arn) => ["--policy", arn]),
  );
});

Deno.test("a session policy goes with the last call of a chain alone", async () => {
  await using sim = await startSimulator();
  sim.world.accounts[1]!.roles.push({
    name: "Next",
    path: "/",
    maxSessionDurationSeconds: 3600,
    trusts: [DEVELOPER],
  });
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `[profile base]\nrole_arn = ${DEVELOPER}\n[profile next]\nsource_profile = base\nrole_arn = ${NEXT}\n`,
  );
  await keyId(home, "next", "--read-only");
  assert.deepEqual(asked(sim), [
    ["AssumeRoleWithSAML", [], null],
    ["AssumeRole", [READ_ONLY], null],
  ]);
});

Deno.test("a profile's policy counts until a flag replaces it, and a changed file at once", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write(
    ".aws/config",
    `[profile narrow]
role_arn = ${DEVELOPER}
okta_session_policy_arns = ${VIEW_ONLY}, ${READ_ONLY}
okta_session_policy = narrow.json
[profile okta-acme-production-Developer]
credential_process = okta-aws cred-process okta-acme-production-Developer
okta_session_policy_arns = ${READ_ONLY}
`,
  );
  await home.write(".aws/narrow.json", DOCUMENT);
  const first = await keyId(home, "narrow");
  assert.equal(await keyId(home, "narrow"), first);
  await keyId(home, "narrow", "--policy", VIEW_ONLY);
  const other = DOCUMENT.replace("s3:Get*", "s3:List*");
  await home.write(".aws/narrow.json", other);
  assert.notEqual(await keyId(home, "narrow"), first);
  await keyId(home, "okta-acme-production-Developer");
  assert.deepEqual(asked(sim), [
    ["AssumeRoleWithSAML", [VIEW_ONLY, READ_ONLY], DOCUMENT],
    ["AssumeRoleWithSAML", [VIEW_ONLY], null],
    ["AssumeRoleWithSAML", [VIEW_ONLY, READ_ONLY], other],
    ["AssumeRoleWithSAML", [READ_ONLY], null],
  ]);
  await home.write(".aws/narrow.json", "{");
  const { code, stderr } = await home.run(["cred-process", "narrow"]);
  assert.equal(code, 2);
  assert.match(stderr, /okta_session_policy.*not a policy in JSON/);
});

Deno.test("a team's policy limits every session and can't be replaced", async (t) => {
  await using sim = await startSimulator();
  await using home = await emptyHome(simulatorEnvironment(sim));
  const account = { org: sim.okta, app: sim.embedLink(), session_policy_arns: [READ_ONLY] };
  await home.write("team.json", JSON.stringify({ account: { default: account } }));
  const from = ["--from", `${home.folder}/team.json`];
  const init = ["init", "--username", sim.user.login, "--secrets-stdin", ...from];
  const { code, stderr } = await home.run(init, { stdin: secretsOf(sim) });
  assert.equal(code, 0, stderr);
  await t.step("it goes to STS", async () => {
    await keyId(home, "Developer");
    await keyId(home, "Developer", "--read-only");
    assert.deepEqual(asked(sim), [["AssumeRoleWithSAML", [READ_ONLY], null]]);
  });
  await t.step("refresh obeys it, and plugins see it", async () => {
    await home.write(
      "plugin.ts",
      `export default {
  name: "seen",
  apiVersion: 1,
  permissions: { read: [], write: ["~/seen.json"], net: [], env: [], run: [], credentials: false,
    console: false, secrets: false },
  hooks: {
    async postRefresh(event) {
      await Deno.writeTextFile(event.home + "/seen.json",
        JSON.stringify(event.profiles.map((p) => p.sessionPolicy)));
    },
  },
};
`,
    );
    const added = await home.run(["plugin", "add", `${home.folder}/plugin.ts`, "--yes"]);
    assert.equal(added.code, 0, added.stderr);
    assert.equal((await home.run(["refresh", "Developer"])).code, 0);
    assert.deepEqual(JSON.parse(await home.read("seen.json")), [
      { arns: [READ_ONLY], document: null },
    ]);
  });
  await t.step("no flag and no profile replaces it", async () => {
    sim.requests.length = 0;
    for (const command of [["cred-process", "Developer"], ["refresh"]]) {
      const { code, stderr } = await home.run([...command, "--policy", VIEW_ONLY]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /limit every session of the account default to ReadOnlyAccess/);
    }
    await home.write(
      ".aws/config",
      `[profile wide]\nrole_arn = ${DEVELOPER}\nokta_session_policy_arns = ${VIEW_ONLY}\n`,
    );
    assert.equal((await home.run(["cred-process", "wide"])).code, 2);
    assert.deepEqual(sim.requests, []);
  });
  await t.step("init --from keeps the person's own", async () => {
    const path = ".config/okta-aws/config.ini";
    await home.write(path, (await home.read(path)).replace(READ_ONLY, VIEW_ONLY));
    const { code, stderr } = await home.run(init, { stdin: secretsOf(sim) });
    assert.equal(code, 0, stderr);
    assert.match(stderr, /kept the session policy of \[account default\]/);
    assert.match(await home.read(path), /session_policy_arns = \S+ViewOnlyAccess/);
  });
});
