import { deepEqual, equal } from "node:assert/strict";
import { readRoles } from "../../src/saml/roles.ts";

const ROLE = "arn:aws:iam::123456789012:role/path/to/Admin";
const PROVIDER = "arn:aws:iam::123456789012:saml-provider/Okta";

Deno.test("readRoles() takes both orders, trims, and gives each pair once", () => {
  const values = [
    `${ROLE},${PROVIDER}`,
    `${PROVIDER},${ROLE}`,
    ` \n\t${PROVIDER} ,\n ${ROLE}\n`,
  ];
  for (const value of values) {
    deepEqual(readRoles([value]).roles, [{ roleArn: ROLE, principalArn: PROVIDER }]);
  }
  equal(readRoles(values).roles.length, 1);
});

Deno.test("readRoles() keeps the order, and two providers of one role apart", () => {
  const other = PROVIDER.replace("Okta", "Okta-2");
  const second = ROLE.replace("Admin", "Reader");
  const { roles } = readRoles([`${ROLE},${other}`, `${second},${PROVIDER}`, `${ROLE},${PROVIDER}`]);
  deepEqual(roles.map((role) => [role.roleArn, role.principalArn]), [
    [ROLE, other],
    [second, PROVIDER],
    [ROLE, PROVIDER],
  ]);
});

Deno.test("readRoles() takes every partition and every character that a role name may have", () => {
  for (const partition of ["aws", "aws-us-gov", "aws-cn", "aws-iso-b", "aws-eusc"]) {
    const roleArn = `arn:${partition}:iam::123456789012:role/a_B+=.@-9`;
    const principalArn = `arn:${partition}:iam::999999999999:saml-provider/a.b_c-d`;
    deepEqual(readRoles([`${roleArn},${principalArn}`]).roles, [{ roleArn, principalArn }]);
  }
});

Deno.test("readRoles() skips and reports everything else", () => {
  const values = [
    "",
    "oops,ohno",
    ROLE,
    `${ROLE},`,
    `${ROLE},${ROLE}`,
    `${PROVIDER},${PROVIDER}`,
    `${ROLE},${PROVIDER},more`,
    `${PROVIDER},${ROLE},more`,
    `${ROLE}:x,${PROVIDER}`,
    `${ROLE.replace("123456789012", "12345678901")},${PROVIDER}`,
    `${ROLE.replace(":iam:", ":sts:")},${PROVIDER}`,
    `${ROLE.replace("arn:aws:", "arn:evil:")},${PROVIDER}`,
    `${ROLE} x,${PROVIDER}`,
    `${ROLE.replace("Admin", "")}${"a".repeat(600)},${PROVIDER}`,
    `${ROLE}é,${PROVIDER}`,
    "arn:aws:iam::123456789012:oidc-provider/x," + ROLE,
  ];
  const { roles, skippedRoles } = readRoles([...values, ...values]);
  deepEqual(roles, []);
  equal(skippedRoles.length, values.length);
});

Deno.test("readRoles() makes skipped values harmless to show", () => {
  deepEqual(readRoles(["a\u001b[31m\u202eb"]).skippedRoles, ["a\\x1b[31m\\u{202e}b"]);
});
