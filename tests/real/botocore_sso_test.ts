/** botocore's SSO provider reads our token cache, and we read botocore's. */

import assert from "node:assert/strict";
import { simSso } from "../sim/aws/sso/sso_world.ts";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, requestLines, simulatorEnvironment } from "../cli/program.ts";
import { required, runs } from "./programs.ts";

const ignore = !required && !await runs("python3", "-c", "import boto3");

const PROFILE = "okta-acme-production-ReadOnly";

/** Prints the access key that boto3 gets for a profile. */
const SCRIPT = `
import boto3, sys
print(boto3.Session(profile_name=sys.argv[1]).get_credentials().get_frozen_credentials().access_key)
`;

interface TokenFile {
  accessToken: string;
  expiresAt: string;
  refreshToken: string;
}

Deno.test({
  name: "SSO token cache: is shared by okta-aws and botocore in both directions",
  ignore,
  async fn() {
    const sso = simSso();
    await using sim = await startSimulator({ world: (world) => void (world.sso = sso) });
    await using home = await emptyHome(simulatorEnvironment(sim));
    const portal = ["--sso-start-url", `${sim.sso}/start`, "--sso-region", sso.region];
    const init = await home.run(["init", ...portal, "--no-browser", "--region", "eu-west-1"]);
    assert.equal(init.code, 0, init.stderr);
    assert.equal((await home.run(["setup-profiles", "--kind", "sso"])).code, 0);

    const askBotocore = async () => {
      const { code, stdout, stderr } = await new Deno.Command("python3", {
        args: ["-c", SCRIPT, PROFILE],
        clearEnv: true,
        env: { PATH: Deno.env.get("PATH")!, HOME: home.folder, ...sim.env() },
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      return new TextDecoder().decode(stdout);
    };
    sim.requests.length = 0;
    assert.match(await askBotocore(), /^ASIA/);
    assert.deepEqual(requestLines(sim), ["sso GET /federation/credentials"]);

    // Before expiry botocore refreshes the token with the client that we registered.
    const folder = `${home.folder}/.aws/sso/cache`;
    const read = async () => {
      for await (const { name } of Deno.readDir(folder)) {
        const document = JSON.parse(await Deno.readTextFile(`${folder}/${name}`));
        if (document.accessToken) return [`${folder}/${name}`, document as TokenFile] as const;
      }
      throw new Error("no token");
    };
    const [path, ours] = await read();
    const expiresAt = new Date(Date.now() + 5 * 60_000).toISOString().replace(/\.\d+/, "");
    await Deno.writeTextFile(path, JSON.stringify({ ...ours, expiresAt }));
    sim.requests.length = 0;
    assert.match(await askBotocore(), /^ASIA/);
    assert.deepEqual(requestLines(sim), ["sso POST /token", "sso GET /federation/credentials"]);
    const [, theirs] = await read();
    assert.notEqual(theirs.accessToken, ours.accessToken);

    sim.requests.length = 0;
    const { code, stderr } = await home.run(["cred-process", PROFILE, "--force"]);
    assert.equal(code, 0, stderr);
    assert.deepEqual(requestLines(sim), ["sso GET /federation/credentials"]);
    const used = sim.requests.at(-1)!.headers.get("x-amz-sso_bearer_token");
    assert.equal(used, theirs.accessToken);
  },
});
