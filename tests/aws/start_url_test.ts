import assert from "node:assert/strict";
import { isPortalAddress, parseStartUrl } from "../../src/aws/start_url.ts";

Deno.test("parseStartUrl() reads URLs as people paste them", () => {
  const plain = "https://d-1234567890.awsapps.com/start";
  for (const end of ["", "/", "#/", "/#/?tab=accounts", "?x=1"]) {
    assert.equal(parseStartUrl(` ${plain}${end} `), plain);
  }
  assert.equal(
    parseStartUrl("https://ssoins-1.portal.eu-west-1.app.aws/"),
    "https://ssoins-1.portal.eu-west-1.app.aws",
  );
  assert.equal(parseStartUrl("d-1234567890.awsapps.com/start"), plain);
  assert.equal(parseStartUrl("http://127.0.0.1:8080/start"), "http://127.0.0.1:8080/start");
});

Deno.test("parseStartUrl() refuses other addresses, and says so when it is Okta's", () => {
  const bad = ["", "acme", "acme.example/start", "http://d-1.awsapps.com/start"];
  for (const text of [...bad, "https://u:p@d-1.awsapps.com/start", "javascript:alert(1)"]) {
    assert.throws(
      () => parseStartUrl(text),
      { name: "SettingsError", code: "bad_start_url" },
      text,
    );
  }
  assert.throws(() => parseStartUrl("https://acme.okta.com/home/amazon_aws_sso/0oa1/643"), {
    hint: /an Okta address/,
  });
});

Deno.test("isPortalAddress() tells a portal from an Okta org", () => {
  assert.ok(isPortalAddress("https://d-1.awsapps.com/start#/"));
  assert.ok(isPortalAddress("acme.awsapps.com/start"));
  assert.ok(isPortalAddress("https://ssoins-1.portal.eu-west-1.app.aws"));
  assert.ok(!isPortalAddress("https://acme.okta.com"));
  assert.ok(!isPortalAddress("https://awsapps.com.evil.example"));
});
