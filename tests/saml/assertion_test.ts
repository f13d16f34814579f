import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { AssertionError } from "../../src/errors.ts";
import {
  MAX_SAML_RESPONSE_CHARACTERS,
  parseSamlResponse,
  readRoles,
} from "../../src/saml/assertion.ts";
import { Secret } from "../../src/secret.ts";

const ROLE = "arn:aws:iam::123456789012:role/Admin";
const PROVIDER = "arn:aws:iam::123456789012:saml-provider/Okta";
const PAIR = `${ROLE},${PROVIDER}`;
const NAME = "https://aws.amazon.com/SAML/Attributes";

const encode = (xml: string): Secret => new Secret(new TextEncoder().encode(xml).toBase64());
const attribute = (name: string, ...values: string[]): string =>
  `<saml2:Attribute Name="${NAME}/${name}">${
    values.map((value) => `<saml2:AttributeValue>${value}</saml2:AttributeValue>`).join("")
  }</saml2:Attribute>`;
const statement = (...attributes: string[]): string =>
  `<saml2:AttributeStatement>${attributes.join("")}</saml2:AttributeStatement>`;
const assertion = (...content: string[]): string =>
  `<saml2:Assertion IssueInstant="2024-01-01T00:00:00.000Z">${content.join("")}</saml2:Assertion>`;
const response = (...content: string[]): Secret =>
  encode(
    `<?xml version="1.0" encoding="UTF-8"?><saml2p:Response Destination="https://signin.aws.amazon.com/saml">${
      content.join("")
    }</saml2p:Response>`,
  );
const rolesOf = (...values: string[]) =>
  parseSamlResponse(response(assertion(statement(attribute("Role", ...values)))));

function refuses(samlResponse: Secret, code: string): AssertionError {
  let refusal: unknown;
  throws(() => parseSamlResponse(samlResponse), (error) => {
    refusal = error;
    return error instanceof AssertionError && error.code === code;
  });
  return refusal as AssertionError;
}

Deno.test("parseSamlResponse() reads every field of what Okta sends", () => {
  const read = parseSamlResponse(response(
    "<saml2:Issuer>http://www.okta.com/outer</saml2:Issuer>",
    assertion(
      "<saml2:Issuer> http://www.okta.com/exk1\n</saml2:Issuer>",
      `<saml2:Subject><saml2:NameID>me@x.org</saml2:NameID><saml2:SubjectConfirmation>`,
      `<saml2:SubjectConfirmationData NotOnOrAfter="2024-01-01T00:05:00.000Z"/>`,
      `</saml2:SubjectConfirmation></saml2:Subject>`,
      `<saml2:Conditions NotOnOrAfter="2024-01-01T01:00:00Z"><saml2:AudienceRestriction>`,
      `<saml2:Audience>urn:amazon:webservices</saml2:Audience></saml2:AudienceRestriction>`,
      `</saml2:Conditions>`,
      `<saml2:AuthnStatement SessionNotOnOrAfter="2024-01-01T12:00:00+02:00"/>`,
      statement(
        attribute("Role", `${PROVIDER},${ROLE}`, "oops,ohno"),
        attribute("RoleSessionName", " me@x.org\n"),
        attribute("SessionDuration", "28800"),
      ),
    ),
  ));
  deepEqual(read, {
    issuer: "http://www.okta.com/exk1",
    destination: "https://signin.aws.amazon.com/saml",
    audiences: ["urn:amazon:webservices"],
    issueInstant: Date.UTC(2024, 0, 1),
    notOnOrAfter: Date.UTC(2024, 0, 1, 0, 5),
    nameId: "me@x.org",
    sessionNotOnOrAfter: Date.UTC(2024, 0, 1, 10),
    roles: [{ roleArn: ROLE, principalArn: PROVIDER }],
    skippedRoles: ["oops,ohno"],
    roleSessionName: "me@x.org",
    sessionDurationSeconds: 28_800,
  });
});

