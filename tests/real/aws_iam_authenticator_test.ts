/**
 * aws-iam-authenticator's verifier checks our tokens, and is compared with our tests' verifier.
 * Built by `deno run -A tools/build_verifier.ts`; without it these tests are ignored.
 */

import assert from "node:assert/strict";
import { createEksToken } from "../../src/kube/eks_token.ts";
import { partitionNamed } from "../../src/aws/partitions.ts";
import { Secret } from "../../src/secret.ts";
import { verifierPath } from "../../tools/build_verifier.ts";
import { setUpHome } from "../cli/program.ts";
import { verifyToken } from "../sim/aws/token_verifier.ts";
import { type Simulator, startSimulator } from "../sim/simulator.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";

function isMissing(path: string): boolean {
  try {
    return !Deno.statSync(path).isFile;
  } catch {
    return true;
  }
}

/** The real verifier's result for each token. */
async function judge(
  sim: Simulator,
  tokens: string[],
  { cluster = "prod", partition = "aws", region = "us-east-1" } = {},
): Promise<string[]> {
  const child = new Deno.Command(verifierPath(), {
    args: [sim.sts, cluster, partition, region],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  await new Blob([tokens.map((token) => `${token}\n`).join("")]).stream().pipeTo(child.stdin);
  const { stdout } = await child.output();
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

function tokenOf(url: string): string {
  const options = { alphabet: "base64url", omitPadding: true } as const;
  return `k8s-aws-v1.${new TextEncoder().encode(url).toBase64(options)}`;
}

function urlOf(token: string): string {
  const bytes = Uint8Array.fromBase64(token.slice(11), { alphabet: "base64url" });
  return new TextDecoder().decode(bytes);
}

Deno.test({
  name: "kube token: prints a token that aws-iam-authenticator accepts",
  ignore: isMissing(verifierPath()),
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    const words = ["kube", "token", "--cluster", "prod", "--profile", "Developer"];
    const { code, stdout, stderr } = await home.run([...words, "--region", "eu-west-1"]);
    assert.equal(code, 0, stderr);
    const { token } = JSON.parse(stdout).status;
    assert.deepEqual(await judge(sim, [token]), [`accepted ${ARN}`]);
    assert.match((await judge(sim, [token], { cluster: "other" }))[0]!, /^refused/);
    const gov = { partition: "aws-us-gov", region: "us-gov-west-1" };
    assert.match((await judge(sim, [token], gov))[0]!, /^refused.*hostname/);
    const url = urlOf(token);
    const bad = [
      `${token}=`,
      token.slice(11),
      tokenOf(url.replace("https:", "http:")),
      tokenOf(url.replace("eu-west-1.amazonaws.com", "example.com")),
      tokenOf(url.replace(".com/?", ".com?")),
      tokenOf(`${url}&x-id=GetCallerIdentity`),
      tokenOf(`${url}&x-amz-expires=60`),
      tokenOf(url.replace("Expires=60", "Expires=901")),
      tokenOf(url.replace("GetCallerIdentity", "getcalleridentity")),
      tokenOf(url.replace("host%3Bx-k8s-aws-id", "host")),
      tokenOf(url.replace(/Amz-Date=\d{8}/, "Amz-Date=20200101")),
      tokenOf(url.replace(/Signature=./, "Signature=g")),
    ];
    const ours = { sts: sim.sts, cluster: "prod" };
    const verdicts = await judge(sim, bad);
    for (const [at, verdict] of verdicts.entries()) {
      assert.match(verdict, /^refused/, `token ${at}`);
      await assert.rejects(verifyToken(bad[at]!, ours), `token ${at}`);
    }
    assert.equal(verdicts.length, bad.length);
  },
});

Deno.test({
  name:
    "kube token: uses an STS host that aws-iam-authenticator accepts, in each partition it knows",
  ignore: isMissing(verifierPath()),
  async fn() {
    await using sim = await startSimulator();
    for (
      const [partition, region] of [
        ["aws", "ap-southeast-2"],
        ["aws-cn", "cn-north-1"],
        ["aws-us-gov", "us-gov-east-1"],
        ["aws-iso", "us-iso-east-1"],
        ["aws-iso-b", "us-isob-east-1"],
      ] as const
    ) {
      const { token } = await createEksToken({
        cluster: "prod",
        partition: partitionNamed(partition)!,
        region,
        credentials: {
          accessKeyId: "ASIAIOSFODNN7EXAMPLE",
          secretAccessKey: new Secret("nobody's"),
          sessionToken: new Secret("nobody's"),
          expiration: new Date(Date.now() + 3_600_000),
        },
        now: new Date(),
      });
      // The host is accepted if STS is called, which does not know these keys.
      const [verdict] = await judge(sim, [token.reveal()], { partition, region });
      assert.match(verdict!, /InvalidClientTokenId/, partition);
    }
  },
});
