import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  classifyPage,
  findSamlForm,
  findStateToken,
  stateTokenFromUrl,
} from "../../src/saml/html_page.ts";
import { scanHtml } from "../../src/saml/html_scan.ts";

const AWS = "https://signin.aws.amazon.com/saml";
const FORM =
  `<form id="appForm" action="https&#x3a;&#x2f;&#x2f;signin.aws.amazon.com&#x2f;saml" method="POST">
  <input name="SAMLResponse" type="hidden" value="PD94&#x2b;&#43;&plus;&#X2f;&sol;Zz&#x3d;&equals;"/>
  <input name="RelayState" type="hidden" value=""/></form>`;
const page = (body: string, title = "", onload = ""): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body ${onload}>${body}</body></html>`;

function form(html: string): unknown {
  const found = findSamlForm(html);
  return found && { ...found, samlResponse: found.samlResponse.reveal() };
}

Deno.test("findSamlForm() reads Okta's form, entities decoded", () => {
  deepEqual(form(page(FORM)), { action: AWS, samlResponse: "PD94+++//Zz=", relayState: "" });
  equal(`${findSamlForm(FORM)?.samlResponse}`, "[secret]");
});

Deno.test("findSamlForm() ignores order, quotes, case and surrounding text", () => {
  const cases = [
    `<form method=post action=${AWS}><input value=QUJD name=SAMLResponse type=hidden>`,
    `<FORM ACTION='${AWS}'><INPUT TYPE='hidden' VALUE='QUJD' NAME='SAMLResponse'></FORM>`,
    `<form action="/other"><input name="q"></form><div><p><form action="${AWS}"><table><tr><td>` +
    `<input\n name = "SAMLResponse"\n value = "QUJD" /></td></tr></table></form>`,
    `<form action="/first"><input name="SAMLResponse" value=""></form>` +
    `<form action="${AWS}"><input name="SAMLResponse" value="QUJD"></form>`,
    `<input form="f" name="SAMLResponse" value="QUJD"><form id="f" action="${AWS}"></form>`,
    `<form action="${AWS}"><form action="/inner"><input name="SAMLResponse" value="QUJD"></form>`,
    `<form action=" ${AWS} "><input name="SAMLResponse" value="QUJD" value="evil"></form>`,
    `<noscript><form action="${AWS}"><input name="SAMLResponse" value="QUJD"></form></noscript>`,
  ];
  for (const html of cases) {
    deepEqual(form(html), { action: AWS, samlResponse: "QUJD", relayState: undefined }, html);
  }
});

Deno.test("findSamlForm() drops white space from the base64 and pads it", () => {
  const cases: [string, string][] = [
    ["QU\r\n JD\t", "QUJD"],
    ["QUI", "QUI="],
    ["QUI=", "QUI="],
    ["QQ==", "QQ=="],
    ["QQ", "QQ=="],
    ["QQ=", "QQ=="],
    ["QUJD=", "QUJD"],
  ];
  for (const [value, expected] of cases) {
    const html = `<form><input name="SAMLResponse" value="${value}"></form>`;
    deepEqual(form(html), { action: "", samlResponse: expected, relayState: undefined });
  }
});

Deno.test("findSamlForm() returns relative and missing actions unchanged", () => {
  const action = (html: string): string | undefined => findSamlForm(html)?.action;
  const input = `<input name="SAMLResponse" value="QUJD">`;
  equal(action(`<form action="/saml">${input}</form>`), "/saml");
  equal(action(`<form>${input}</form>`), "");
  equal(action(input), "");
});

Deno.test("findSamlForm() does not see forms in scripts, comments and other raw text", () => {
  const html = `<form action="${AWS}"><input name="SAMLResponse" value="QUJD"></form>`;
  for (
    const hidden of [
      `<script>var x = '${html}';</script>`,
      `<!-- ${html} -->`,
      `<style>${html}</style>`,
      `<textarea>${html}</textarea>`,
      `<title>${html}</title>`,
      `<iframe>${html}</iframe>`,
      html.replaceAll("<", "&lt;"),
      `<form><input name="samlresponse" value="QUJD"></form>`,
    ]
  ) equal(form(hidden), undefined, hidden);
});

Deno.test("classifyPage() recognises every kind of page", () => {
  const cases: [string, string, number?][] = [
    ["saml_response", page(FORM, "Acme - Signing in...")],
    [
      "identity_center",
      page(
        FORM.replace(
          "signin.aws.amazon.com&#x2f;saml",
          "us-east-1.signin.aws.amazon.com/platform/saml/acs/1",
        ),
      ),
    ],
    [
      "not_assigned",
      page(`<div class="error-content"><p>User is not assigned to this application.</p></div>`),
      403,
    ],
    [
      "not_assigned",
      page("<h1>Sorry, you can't access AWS because you are not assigned this app in Okta.</h1>"),
    ],
    ["not_assigned", page("<h2>403</h2><p>App Not Assigned</p>"), 403],
    [
      "step_up",
      page("<script>var stateToken = '00abc\\x2Ddef';</script>", "Acme - Extra Verification"),
    ],
    [
      "step_up",
      page(
        `<div id="okta-login-container"></div><script>var oktaData = {"stateToken":"02.id.x"};</script>`,
      ),
    ],
    [
      "sign_in_page",
      page(`<div id="okta-sign-in"></div><script>var stateToken = '';</script>`, "Acme - Sign In"),
    ],
    [
      "sign_in_page",
      page(`<form action="/login"><input name=u><input type=password name=p></form>`),
    ],
    ["sign_in_page", page("", "Acme - Sign In")],
    ["sign_in_page", page(`<div id="okta-login-container"></div>`), 401],
    [
      "saml_request_form",
      page(
        `<form action="https://other.okta.com/sso" method="post"><input name="SAMLRequest" value="x"></form>`,
      ),
    ],
    [
      "relay_form",
      page(`<form action="/resume"><input type="hidden" name="RelayState" value=""></form>`),
    ],
    [
      "relay_form",
      page(
        `<form action="/go"><input type="hidden" name="x" value="1"><input type=submit></form>`,
        "",
        `onload="document.forms[0].submit()"`,
      ),
    ],
    ["error_page", page(`<div class="box error-content"><h1>Oops</h1></div>`)],
    ["error_page", page("<h1>Bad Gateway</h1>"), 502],
    ["error_page", "", 500],
    ["unknown", page("<p>hello", "Dashboard")],
    ["unknown", ""],
    ["unknown", page(`<form><input type="hidden" name="csrf" value="1"></form>`)],
    ["unknown", page("", "Signing in...")],
  ];
  for (const [kind, html, status] of cases) {
    equal(classifyPage(html, status ?? 200).kind, kind, html);
  }
});

Deno.test("classifyPage() recognises a sign-in page with a hidden form", () => {
  const html = page(
    `<form action="/login/cert" method="post" id="x509_login" style="display:none;">
      <input type="hidden" name="_xsrfToken" value="null"/>
      <input type="hidden" name="fromURI" value="&#x2f;app&#x2f;x&#x3f;RelayState&#x3d;y"/></form>
    <div id="signin-container"></div><script>var stateToken = ''; form.submit();</script>`,
    "Acme - Sign In",
  );
  equal(classifyPage(html, 200).kind, "sign_in_page");
});

Deno.test("classifyPage() returns the page's message, escaped", () => {
  const refused = classifyPage(
    page(
      `<div class="error-content"><h1>Sorry\u001b[2J</h1><div>User is not assigned to this\n application.</div></div><p>footer`,
    ),
    403,
  );
  deepEqual(refused, {
    kind: "not_assigned",
    message: "Sorry\\x1b[2J User is not assigned to this application.",
  });
  deepEqual(classifyPage(page("<h1>Bad&#8238;Gate</h1>nginx", "502"), 502), {
    kind: "error_page",
    message: "Bad\\u{202e}Gate",
  });
  deepEqual(classifyPage(page("", " My\n <b>Apps "), 200), {
    kind: "unknown",
    title: "My <b>Apps",
  });
});

Deno.test("classifyPage() returns an intermediate form with its fields, without buttons", () => {
  const found = classifyPage(
    page(`<form method="post" action="https://a.okta.com/sso/saml2/0oa1">
      <input type="hidden" name="SAMLRequest" value="a&amp;b"/><input type=hidden name=RelayState>
      <input type="submit" name="go" value="Continue"/></form>`),
    200,
  );
  ok(found.kind === "saml_request_form");
  equal(found.form.action, "https://a.okta.com/sso/saml2/0oa1");
  equal(found.form.method, "POST");
  deepEqual([...found.form.fields].map(([name, value]) => [name, value.reveal()]), [
    ["SAMLRequest", "a&b"],
    ["RelayState", ""],
  ]);
});

Deno.test("classifyPage() handles huge and deeply nested pages", () => {
  for (
    const opening of [
      "<div>",
      "<b>",
      "<p><b>",
      "<table><td>",
      "<form>",
      "<svg>",
      "<div class=error-content>",
    ]
  ) {
    const html = page(opening.repeat(100_000) + FORM);
    equal(classifyPage(html, 200).kind, "saml_response", opening);
  }
  const script = `<script>${"var x = 'stateToken';".repeat(200_000)}</script>`;
  equal(classifyPage(page(script + FORM), 200).kind, "saml_response");
  equal(classifyPage("=".repeat(2_000_000), 200).kind, "unknown");
  equal(findSamlForm(`<input name=SAMLResponse value="${"=".repeat(500_000)}x">`)?.action, "");
  equal(classifyPage("<".repeat(2_000_000), 200).kind, "unknown");
  equal(classifyPage("<a ".repeat(700_000), 200).kind, "unknown");
  equal(classifyPage("&am".repeat(700_000), 200).kind, "unknown");
});

Deno.test("classifyPage() never throws, whatever the page", () => {
  const piece = fc.constantFrom(
    "<form>",
    "</form>",
    "<script>",
    "</script>",
    "<input name=SAMLResponse value=x>",
    "<title>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "\u0000",
    "&#x110000;",
    "<svg>",
    "<template>",
    "<plaintext>",
    "<textarea>",
    "</",
    "<input name=stateToken value='",
    "<h1>",
    "</h1>",
    "stateToken='\\u{fffffff}'",
    "<select>",
    "<frameset>",
    "</body>",
    "<input form=x name=y>",
    "\ud800",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      ok(classifyPage(pieces.join(""), 200).kind);
    }),
    { numRuns: 1000 },
  );
});

const find = (html: string): string | undefined => findStateToken(scanHtml(html))?.reveal();
const script = (source: string): string => `<html><script>\n${source}\n</script></html>`;

Deno.test("findStateToken() finds the token in every shape", () => {
  const token = "00ab-c_D.e~f";
  const cases = [
    script(`var stateToken = '${token}';`),
    script(`let stateToken="${token}"`),
    script(`config.stateToken = '${token}';`),
    script(`{ stateToken: '${token}' }`),
    script(`var oktaData = {"signIn":{"stateToken":"${token}","x":1}};`),
    script(`var data = JSON.parse("{\\"stateToken\\":\\"${token}\\"}");`),
    script(
      `var data = '\\x7B\\x22stateToken\\x22\\x3A\\x22${token.replace("-", "\\x2D")}\\x22\\x7D';`,
    ),
    script(`var stateToken = '${token.replace("-", "\\x2D")}';`),
    script(`var stateToken = '${token.replace("-", "\\x2d").replace("~", "\\u007e")}';`),
    script(`var stateToken = '${token.replace("-", "\\u{2d}")}';`),
    script(`var data = "{\\"stateToken\\":\\"${token.replace("-", "\\\\u002D")}\\"}";`),
    script(`location = "\\/login\\/step-up\\/redirect?stateToken=${token}";`),
    script(
      `location = '\\x2Flogin\\x3FstateToken\\x3D${token.replace("-", "\\x2D")}\\x26x\\x3D1';`,
    ),
    script(`location = '/login?stateToken=${token.replace("-", "\\x2D")}';`),
    `<script type="application/json">{"stateToken":"${token}"}</script>`,
    `<form><input type=hidden name="stateToken" value="${token.replace("-", "&#x2d;")}"></form>`,
    `<input value=' ${token} ' name=stateToken>`,
    `<form action="/login/step-up?x=1&amp;stateToken=${token}"></form>`,
    `<meta http-equiv="refresh" content="0;url=/login/step-up?stateToken=${token}">`,
    `<a href="https://acme.okta.com/login/step-up/redirect?stateToken=${token}">go</a>`,
    `<div data-config="{&quot;stateToken&quot;:&quot;${token}&quot;}"></div>`,
    `plain","stateToken":"${token}","text`,
  ];
  for (const html of cases) equal(find(html), token, html);
});

