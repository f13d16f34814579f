import assert from "node:assert/strict";
import { isSignInHost, type StsEndpoint, stsEndpoint } from "../../src/aws/endpoints.ts";
import { partitionOfRegion, PARTITIONS, regionsOf } from "../../src/aws/partitions.ts";
import { callerIdentity } from "../../src/aws/sts/sts.ts";
import { Secret } from "../../src/secret.ts";
import { answer } from "../fakes/scripted_http.ts";
import { stsTransport } from "../fakes/sts_transport.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const RULES = new URL("botocore/tests/functional/endpoint-rules/", FIXTURES);

interface EndpointCase {
  documentation: string;
  params?: Record<string, string | boolean>;
  expect: {
    error?: string;
    endpoint?: {
      url: string;
      properties?: { authSchemes?: { signingRegion?: string }[] };
    };
  };
}

function readCases(service: string): EndpointCase[] {
  try {
    const file = new URL(`${service}/endpoint-tests-1.json`, RULES);
    return JSON.parse(Deno.readTextFileSync(file)).testCases;
  } catch {
    return [];
  }
}

const CASES = readCases("sts");

/** The variables that mean what a case asks for. */
function variablesOf({ params = {} }: EndpointCase): Record<string, string | undefined> {
  const { Endpoint, UseFIPS, UseDualStack, UseGlobalEndpoint } = params;
  return {
    AWS_ENDPOINT_URL_STS: Endpoint as string | undefined,
    AWS_USE_FIPS_ENDPOINT: UseFIPS === undefined ? undefined : String(UseFIPS),
    AWS_USE_DUALSTACK_ENDPOINT: UseDualStack === undefined ? undefined : String(UseDualStack),
    AWS_STS_REGIONAL_ENDPOINTS: UseGlobalEndpoint === true ? "legacy" : undefined,
  };
}

Deno.test({
  name: `stsEndpoint() agrees with the SDKs' ${CASES.length} cases`,
  ignore: ignoreWithoutData(CASES.length === 0),
  async fn(t) {
    for (const one of CASES) {
      const { documentation, params, expect } = one;
      await t.step(documentation, async () => {
        const region = params?.Region as string | undefined;
        const variables = variablesOf(one);
        const resolve = () =>
          stsEndpoint({
            partition: partitionOfRegion(region ?? "us-east-1").name,
            region,
            get: (name) => variables[name],
          });
        if (/Missing Region/.test(expect.error ?? "")) {
          // There is always one: the default of the role's partition.
          assert.equal(resolve().region, "us-east-1");
          return;
        }
        if (expect.error !== undefined) {
          assert.throws(resolve, { code: "endpoint_conflict" });
          return;
        }
        const endpoint = resolve();
        assert.equal(endpoint.url, new URL(expect.endpoint!.url).href);
        const signing = expect.endpoint!.properties?.authSchemes?.[0]?.signingRegion;
        assert.equal(endpoint.region, signing ?? region ?? "us-east-1");
        assert.equal(endpoint.custom, params!.Endpoint !== undefined);
        await assertClientAgrees(endpoint);
      });
    }
  },
});

const KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: new Secret("none") };

/** AWS's client sends to the same host as our rules say, which are part of the cache's key. */
async function assertClientAgrees(endpoint: StsEndpoint): Promise<void> {
  const transport = stsTransport(answer(403, "<ErrorResponse><Error/></ErrorResponse>"));
  await assert.rejects(callerIdentity(transport, { endpoint, credentials: KEYS }));
  assert.equal(transport.sent[0]!.url, endpoint.url);
}

Deno.test("stsEndpoint() agrees with AWS's client in every region, for every kind of endpoint", async () => {
  for (const { name: partition } of PARTITIONS) {
    for (const region of [...regionsOf(partition), undefined]) {
      for (const AWS_USE_FIPS_ENDPOINT of ["true", "false"]) {
        for (const AWS_USE_DUALSTACK_ENDPOINT of ["true", "false"]) {
          const variables: Record<string, string> = {
            AWS_USE_FIPS_ENDPOINT,
            AWS_USE_DUALSTACK_ENDPOINT,
          };
          const get = (name: string) => variables[name];
          await assertClientAgrees(stsEndpoint({ partition, region, get }));
        }
      }
    }
  }
});

/** `signin` of the SDKs is also an API and an OAuth server, not only the sign-in page. */
const SIGN_IN = readCases("signin").filter(({ params, expect }) =>
  params !== undefined && expect.endpoint !== undefined && params.UseFIPS !== true &&
  params.UseDualStack !== true && params.IsControlPlane !== true &&
  params.IsOAuthEndpoint !== true && params.Endpoint === undefined
);

Deno.test({
  name: `isSignInHost() accepts the hosts of ${SIGN_IN.length} of the SDKs' sign-in cases`,
  ignore: ignoreWithoutData(SIGN_IN.length === 0),
  fn() {
    for (const { expect } of SIGN_IN) {
      const { host } = new URL(expect.endpoint!.url);
      assert.ok(isSignInHost(host), host);
    }
  },
});