Deno.test("parseSamlResponse() leaves missing members undefined", () => {
  const read = parseSamlResponse(encode("<Response><Assertion/></Response>"));
  deepEqual(read, {
    issuer: undefined,
    destination: undefined,
    audiences: [],
    issueInstant: undefined,
    notOnOrAfter: undefined,
    nameId: undefined,
    sessionNotOnOrAfter: undefined,
    roles: [],
    skippedRoles: [],
    roleSessionName: undefined,
    sessionDurationSeconds: undefined,
  });
});

Deno.test("parseSamlResponse() gathers roles from several statements and repeated attributes", () => {
  const values = ["A", "B", "C", "A"].map((name) => `${ROLE}${name},${PROVIDER}`);
  const read = parseSamlResponse(response(assertion(
    statement(attribute("Role", values[0]!), attribute("Role", values[1]!)),
    statement(attribute("Other", "x"), attribute("Role", values[2]!, values[3]!)),
  )));
  deepEqual(read.roles.map(({ roleArn }) => roleArn.at(-1)), ["A", "B", "C"]);
});

Deno.test("parseSamlResponse() reads a value whole, however its text is written", () => {
  const [left, right] = [PAIR.slice(0, 30), PAIR.slice(30)];
  for (
    const value of [
      `\n  ${PAIR}\n\t`,
      `${left}<!-- comment -->${right}`,
      `<!---->${PAIR}<!-- x -->`,
      `<![CDATA[${PAIR}]]>`,
      `${left}<![CDATA[${right}]]>`,
      `<x:deep><y>${left}</y></x:deep>${right}`,
      PAIR.replaceAll(":", "&#58;").replaceAll("/", "&#x2F;"),
      `${left}<?pi x?>${right}`,
    ]
  ) deepEqual(rolesOf(value).roles, [{ roleArn: ROLE, principalArn: PROVIDER }], value);
  // The hole of CVE-2017-11427: the text must not end where a comment begins.
  deepEqual(rolesOf(`${PAIR}<!-- -->x,y`).roles, []);
  equal(rolesOf(`${ROLE}<!-- -->-Evil,${PROVIDER}`).roles[0]?.roleArn, `${ROLE}-Evil`);
});

Deno.test("parseSamlResponse() decodes entities in names and values once", () => {
  equal(rolesOf("a&amp;lt;b").skippedRoles[0], "a&lt;b");
  const named = `<Attribute Name="${NAME.replaceAll("/", "&#x2f;")}/Role"><AttributeValue>${PAIR}` +
    "</AttributeValue></Attribute>";
  equal(parseSamlResponse(response(assertion(statement(named)))).roles.length, 1);
});

Deno.test("parseSamlResponse() matches attribute names exactly and ignores prefixed ones", () => {
  for (
    const written of [
      `Name="${NAME}/role"`,
      `Name="${NAME}/Role/"`,
      `Name=" ${NAME}/Role"`,
      `Name="x${NAME}/Role"`,
      `Name="Role"`,
      `FriendlyName="${NAME}/Role"`,
      `evil:Name="${NAME}/Role"`,
    ]
  ) {
    const xml = `<Attribute ${written}><AttributeValue>${PAIR}</AttributeValue></Attribute>`;
    deepEqual(parseSamlResponse(response(assertion(statement(xml)))).roles, [], written);
  }
});

Deno.test("parseSamlResponse() finds elements by path only (wrapped assertions)", () => {
  const evil = assertion(statement(attribute("Role", PAIR)));
  const genuine = assertion(
    `<ds:Signature><ds:Object>${evil}</ds:Object></ds:Signature>`,
    statement(attribute("RoleSessionName", "me")),
  );
  deepEqual(parseSamlResponse(response(genuine)).roles, []);
  refuses(response(`<Extensions>${evil}</Extensions>`), "assertion_missing");
});

Deno.test("parseSamlResponse() reads the first assertion that is not encrypted", () => {
  const first = assertion(statement(attribute("Role", PAIR)));
  const second = assertion(statement(attribute("Role", `${ROLE}2,${PROVIDER}`)));
  const read = parseSamlResponse(response("<EncryptedAssertion/>", first, second));
  deepEqual(read.roles.map(({ roleArn }) => roleArn), [ROLE]);
});