Deno.test("findStateToken() ignores empty tokens and mere mentions", () => {
  equal(find(script("var stateToken = ''; signIn({ stateToken: stateToken });")), undefined);
  equal(
    find(script("if (stateToken) {} stateTokenExpiresAt: '2024'; stateToken === 'x'")),
    undefined,
  );
  equal(find(script("var myStateToken = 'x'; var mystateToken = 'y';")), undefined);
  equal(find(`<input name="stateToken" value="">`), undefined);
  equal(find(`<!-- var stateToken = 'x' -->`), undefined);
  equal(find(script(`var stateToken = ''; var x = {"stateToken":"00real"};`)), "00real");
  equal(find(script("var stateToken = ''") + script("var stateToken = '00b'")), "00b");
});

Deno.test("findStateToken() takes linear time on malicious pages", () => {
  const long = 50_000;
  const pages = [
    "stateToken".repeat(long),
    "stateToken = '".repeat(long),
    "stateToken=" + " ".repeat(long * 10),
    `stateToken="${"a".repeat(long * 10)}`,
    "?stateToken=".repeat(long) + "\\",
    `?stateToken=${"a".repeat(long * 10)}\\`,
    "stateToken" + "\\".repeat(long * 10),
    "stateToken\\x".repeat(long),
  ];
  // A quadratic search would need minutes for these.
  for (const source of pages) {
    find(script(source));
    find(source);
  }
});

Deno.test("stateTokenFromUrl() reads the query of absolute and relative URLs", () => {
  const read = (url: string): string | undefined => stateTokenFromUrl(url)?.reveal();
  equal(read("https://acme.okta.com/login/step-up/redirect?a=1&stateToken=00a%2Db"), "00a-b");
  equal(read("/login/step-up?stateToken=00a-b#x"), "00a-b");
  equal(read("/login/step-up?stateToken="), undefined);
  equal(read("/login/login.htm?fromURI=%3FstateToken%3Dx"), undefined);
  equal(read("https://["), undefined);
});
