import assert from "node:assert/strict";
import { createEksToken, type EksToken } from "../../src/kube/eks_token.ts";
import { type Partition, partitionNamed, PARTITIONS } from "../../src/aws/partitions.ts";
import { Secret } from "../../src/secret.ts";
import { urlOfToken } from "../sim/aws/token_verifier.ts";

const NOW = new Date("2024-05-01T12:00:00.900Z");

function tokenOf(partition: Partition, sessionToken = "a/b+c==", lifetime = 3_600_000) {
  return createEksToken({
    cluster: "prod",
    partition,
    region: partition.defaultRegion,
    credentials: {
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      sessionToken: new Secret(sessionToken),
      expiration: new Date(NOW.getTime() + lifetime),
    },
    now: NOW,
  });
}

function urlOf({ token }: EksToken, partition: string): URL {
  const options = { sts: "", cluster: "prod", partition, now: NOW.getTime() };
  return urlOfToken(token.reveal(), options);
}

Deno.test("createEksToken() uses the STS of each partition", async () => {
  for (const partition of PARTITIONS) {
    const { host } = urlOf(await tokenOf(partition), partition.name);
    assert.equal(host, `sts.${partition.defaultRegion}.${partition.dnsSuffix}`);
  }
});

Deno.test("createEksToken() has only known query parameters, in order", async () => {
  const { search, searchParams } = urlOf(await tokenOf(partitionNamed("aws")!), "aws");
  assert.deepEqual([...searchParams.keys()], [
    "Action",
    "Version",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
  ]);
  assert.match(search, /&X-Amz-Security-Token=a%2Fb%2Bc%3D%3D&/);
  assert.match(search, /&X-Amz-Date=20240501T120000Z&X-Amz-Expires=60&/);
});

Deno.test("createEksToken() sets an expiry of 14 minutes, or that of the credentials", async () => {
  const aws = partitionNamed("aws")!;
  const usual = await tokenOf(aws);
  assert.equal(usual.expiration.toISOString(), "2024-05-01T12:14:00.000Z");
  const short = await tokenOf(aws, "t", 60_000);
  assert.equal(short.expiration.toISOString(), "2024-05-01T12:01:00.900Z");
});

Deno.test("createEksToken() never adds padding", async () => {
  for (const sessionToken of ["a", "ab", "abc", "abcd"]) {
    const { token } = await tokenOf(partitionNamed("aws")!, sessionToken);
    assert.match(token.reveal(), /^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
  }
});
