/**
 * The Elastic Kubernetes Service: `GET /clusters` and `GET /clusters/NAME`. One origin
 * serves all regions; the signature names the region.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html
 */

import type { SimCluster } from "../world.ts";
import type { AwsContext } from "./context.ts";
import { identifyCaller } from "./credentials.ts";
import { parseSignature } from "./sigv4.ts";

function answer(status: number, body: unknown, errorType?: string): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      "x-amzn-requestid": crypto.randomUUID(),
      ...(errorType === undefined ? {} : { "x-amzn-errortype": errorType }),
    },
  });
}

/** Also the usual format of errors from before EKS itself. */
function refuse(status: number, code: string, message: string): Response {
  return answer(status, { message }, code);
}

function regionAsked({ request }: AwsContext): string {
  const { method, path, url, headers, text } = request;
  const wire = { method, path, query: url.search.slice(1), headers: [...headers], body: text };
  const parsed = parseSignature(wire);
  return parsed.kind === "signed" ? parsed.signature.scope.split("/")[1] ?? "" : "";
}

export function clusterArn({ world }: Pick<AwsContext, "world">, cluster: SimCluster): string {
  const account = world.accounts.find(({ id }) => id === cluster.accountId);
  const { region, accountId, name } = cluster;
  return `arn:${account?.partition ?? "aws"}:eks:${region}:${accountId}:cluster/${name}`;
}

function listClusters({ world, request }: AwsContext, clusters: SimCluster[]): Response {
  const wished = Number(request.query.get("maxResults") ?? 100);
  if (!(wished >= 1 && wished <= 100)) {
    return refuse(400, "InvalidParameterException", "maxResults must be 1 to 100");
  }
  const at = Number(atob(request.query.get("nextToken") ?? ""));
  const end = at + Math.min(wished, world.aws.eksPageSize);
  const nextToken = end < clusters.length ? btoa(String(end)) : null;
  return answer(200, { clusters: clusters.slice(at, end).map(({ name }) => name), nextToken });
}

function describeCluster(context: AwsContext, clusters: SimCluster[], name: string): Response {
  const cluster = clusters.find((one) => one.name === name);
  if (cluster === undefined) {
    return refuse(404, "ResourceNotFoundException", `No cluster found for name: ${name}.`);
  }
  const { endpoint, authority, status = "ACTIVE", id } = cluster;
  return answer(200, {
    cluster: {
      name,
      arn: clusterArn(context, cluster),
      createdAt: 1726000000.123,
      version: "1.31",
      endpoint: endpoint ?? null,
      roleArn: `arn:aws:iam::${cluster.accountId}:role/eks`,
      status,
      certificateAuthority: { data: authority ?? null },
      platformVersion: "eks.12",
      tags: {},
      ...(id === undefined ? {} : { id, outpostConfig: { outpostArns: [] } }),
    },
  });
}

export async function answerEks(context: AwsContext): Promise<Response> {
  const { world, request } = context;
  const region = regionAsked(context);
  const { regions } = world.aws;
  if (regions !== undefined && !regions.includes(region)) {
    const message = "The security token included in the request is invalid.";
    return refuse(403, "UnrecognizedClientException", message);
  }
  const caller = await identifyCaller(context, "eks", refuse);
  if ("refusal" in caller) return caller.refusal;
  const { account, arn, roleArn } = caller.credentials;
  const [, route, name, more] = request.path.split("/").map(decodeURIComponent);
  if (request.method !== "GET" || route !== "clusters" || more !== undefined) {
    return refuse(404, "UnknownOperationException", "");
  }
  if (world.aws.eksDenied.includes(roleArn ?? "")) {
    const action = name === undefined ? "ListClusters" : "DescribeCluster";
    const message = `User: ${arn} is not authorized to perform: eks:${action}`;
    return refuse(403, "AccessDeniedException", message);
  }
  const clusters = world.clusters.filter((one) =>
    one.accountId === account && one.region === region
  );
  return name === undefined
    ? listClusters(context, clusters)
    : describeCluster(context, clusters, name);
}
