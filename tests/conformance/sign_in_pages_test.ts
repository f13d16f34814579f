import assert from "node:assert/strict";
import { deepEqual, equal, ok } from "node:assert/strict";
import { processAliasPage } from "../../src/aws/account_aliases.ts";
import { parseSamlResponse } from "../../src/saml/assertion.ts";
import { classifyPage, findSamlForm, findStateToken } from "../../src/saml/html_page.ts";
import { scanHtml } from "../../src/saml/html_scan.ts";
import { Secret } from "../../src/secret.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const CASES = "saml2aws/_derived/state_token_cases.json";
const PAGE_OF_FORMS = "saml2aws/pkg/page/example/multi-form.html";
const ignore = ignoreWithoutData(text(PAGE_OF_FORMS) === undefined);

function text(file: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(file, FIXTURES));
  } catch {
    return undefined;
  }
}

interface StateTokenCase {
  title: string;
  body: string;
  stateToken?: string;
}

Deno.test("findStateToken() agrees with saml2aws's cases", {
  ignore: text(CASES) === undefined,
}, async (test) => {
  const { cases } = JSON.parse(text(CASES)!) as { cases: StateTokenCase[] };
  ok(cases.length >= 5);
  for (const { title, body, stateToken } of cases) {
    await test.step(title, () => {
      equal(findStateToken(scanHtml(body))?.reveal(), stateToken);
      const kind = stateToken === undefined ? "unknown" : "step_up";
      equal(classifyPage(body, 200).kind, kind);
      equal(classifyPage(`<html><script>${body}</script></html>`, 200).kind, kind);
    });
  }
});

Deno.test("scanHtml() finds the forms of saml2aws's multi-form.html", { ignore }, () => {
  const { forms, title } = scanHtml(text(PAGE_OF_FORMS)!);
  equal(title, "Example Login Page");
  deepEqual(
    forms.map((
      { action, fields },
    ) => [action, fields.map((field) => `${field.name}=${field.value}`)]),
    [["", ["a1=red"]], ["/form_b", ["b1=rock", "b2=paper"]], ["/form_c", ["c1=now"]]],
  );
});

Deno.test("findSamlForm() finds the SAML form among many forms", { ignore }, () => {
  const html = text(PAGE_OF_FORMS)!
    .replace(
      `<input type="hidden" name="c1" value="now"/>`,
      (field) => field + `<input type="hidden" name="SAMLResponse" value="QUJD&#x3d;"/>`,
    );
  equal(findSamlForm(html)?.action, "/form_c");
  equal(findSamlForm(html)?.samlResponse.reveal(), "QUJD");
});

Deno.test("findSamlForm() returns a recorded assertion unchanged", { ignore }, () => {
  const base64 = new TextEncoder().encode(text("saml2aws/testdata/assertion.xml")!).toBase64();
  const escaped = base64.replace(
    /[+/=]/g,
    (character) => `&#x${character.charCodeAt(0).toString(16)};`,
  );
  const html =
    `<form action="https&#x3a;&#x2f;&#x2f;signin.aws.amazon.com&#x2f;saml" method="POST">` +
    `<input name="SAMLResponse" type="hidden" value="${escaped}"/></form>`;
  const form = findSamlForm(html);
  equal(form?.samlResponse.reveal(), base64);
  deepEqual(parseSamlResponse(form!.samlResponse), parseSamlResponse(new Secret(base64)));
});

Deno.test("findSamlForm() reads the form of AWS's role page (saml.html)", { ignore }, () => {
  const form = findSamlForm(text("saml2aws/testdata/saml.html")!);
  equal(form?.action, "/saml");
  equal(form?.samlResponse.reveal(), "REDACTED");
  equal(form?.relayState, "");
});

Deno.test("classifyPage() returns unknown for AWS's Next.js role page", { ignore }, () => {
  const html = text("gimme-aws-creds/tests/fixtures/aws_nextjs.html")!;
  equal(classifyPage(html, 200).kind, "unknown");
});

const FOLDER = new URL("gimme-aws-creds/tests/fixtures/", FIXTURES);

function read(name: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(name, FOLDER));
  } catch {
    return undefined;
  }
}

const PAGE = read("aws_nextjs.html");

Deno.test({
  name: "processAliasPage() reads AWS's newer page as recorded",
  ignore: ignoreWithoutData(PAGE === undefined),
  fn() {
    const aliases = processAliasPage({ status: 200, headers: new Headers(), body: PAGE! });
    // The second account has no alias (and an id of 13 digits).
    assert.deepEqual([...aliases], [["012345678901", "testaccount1"]]);
  },
});
