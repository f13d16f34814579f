import { equal } from "node:assert/strict";
import { scanHtml } from "../../src/saml/html_scan.ts";
import { findStateToken, stateTokenFromUrl } from "../../src/saml/state_token.ts";

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

Deno.test("findStateToken() passes over empty tokens and mere mentions", () => {
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

Deno.test("findStateToken() takes linear time on pages made to be slow", () => {
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
