import assert from "node:assert/strict";
import { parseSsoRole, scopesOf, ssoRoleArn } from "../../src/aws/sso_session.ts";

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
