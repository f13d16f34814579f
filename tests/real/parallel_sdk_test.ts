import assert from "node:assert/strict";
import { programCommand, programEnvironment, setUpHome, signIns } from "../cli/program.ts";
import { grantsOf } from "../sim/default_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import { roleArn } from "../sim/world.ts";
import { required, runs } from "./programs.ts";

const CALLS = 40;
const ROLES = 8;

/** Each thread has its own session and so runs credential_process. */
const BOTO = `
import boto3, concurrent.futures, json, os, sys
def arn(number):
    session = boto3.Session(profile_name="role-%d" % (number % ${ROLES}))
    sts = session.client("sts", region_name="eu-west-1", endpoint_url=os.environ["AWS_ENDPOINT_URL_STS"])
    return sts.get_caller_identity()["Arn"]
with concurrent.futures.ThreadPoolExecutor(${CALLS}) as pool:
    print(json.dumps(list(pool.map(arn, range(${CALLS})))))
`;

Deno.test({
  name:
    `cred-process: signs in once and calls STS once per role when boto3 runs it ${CALLS} times in parallel`,
  ignore: !required && !await runs("python3", "-c", "import boto3"),
  async fn() {
    await using sim = await startSimulator();
    const roles = Array.from({ length: ROLES }, (_, index) => ({
      name: `Role${index}`,
      path: "/",
      maxSessionDurationSeconds: 3600,
    }));
    const account = { id: "555555555555", samlProviders: ["Okta"], roles };
    sim.world.accounts = [account];
    sim.world.apps[0]!.grants = grantsOf(sim.world.accounts);
    await using home = await setUpHome(sim, { args: ["--no-verify"] });
    const program = programCommand().map((word) => `"${word}"`).join(" ");
    await home.write(
      ".aws/config",
      roles.map((role, index) =>
        `[profile role-${index}]\ncredential_process = ${program} cred-process ${
          roleArn(account, role)
        }\n`
      ).join(""),
    );
    const { code, stdout, stderr } = await new Deno.Command("python3", {
      args: ["-c", BOTO],
      clearEnv: true,
      env: await programEnvironment(home.folder, {
        ...home.env,
        AWS_EC2_METADATA_DISABLED: "true",
      }),
      stdin: "null",
    }).output();
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const arns = JSON.parse(new TextDecoder().decode(stdout)) as string[];
    assert.deepEqual(
      arns,
      Array.from(
        { length: CALLS },
        (_, number) =>
          `arn:aws:sts::555555555555:assumed-role/Role${number % ROLES}/jane@example.com`,
      ),
    );
    const assumed = sim.requestsTo("sts", "POST", "/")
      .filter(({ form }) => form.get("Action") === "AssumeRoleWithSAML");
    assert.equal(assumed.length, ROLES);
    assert.equal(signIns(sim), 1);
    assert.equal(sim.state.assertions.size, 1);
  },
});
