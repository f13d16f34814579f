import assert from "node:assert/strict";
import { ssoEndpoints } from "../../src/aws/endpoints.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const RULES = new URL("botocore/tests/functional/endpoint-rules/", FIXTURES);

interface EndpointCase {
  documentation: string;
  params?: { Region?: string; Endpoint?: string; UseFIPS?: boolean; UseDualStack?: boolean };
  expect: { endpoint?: { url: string } };
}

function readCases(service: string): EndpointCase[] {
  try {
    const file = new URL(`${service}/endpoint-tests-1.json`, RULES);
    return JSON.parse(Deno.readTextFileSync(file)).testCases;
  } catch {
    return [];
  }
}

/** FIPS and dual-stack have no setting, so they are not tested. */
function isOffered({ params, expect }: EndpointCase): boolean {
  return expect.endpoint !== undefined && params?.UseFIPS !== true &&
    params?.UseDualStack !== true && params?.Region !== undefined;
}

for (const [service, part] of [["sso", "portal"], ["sso-oidc", "oidc"]] as const) {
  const all = readCases(service);
  const cases = all.filter(isOffered);
  Deno.test({
    name: `ssoEndpoints() agrees with ${cases.length} of ${all.length} cases of ${service}`,
    ignore: ignoreWithoutData(all.length === 0),
    fn() {
      for (const { documentation, params, expect } of cases) {
        const endpoints = ssoEndpoints(
          params!.Region!,
          (name) => name === "AWS_ENDPOINT_URL" ? params!.Endpoint : undefined,
        );
        const wanted = new URL(expect.endpoint!.url).href;
        assert.equal(new URL(endpoints[part].url).href, wanted, documentation);
      }
    },
  });
}
