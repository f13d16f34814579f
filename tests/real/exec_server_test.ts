/** `exec --server` with programs that outlive the credentials they began with. */

import assert from "node:assert/strict";
import { type Home, programCommand, programEnvironment, setUpHome } from "../cli/program.ts";
import { startSimulator } from "../sim/simulator.ts";
import { ignoreWithout, required, runs } from "./programs.ts";

/** Calls STS until three lifetimes have passed: four different keys were used. */
const BOTO = `
import boto3, os
sts = boto3.Session().client("sts", region_name="eu-west-1",
    endpoint_url=os.environ["AWS_ENDPOINT_URL_STS"])
credentials = sts._request_signer._credentials
keys, arns = set(), set()
while len(keys) < 4:
    arns.add(sts.get_caller_identity()["Arn"])
    keys.add(credentials.get_frozen_credentials().access_key)
print(",".join(arns))
`;

const ARN = "arn:aws:sts::123456789012:assumed-role/Developer/jane@example.com";

/** Everything that SDKs would take before the endpoint. */
const INHERITED = {
  AWS_ACCESS_KEY_ID: "AKIAINHERITED",
  AWS_SECRET_ACCESS_KEY: "inherited",
  AWS_SESSION_TOKEN: "inherited",
  AWS_PROFILE: "other",
  AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/Other",
  AWS_WEB_IDENTITY_TOKEN_FILE: "/nowhere",
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/nowhere",
  AWS_EC2_METADATA_DISABLED: "true",
};

/** Longer than the other tests of programs: three lifetimes pass. */
async function execServer(home: Home, command: readonly string[]): Promise<string> {
  const [program, ...args] = programCommand();
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args, "exec", "--server", "Developer", "--", ...command],
    clearEnv: true,
    env: await programEnvironment(home.folder, { ...home.env, ...INHERITED }),
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

async function withDefaultKeys(home: Home): Promise<void> {
  const keys = "aws_access_key_id = AKIADEFAULT\naws_secret_access_key = none\n";
  await home.write(".aws/credentials", `[default]\n${keys}[other]\n${keys}`);
  await home.write(".aws/config", "[default]\nregion = eu-west-1\ncredential_process = false\n");
}

Deno.test({
  name: "exec --server: a boto3 program outlives three lifetimes of its role's credentials",
  ignore: !required && !await runs("python3", "-c", "import boto3"),
  async fn() {
    await using sim = await startSimulator();
    sim.world.aws.lifetimeSeconds = 4;
    await using home = await setUpHome(sim);
    await withDefaultKeys(home);
    assert.equal(await execServer(home, ["python3", "-c", BOTO]), ARN);
    const left = [...Deno.readDirSync(`${home.folder}/.aws/okta-aws/server/files`)];
    assert.deepEqual(left.map(({ name }) => name), []);
  },
});

Deno.test({
  name: "exec --server: the AWS CLI runs as PROFILE though [default] has keys",
  ignore: ignoreWithout("aws"),
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await withDefaultKeys(home);
    const identity = ["aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"];
    assert.equal(await execServer(home, identity), ARN);
    const region = await execServer(home, ["aws", "configure", "get", "region"]);
    assert.equal(region, "eu-west-1");
    const other = await execServer(home, [
      ...["aws", "configure", "get", "aws_access_key_id", "--profile", "other"],
    ]);
    assert.equal(other, "AKIADEFAULT");
  },
});
