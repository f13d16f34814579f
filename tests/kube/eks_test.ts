import assert from "node:assert/strict";
import {
  describeClusterRequest,
  listClustersRequest,
  processDescribeClusterResponse,
  processListClustersResponse,
} from "../../src/kube/eks.ts";
import { eksEndpoint } from "../../src/aws/endpoints.ts";
import {
  partitionNamed,
  partitionOfRegion,
  PARTITIONS,
  regionsOf,
} from "../../src/aws/partitions.ts";
import { Secret } from "../../src/secret.ts";

const OPTIONS = {
  endpoint: "https://eks.eu-west-1.amazonaws.com",
  region: "eu-west-1",
  credentials: {
    accessKeyId: "ASIAIOSFODNN7EXAMPLE",
    secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    sessionToken: new Secret("a token"),
    expiration: new Date("2024-05-01T13:00:00Z"),
  },
  now: new Date("2024-05-01T12:00:00Z"),
};

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  body: typeof body === "string" ? body : JSON.stringify(body),
});

const CLUSTER = {
  name: "prod",
  arn: "arn:aws:eks:eu-west-1:123456789012:cluster/prod",
  endpoint: "https://A1B2.gr7.eu-west-1.eks.amazonaws.com",
  status: "ACTIVE",
  certificateAuthority: { data: "LS0tLS1CRUdJTg==" },
};

Deno.test("requests to EKS are signed for it", async () => {
  const list = await listClustersRequest(OPTIONS, "a b");
  assert.equal(list.url, `${OPTIONS.endpoint}/clusters?maxResults=100&nextToken=a+b`);
  const describe = await describeClusterRequest(OPTIONS, "prod");
  assert.deepEqual([describe.method, describe.url], ["GET", `${OPTIONS.endpoint}/clusters/prod`]);
  assert.match(describe.headers!.authorization!, /\/20240501\/eu-west-1\/eks\/aws4_request, /);
  assert.equal(describe.headers!["x-amz-security-token"], "a token");
});

Deno.test("processListClustersResponse() returns names and the next token", () => {
  const page = (body: unknown) => processListClustersResponse(answer(200, body));
  assert.deepEqual(page({ clusters: ["a"], nextToken: "x" }), { names: ["a"], nextToken: "x" });
  for (const nextToken of [null, undefined, ""]) {
    assert.deepEqual(page({ clusters: [], nextToken }), { names: [], nextToken: undefined });
  }
});

Deno.test("processDescribeClusterResponse() returns how to reach the cluster", () => {
  const read = (cluster: unknown) => processDescribeClusterResponse(answer(200, { cluster }));
  assert.deepEqual(read(CLUSTER), {
    name: "prod",
    arn: CLUSTER.arn,
    tokenCluster: "prod",
    endpoint: CLUSTER.endpoint,
    certificateAuthority: "LS0tLS1CRUdJTg==",
  });
  const local = { ...CLUSTER, id: "0f8b-11", outpostConfig: { outpostArns: ["arn"] } };
  assert.equal(read(local).tokenCluster, "0f8b-11");
  for (
    const broken of [
      { ...CLUSTER, endpoint: null, status: "CREATING" },
      { ...CLUSTER, endpoint: "http://plain.example" },
      { ...CLUSTER, certificateAuthority: { data: null } },
      { ...CLUSTER, certificateAuthority: { data: "x: y" } },
    ]
  ) assert.throws(() => read(broken), { name: "AwsError", code: "cluster_not_ready" });
});

Deno.test("EKS errors keep their code; other responses are network errors", () => {
  const refused = (status: number, body: unknown, headers = {}) => () =>
    processListClustersResponse(answer(status, body, headers));
  const type = { "x-amzn-errortype": "AccessDeniedException:http://internal.example/" };
  assert.throws(refused(403, { message: "no" }, type), {
    name: "AwsError",
    code: "AccessDeniedException",
    message: "AWS refused ListClusters: AccessDeniedException: no",
  });
  const typed = { __type: "com.amazonaws.eks#InvalidParameterException", Message: "bad" };
  assert.throws(refused(400, typed), { code: "InvalidParameterException", message: /bad/ });
  assert.throws(refused(500, { message: "oops" }), { name: "NetworkError", code: "http_500" });
  for (const body of ["<html>", "", "null", '{"clusters":1}']) {
    assert.throws(refused(200, body), { name: "NetworkError", code: "unexpected_response" }, body);
  }
});

Deno.test("eksEndpoint() is the partition's, unless the environment overrides it", () => {
  const none = () => undefined;
  const china = partitionNamed("aws-cn")!;
  assert.equal(eksEndpoint(china, "cn-north-1", none), "https://eks.cn-north-1.amazonaws.com.cn");
  const get = (name: string) => ({ AWS_ENDPOINT_URL_EKS: "http://127.0.0.1:1/" })[name];
  assert.equal(eksEndpoint(china, "cn-north-1", get), "http://127.0.0.1:1");
  const insecure = (name: string) => name === "AWS_ENDPOINT_URL" ? "http://x.example" : undefined;
  assert.throws(() => eksEndpoint(china, "cn-north-1", insecure), { code: "insecure_endpoint" });
});

Deno.test("eksEndpoint() follows AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT", () => {
  const fips = { AWS_USE_FIPS_ENDPOINT: "true" };
  const dual = { AWS_USE_DUALSTACK_ENDPOINT: "true" };
  const host = (partition: string, region: string, values: Record<string, string>) =>
    eksEndpoint(partitionNamed(partition)!, region, (name) => values[name]);
  // As in the rules of AWS's client for EKS.
  assert.equal(host("aws", "us-east-1", fips), "https://fips.eks.us-east-1.amazonaws.com");
  assert.equal(host("aws", "us-east-1", dual), "https://eks.us-east-1.api.aws");
  assert.equal(
    host("aws", "us-east-1", { ...fips, ...dual }),
    "https://eks-fips.us-east-1.api.aws",
  );
  assert.equal(
    host("aws-us-gov", "us-gov-east-1", fips),
    "https://eks.us-gov-east-1.amazonaws.com",
  );
  assert.equal(host("aws-cn", "cn-north-1", fips), "https://eks-fips.cn-north-1.amazonaws.com.cn");
});

Deno.test("regionsOf() lists the regions of a partition, its default included", () => {
  for (const { name, defaultRegion } of PARTITIONS) {
    assert.ok(regionsOf(name).includes(defaultRegion), name);
    for (const region of regionsOf(name)) assert.equal(partitionOfRegion(region).name, name);
  }
  assert.deepEqual(regionsOf("aws-moon"), []);
});
