import assert from "node:assert/strict";
import { isSignInHost, stsEndpoint } from "../../src/aws/endpoints.ts";
import { partitionOfRegion } from "../../src/aws/partitions.ts";
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

/** FIPS, dual-stack and the old global endpoint have no setting, so they are not tested. */
function isOffered({ params }: EndpointCase): boolean {
  return params !== undefined && params.UseFIPS !== true && params.UseDualStack !== true &&
    (params.UseGlobalEndpoint !== true || params.Endpoint !== undefined);
}

const ALL = readCases("sts");
const CASES = ALL.filter(isOffered);

Deno.test({
  name: `stsEndpoint() agrees with ${CASES.length} of the SDKs' ${ALL.length} cases`,
  ignore: ignoreWithoutData(ALL.length === 0),
  async fn(t) {
    for (const { documentation, params, expect } of CASES) {
      await t.step(documentation, () => {
        const region = params!.Region as string | undefined;
        const endpoint = stsEndpoint({
          partition: partitionOfRegion(region ?? "us-east-1").name,
          region,
          get: (name) =>
            name === "AWS_ENDPOINT_URL_STS" ? params!.Endpoint as string | undefined : undefined,
        });
        assert.equal(endpoint.url, new URL(expect.endpoint!.url).href);
        const signing = expect.endpoint!.properties?.authSchemes?.[0]?.signingRegion;
        assert.equal(endpoint.region, signing ?? region ?? "us-east-1");
        assert.equal(endpoint.custom, params!.Endpoint !== undefined);
      });
    }
  },
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
