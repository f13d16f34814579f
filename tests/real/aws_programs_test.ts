import assert from "node:assert/strict";
import { type Home, programEnvironment, setUpHome, signIns } from "../cli/program.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";
import { ignoreWithout, required, runs } from "./programs.ts";

const ARN = "arn:aws:sts::123456789012:assumed-role/Developer/jane@example.com";
const PROFILE = "okta-acme-production-Developer";
const ignoreAws = ignoreWithout("aws");
const ignoreBoto = !required && !await runs("python3", "-c", "import boto3");
const ignoreMoto = !required && !await runs("python3", "-c", "import moto.server");

/** Prints a profile's ARN and access key as boto3 sees them. */
const BOTO = `
import boto3, json, sys
session = boto3.Session(profile_name=sys.argv[1])
arn = session.client("sts", region_name="eu-west-1").get_caller_identity()["Arn"]
credentials = session.get_credentials()
print(json.dumps({"Arn": arn, "method": credentials.method}))
`;

/** Runs a program with a home folder and parses its JSON output. */
async function readJson(
  home: Home,
  [program, ...args]: [string, ...string[]],
): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    clearEnv: true,
    env: await programEnvironment(home.folder, {
      ...home.env,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_DEFAULT_REGION: "eu-west-1",
    }),
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

const awsIdentity = (home: Home, profile = PROFILE) =>
  readJson(home, ["aws", "--profile", profile, "sts", "get-caller-identity"]);

async function withHome(
  kind: "static" | "process",
  act: (home: Home, sim: Simulator) => Promise<void>,
): Promise<void> {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--profiles", kind] });
  await act(home, sim);
}

Deno.test({
  name: "refresh: writes a profile that the AWS CLI uses",
  ignore: ignoreAws,
  fn: () =>
    withHome("static", async (home) => {
      assert.equal((await awsIdentity(home)).Arn, ARN);
    }),
});

Deno.test({
  name: "cred-process: serves the AWS CLI, the second time from the cache",
  ignore: ignoreAws,
  fn: () =>
    withHome("process", async (home, sim) => {
      assert.equal((await awsIdentity(home)).Arn, ARN);
      const asked = sim.requests.length;
      assert.equal((await awsIdentity(home)).Arn, ARN);
      assert.equal(sim.requests.length, asked + 1, "its own GetCallerIdentity alone");
      assert.equal(signIns(sim), 0);
    }),
});

Deno.test({
  name: "refresh: writes both kinds of profiles so that boto3 accepts them",
  ignore: ignoreBoto,
  async fn(t) {
    for (
      const [kind, method] of [
        ["static", "shared-credentials-file"],
        ["process", "custom-process"],
      ] as const
    ) {
      await t.step(kind, () =>
        withHome(kind, async (home) => {
          const seen = await readJson(home, ["python3", "-c", BOTO, PROFILE]);
          assert.deepEqual(seen, { Arn: ARN, method });
        }));
    }
  },
});

Deno.test({
  name: "exec: gives the AWS CLI a working environment",
  ignore: ignoreAws,
  fn: () =>
    withHome("static", async (home) => {
      const command = ["exec", "Developer", "--", "aws", "sts", "get-caller-identity"];
      const { stdout, stderr } = await home.run(command, {
        env: { AWS_DEFAULT_REGION: "eu-west-1", AWS_PROFILE: "no-such-profile" },
      });
      assert.ok(stdout, stderr);
      assert.equal(JSON.parse(stdout).Arn, ARN);
    }),
});

Deno.test({
  name: "refresh: gets credentials from moto's STS that moto accepts",
  ignore: ignoreMoto || ignoreAws,
  async fn() {
    await using sim = await startSimulator();
    // moto reads only one value of the Role attribute.
    const [app] = sim.world.apps;
    app!.grants = app!.grants.filter(({ roleArn }) => roleArn.endsWith("/Developer"));
    await using moto = await startMoto();
    await using home = await setUpHome(sim, { env: { AWS_ENDPOINT_URL_STS: moto.url } });
    const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
    assert.equal(code, 0, stdout + stderr);
    // With a single role no alias is looked up, which would be a console login.
    const profile = "okta-123456789012-Developer";
    assert.equal(JSON.parse(stdout).profiles[0].profile, profile);
    assert.deepEqual(sim.requestsTo("sts", "POST", "/"), []);
    const identity = await awsIdentity(home, profile);
    assert.equal(identity.Account, "123456789012");
    assert.match(String(identity.Arn), /:assumed-role\/Developer\//);
  },
});

interface Moto extends AsyncDisposable {
  url: string;
}

/** Starts moto on a free loopback port. */
async function startMoto(): Promise<Moto> {
  const child = new Deno.Command("python3", {
    args: ["-u", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let written = "";
  while (!/http:\/\/127\.0\.0\.1:\d+/.test(written)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`moto ended: ${written}`);
    written += value;
  }
  const drained = (async () => {
    while (!(await reader.read()).done);
  })();
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(written)![0],
    async [Symbol.asyncDispose]() {
      child.kill();
      await drained;
      await child.status;
    },
  };
}
