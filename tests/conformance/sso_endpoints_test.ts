import assert from "node:assert/strict";
import { ssoEndpoints } from "../../src/aws/endpoints.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const RULES = new URL("botocore/tests/functional/endpoint-rules/", FIXTURES);

interface EndpointCase {
  documentation: string;
  params?: { Region?: string; Endpoint?: string; UseFIPS?: boolean; UseDualStack?: boolean };
  expect: { error?: string; endpoint?: { url: string } };
}

function readCases(service: string): EndpointCase[] {
  try {
    const file = new URL(`${service}/endpoint-tests-1.json`, RULES);
    return JSON.parse(Deno.readTextFileSync(file)).testCases;
  } catch {
    return [];
  }
}

/** A portal always has a region. */
function isOffered({ params }: EndpointCase): boolean {
  return params?.Region !== undefined;
}

for (const [service, part] of [["sso", "portal"], ["sso-oidc", "oidc"]] as const) {
  const all = readCases(service);
  const cases = all.filter(isOffered);
  Deno.test({
    name: `ssoEndpoints() agrees with ${cases.length} of ${all.length} cases of ${service}`,
    ignore: ignoreWithoutData(all.length === 0),
    fn() {
      for (const { documentation, params, expect } of cases) {
        const variables: Record<string, string | undefined> = {
          AWS_ENDPOINT_URL: params!.Endpoint,
          AWS_USE_FIPS_ENDPOINT: String(params!.UseFIPS ?? false),
          AWS_USE_DUALSTACK_ENDPOINT: String(params!.UseDualStack ?? false),
        };
        const resolve = () => ssoEndpoints(params!.Region!, (name) => variables[name]);
        if (expect.error !== undefined) {
          assert.throws(resolve, { code: "endpoint_conflict" }, documentation);
          continue;
        }
        const endpoints = resolve();
        const wanted = new URL(expect.endpoint!.url).href;
        assert.equal(new URL(endpoints[part].url).href, wanted, documentation);
      }
    },
  });
}
