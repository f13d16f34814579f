import assert from "node:assert/strict";
import {
  isPortalAddress,
  parseSsoRole,
  parseStartUrl,
  scopesOf,
  ssoRoleArn,
} from "../../src/identity_center/sso_session.ts";

Deno.test("start URLs as people paste them", () => {
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

Deno.test("what is no start URL is refused, Okta's address by name", () => {
  const bad = ["", "acme", "acme.example/start", "http://d-1.awsapps.com/start"];
  for (const text of [...bad, "https://u:p@d-1.awsapps.com/start", "javascript:alert(1)"]) {
    assert.throws(
      () => parseStartUrl(text),
      { name: "SettingsError", code: "bad_start_url" },
      text,
    );
  }
  assert.throws(() => parseStartUrl("https://acme.okta.com/home/amazon_aws_sso/0oa1/643"), {
    hint: /that is Okta/,
  });
});

Deno.test("a portal's address is told from Okta's", () => {
  assert.ok(isPortalAddress("https://d-1.awsapps.com/start#/"));
  assert.ok(isPortalAddress("acme.awsapps.com/start"));
  assert.ok(isPortalAddress("https://ssoins-1.portal.eu-west-1.app.aws"));
  assert.ok(!isPortalAddress("https://acme.okta.com"));
  assert.ok(!isPortalAddress("https://awsapps.com.evil.example"));
});

Deno.test("roles have an ARN of their own, in their region's partition", () => {
  const arn = ssoRoleArn("111122223333", "ReadOnly", "us-gov-west-1");
  assert.equal(
    arn,
    "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/ReadOnly",
  );
  const role = { accountId: "111122223333", roleName: "ReadOnly" };
  const reserved = "aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_ReadOnly_";
  const own = `arn:aws:iam::111122223333:role/${reserved}0123456789abcdef`;
  for (const text of [arn, own, "arn:aws:iam::111122223333:role/ReadOnly"]) {
    assert.deepEqual(parseSsoRole(text), role);
  }
  assert.equal(parseSsoRole("ReadOnly"), undefined);
});

Deno.test("scopes are separated by commas; without any the portal's is asked for", () => {
  assert.deepEqual(scopesOf(" a , b,"), ["a", "b"]);
  assert.deepEqual(scopesOf(undefined), ["sso:account:access"]);
});