Deno.test("parseSamlResponse() enforces the limits of SessionDuration", () => {
  const cases: [string, number | undefined][] = [
    ["900", 900],
    ["43200", 43200],
    [" 3600\n", 3600],
    ["899", undefined],
    ["43201", undefined],
    ["3600.5", undefined],
    ["1e4", undefined],
    ["-3600", undefined],
    ["", undefined],
    ["0x1000", undefined],
  ];
  for (const [value, expected] of cases) {
    const xml = assertion(statement(attribute("SessionDuration", value)));
    equal(parseSamlResponse(response(xml)).sessionDurationSeconds, expected, value);
  }
});

Deno.test("parseSamlResponse() ignores invalid dates, and assumes UTC", () => {
  const cases: [string, number | undefined][] = [
    ["2024-01-01T00:00:00", Date.UTC(2024, 0, 1)],
    ["2024-01-01T00:00:00.123456Z", Date.UTC(2024, 0, 1, 0, 0, 0, 123)],
    ["2024-01-01T00:00:00-01:00", Date.UTC(2024, 0, 1, 1)],
    ["This-is-invalid-2016-09-10F32:59:39.387Z", undefined],
    ["2024-13-01T00:00:00Z", undefined],
    ["1704067200", undefined],
    ["Jan 1 2024", undefined],
  ];
  for (const [value, expected] of cases) {
    const xml = `<Response><Assertion IssueInstant="${value}"/></Response>`;
    equal(parseSamlResponse(encode(xml)).issueInstant, expected, value);
  }
});

Deno.test("parseSamlResponse() accepts base64 with white space and without padding", () => {
  const text = response(assertion(statement(attribute("Role", PAIR)))).reveal();
  const lines = text.replace(/.{64}/g, "$&\r\n");
  for (const way of [lines, text.replace(/=+$/, ""), ` ${text} `]) {
    equal(parseSamlResponse(new Secret(way)).roles.length, 1);
  }
});

Deno.test("parseSamlResponse() has a code for every refusal", () => {
  refuses(new Secret("not base64!"), "assertion_not_base64");
  refuses(new Secret("REDACTED*"), "assertion_not_base64");
  refuses(new Secret(""), "assertion_not_xml");
  refuses(encode("???"), "assertion_not_xml");
  refuses(encode("<Response><Assertion></Response>"), "assertion_not_xml");
  refuses(encode("<a>".repeat(3000) + "</a>".repeat(3000)), "assertion_not_xml");
  refuses(encode("<!DOCTYPE Response><Response><Assertion/></Response>"), "assertion_has_dtd");
  refuses(encode("<Response><Assertion><!DOCTYPE x></Assertion></Response>"), "assertion_has_dtd");
  refuses(encode("<AuthnRequest/>"), "assertion_not_saml");
  refuses(response("<saml2:EncryptedAssertion/>"), "assertion_encrypted");
  refuses(response(), "assertion_missing");
});

Deno.test("parseSamlResponse() says why a response has no assertion", () => {
  const { message } = refuses(
    response(
      "<Status><StatusCode Value='x'/><StatusMessage>No \u001b[1mway</StatusMessage></Status>",
    ),
    "assertion_missing",
  );
  ok(message.endsWith(": No \ufffd[1mway"), message);
  const coded = refuses(
    response("<Status><StatusCode Value='x:Responder'/></Status>"),
    "assertion_missing",
  );
  ok(coded.message.endsWith(": x:Responder"));
});

