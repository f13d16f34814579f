import assert from "node:assert/strict";
import {
  isAccountAlias,
  isAccountId,
  isRegion,
  parseAssumedRoleArn,
  parsePrincipalArn,
  parseRoleArn,
} from "../../src/aws/arn.ts";

Deno.test("parseRoleArn() takes the path off the name", () => {
  assert.deepEqual(parseRoleArn("arn:aws:iam::012345678901:role/Dev"), {
    arn: "arn:aws:iam::012345678901:role/Dev",
    partition: "aws",
    accountId: "012345678901",
    rolePath: "/",
    roleName: "Dev",
  });
  const nested = parseRoleArn("arn:aws-us-gov:iam::123456789012:role/a/B+=,.@-/Name_1");
  assert.equal(nested?.partition, "aws-us-gov");
  assert.equal(nested?.rolePath, "/a/B+=,.@-/");
  assert.equal(nested?.roleName, "Name_1");
});

Deno.test("parseRoleArn() knows all partitions, also ones to come", () => {
  for (const partition of ["aws", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-new-one"]) {
    assert.equal(
      parseRoleArn(`arn:${partition}:iam::123456789012:role/R`)?.partition,
      partition,
    );
  }
});

Deno.test("parseRoleArn() refuses what is no role's ARN", () => {
  for (
    const text of [
      "",
      "Dev",
      "arn:aws:iam::12345678901:role/R",
      "arn:aws:iam::1234567890123:role/R",
      "arn:aws:iam::123456789012:role/",
      "arn:aws:iam::123456789012:role/path/",
      "arn:aws:iam::123456789012:role",
      "arn:aws:iam::123456789012:user/R",
      "arn:aws:iam::123456789012:saml-provider/Okta",
      "arn:aws:sts::123456789012:assumed-role/R/s",
      "arn:aws:iam:us-east-1:123456789012:role/R",
      "arn:AWS:iam::123456789012:role/R",
      "arn:evil:iam::123456789012:role/R",
      " arn:aws:iam::123456789012:role/R",
      "arn:aws:iam::123456789012:role/R\n",
      "arn:aws:iam::123456789012:role/R R",
      "arn:aws:iam::123456789012:role/R\x1b[31m",
      "arn:aws:iam::123456789012:role/[x]",
      "arn:aws:iam::１２３４５６７８９０１２:role/R",
      `arn:aws:iam::123456789012:role/${"x".repeat(577)}`,
    ]
  ) assert.equal(parseRoleArn(text), undefined, text);
  assert.ok(parseRoleArn(`arn:aws:iam::123456789012:role/${"x".repeat(576)}`));
});

Deno.test("parsePrincipalArn() reads the provider of an assertion", () => {
  const provider = parsePrincipalArn("arn:aws-cn:iam::123456789012:saml-provider/Okta.corp_1-x");
  assert.equal(provider?.partition, "aws-cn");
  assert.equal(provider?.accountId, "123456789012");
  assert.equal(provider?.providerName, "Okta.corp_1-x");
  for (
    const text of [
      "arn:aws:iam::123456789012:role/Okta",
      "arn:aws:iam::123456789012:saml-provider/",
      "arn:aws:iam::123456789012:saml-provider/a/b",
      "arn:aws:iam::123456789012:saml-provider/a b",
    ]
  ) assert.equal(parsePrincipalArn(text), undefined);
});

Deno.test("parseAssumedRoleArn() reads role and session, with or without a path", () => {
  const session = parseAssumedRoleArn("arn:aws:sts::123456789012:assumed-role/Dev/jane@x.com");
  assert.equal(session?.roleName, "Dev");
  assert.equal(session?.roleSessionName, "jane@x.com");
  assert.equal(
    parseAssumedRoleArn("arn:aws:sts::123456789012:assumed-role/Org/Team/Admin/S")?.roleName,
    "Admin",
  );
  for (
    const text of [
      "arn:aws:sts::123456789012:assumed-role/Dev",
      "arn:aws:sts::123456789012:assumed-role/Dev/",
      "arn:aws:sts::123456789012:federated-user/Bob",
      "arn:aws:iam::123456789012:assumed-role/Dev/s",
    ]
  ) assert.equal(parseAssumedRoleArn(text), undefined);
});

Deno.test("isAccountAlias() takes letters, digits and single hyphens", () => {
  for (const alias of ["dev", "a", "1", "my-dev-2", "0a-b"]) assert.ok(isAccountAlias(alias));
  for (const text of ["", "-a", "a-", "a--b", "Dev", "a.b", "a b", "a\n", "ä", "a]"]) {
    assert.ok(!isAccountAlias(text), text);
  }
});

Deno.test("isAccountAlias() takes no time over a long text that fails at its end", () => {
  assert.ok(!isAccountAlias(`${"a".repeat(100_000)}!`));
});

Deno.test("isAccountId() and isRegion() take what has their shape only", () => {
  assert.ok(isAccountId("000000000001"));
  for (const text of ["1", "12345678901a", "1234567890123"]) assert.ok(!isAccountId(text));
  for (
    const region of ["us-east-1", "eusc-de-east-1", "us-isob-east-1", "mars-1", "aws-cn-global"]
  ) assert.ok(isRegion(region));
  for (
    const text of ["", "x", "Ireland", "us east", "us-east-1.evil.com", "US-EAST-1", "a/b", "a\n"]
  ) {
    assert.ok(!isRegion(text));
  }
});
