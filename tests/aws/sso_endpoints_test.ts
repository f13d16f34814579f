import assert from "node:assert/strict";
import { ssoEndpoints } from "../../src/aws/endpoints.ts";

Deno.test("the environment's endpoints win, the service's own first", () => {
  const variables: Record<string, string> = {
    AWS_ENDPOINT_URL: "https://all.example/",
    AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:8080/",
  };
  assert.deepEqual(ssoEndpoints("eu-west-1", (name) => variables[name]), {
    oidc: { url: "https://all.example", custom: true },
    portal: { url: "http://127.0.0.1:8080", custom: true },
  });
  const insecure = () =>
    ssoEndpoints(
      "eu-west-1",
      (name) => name === "AWS_ENDPOINT_URL" ? "http://sso.example" : undefined,
    );
  assert.throws(insecure, { code: "insecure_endpoint" });
});

Deno.test("regions have their partition's hosts", () => {
  const { oidc, portal } = ssoEndpoints("cn-north-1", () => undefined);
  assert.equal(oidc.url, "https://oidc.cn-north-1.amazonaws.com.cn");
  assert.equal(portal.url, "https://portal.sso.cn-north-1.amazonaws.com.cn");
  assert.equal(oidc.custom, false);
});