Deno.test("parseSamlResponse() rejects exactly what exceeds AWS's limit", () => {
  const padded = (length: number): Secret => {
    const bytes = (length / 4) * 3;
    const xml = "<Response><Assertion/></Response>";
    return encode(xml + " ".repeat(bytes - xml.length));
  };
  equal(padded(MAX_SAML_RESPONSE_CHARACTERS).reveal().length, MAX_SAML_RESPONSE_CHARACTERS);
  deepEqual(parseSamlResponse(padded(MAX_SAML_RESPONSE_CHARACTERS)).roles, []);
  refuses(padded(MAX_SAML_RESPONSE_CHARACTERS + 4), "assertion_too_large");
});

Deno.test("parseSamlResponse() only ever throws AssertionErrors, and shows nothing of the text", () => {
  const marker = "s3cr3tvalue";
  const piece = fc.constantFrom(
    "<Response>",
    "</Response>",
    "<Assertion>",
    "</Assertion>",
    "<AttributeStatement>",
    "</AttributeStatement>",
    `<Attribute Name="${NAME}/Role">`,
    "</Attribute>",
    "<AttributeValue>",
    "</AttributeValue>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<?x",
    "?>",
    "&",
    "&amp;",
    "&#x;",
    '"',
    "'",
    "=",
    "<",
    ">",
    "/>",
    marker,
    PAIR,
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      try {
        parseSamlResponse(encode(`<Response><Assertion>${pieces.join("")}`));
      } catch (error) {
        ok(error instanceof AssertionError, String(error));
        ok(!Deno.inspect(error).includes(marker));
      }
    }),
    { numRuns: 2000 },
  );
});

const PATH_ROLE = "arn:aws:iam::123456789012:role/path/to/Admin";

Deno.test("readRoles() accepts both orders, trims, and removes duplicates", () => {
  const values = [
    `${PATH_ROLE},${PROVIDER}`,
    `${PROVIDER},${PATH_ROLE}`,
    ` \n\t${PROVIDER} ,\n ${PATH_ROLE}\n`,
  ];
  for (const value of values) {
    deepEqual(readRoles([value]).roles, [{ roleArn: PATH_ROLE, principalArn: PROVIDER }]);
  }
  equal(readRoles(values).roles.length, 1);
});

Deno.test("readRoles() keeps the order, and two providers of one role apart", () => {
  const other = PROVIDER.replace("Okta", "Okta-2");
  const second = PATH_ROLE.replace("Admin", "Reader");
  const { roles } = readRoles([
    `${PATH_ROLE},${other}`,
    `${second},${PROVIDER}`,
    `${PATH_ROLE},${PROVIDER}`,
  ]);
  deepEqual(roles.map((role) => [role.roleArn, role.principalArn]), [
    [PATH_ROLE, other],
    [second, PROVIDER],
    [PATH_ROLE, PROVIDER],
  ]);
});

Deno.test("readRoles() accepts every partition and every valid character of a role name", () => {
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
    PATH_ROLE,
    `${PATH_ROLE},`,
    `${PATH_ROLE},${PATH_ROLE}`,
    `${PROVIDER},${PROVIDER}`,
    `${PATH_ROLE},${PROVIDER},more`,
    `${PROVIDER},${PATH_ROLE},more`,
    `${PATH_ROLE}:x,${PROVIDER}`,
    `${PATH_ROLE.replace("123456789012", "12345678901")},${PROVIDER}`,
    `${PATH_ROLE.replace(":iam:", ":sts:")},${PROVIDER}`,
    `${PATH_ROLE.replace("arn:aws:", "arn:evil:")},${PROVIDER}`,
    `${PATH_ROLE} x,${PROVIDER}`,
    `${PATH_ROLE.replace("Admin", "")}${"a".repeat(600)},${PROVIDER}`,
    `${PATH_ROLE}é,${PROVIDER}`,
    "arn:aws:iam::123456789012:oidc-provider/x," + PATH_ROLE,
  ];
  const { roles, skippedRoles } = readRoles([...values, ...values]);
  deepEqual(roles, []);
  equal(skippedRoles.length, values.length);
});

Deno.test("readRoles() escapes skipped values", () => {
  deepEqual(readRoles(["a\u001b[31m\u202eb"]).skippedRoles, ["a\\x1b[31m\\u{202e}b"]);
});
