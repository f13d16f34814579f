import { deepEqual, equal, throws } from "node:assert/strict";
import { parseSamlResponse, type SamlAssertion } from "../../src/saml/assertion.ts";
import { Secret } from "../../src/secret.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const FOLDER = new URL("saml2aws/testdata/", FIXTURES);
const ignore = ignoreWithoutData(!isThere(FOLDER));

function isThere(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}

function read(file: string): SamlAssertion {
  return parseSamlResponse(new Secret(Deno.readFileSync(new URL(file, FOLDER)).toBase64()));
}

Deno.test("parseSamlResponse() reads saml2aws's ADFS assertion (provider, role; mixed prefixes)", {
  ignore,
}, () => {
  const provider = "arn:aws:iam::123123123123:saml-provider/ExampleADFS";
  deepEqual(read("assertion.xml"), {
    issuer: "http://id.example.com/adfs/services/trust",
    destination: "https://signin.aws.amazon.com/saml",
    audiences: ["urn:amazon:webservices"],
    issueInstant: Date.parse("2016-09-10T02:54:39.386Z"),
    notOnOrAfter: Date.parse("2016-09-10T02:59:39.387Z"),
    nameId: "EXAMPLE\\wolfeidau",
    sessionNotOnOrAfter: undefined,
    roles: ["AWS-Admin-CloudOPSBuild", "AWS-Admin-CloudOPSNonProd"].map((name) => ({
      roleArn: `arn:aws:iam::123123123123:role/${name}`,
      principalArn: provider,
    })),
    skippedRoles: [],
    roleSessionName: "wolfeidau@example.com",
    sessionDurationSeconds: 28_800,
  });
});

Deno.test(
  "parseSamlResponse() reads saml2aws's PingFederate assertion (role, provider; indented values)",
  { ignore },
  () => {
    const read_ = read("assertion_pingfed.xml");
    deepEqual(
      read_.roles.map(({ roleArn, principalArn }) => [roleArn, principalArn]),
      [
        ["456456456456", "admin"],
        ["456456456456", "developer"],
        ["789789789789", "admin"],
        ["123123123123", "developer"],
        ["123123123123", "admin"],
      ].map(([account, role]) => [
        `arn:aws:iam::${account}:role/${role}`,
        `arn:aws:iam::${account}:saml-provider/example-idp`,
      ]),
    );
    equal(read_.roleSessionName, "evan.mclean");
    equal(read_.issuer, "id:example:com:au:saml2");
    deepEqual(read_.skippedRoles, []);
  },
);

Deno.test("parseSamlResponse() accepts an invalid date and a missing Destination", {
  ignore,
}, () => {
  const invalid = read("assertion_invalid_date.xml");
  equal(invalid.roles.length, 2);
  // The subject's date is invalid, so only the conditions' end counts.
  equal(invalid.notOnOrAfter, Date.parse("2016-09-10T03:54:39.371Z"));
  const without = read("assertion_no_destination.xml");
  equal(without.destination, undefined);
  equal(without.roles.length, 2);
});

Deno.test("parseSamlResponse() rejects saml2aws's file that is not XML", { ignore }, () => {
  throws(() => read("notxml.xml"), { name: "AssertionError", code: "assertion_not_xml" });
});
