import assert from "node:assert/strict";
import { aliasesRequest, processAliasPage } from "../../src/aws/account_aliases.ts";
import { Secret } from "../../src/secret.ts";

function aliasesOf(body: string, status = 200): Record<string, string> {
  return Object.fromEntries(processAliasPage({ status, headers: new Headers(), body }));
}

function newPage(data: unknown): string {
  const json = new TextEncoder().encode(typeof data === "string" ? data : JSON.stringify(data));
  return `<!DOCTYPE html><html><head><meta name="csrf_token" content="x">` +
    `<meta name="data"\n content="${json.toBase64()}"></head><body></body></html>`;
}

/** As the page nests it: the account's own div within another of the same class. */
function oldPage(...names: string[]): string {
  const accounts = names.map((name, index) =>
    `<div class="saml-account"><div onClick="t(${index});"><img src="x.png">` +
    `<div class="saml-account-name">${name}</div></div><hr/>` +
    `<div class="saml-account" id="${index}"><div class="saml-role clickable-radio">` +
    `<input type="radio" name="roleIndex" value="arn:aws:iam::123456789012:role/R"/>` +
    `<label class="saml-role-description" for="arn:aws:iam::123456789012:role/R">R</label>` +
    `</div></div></div>`
  );
  return `<html><body><form id="saml_form"><fieldset>${accounts.join("")}</fieldset></form>`;
}

Deno.test("aliasesRequest() posts the form, quickly, to AWS's sign-in host", () => {
  const request = aliasesRequest({
    action: "https://signin.aws.amazon.com/saml",
    samlResponse: new Secret("PHNhbWw+/w=="),
    relayState: "",
    get: () => undefined,
  });
  assert.equal(request?.url, "https://signin.aws.amazon.com/saml");
  assert.equal(request?.timeoutMilliseconds, 5000);
  assert.equal(request?.body, "SAMLResponse=PHNhbWw%2B%2Fw%3D%3D&RelayState=");
});

Deno.test("aliasesRequest() sends an assertion nowhere else", () => {
  for (
    const action of ["https://evil.com/saml", "http://signin.aws.amazon.com/saml", "", "/saml"]
  ) {
    assert.equal(
      aliasesRequest({
        action,
        samlResponse: new Secret("x"),
        relayState: "",
        get: () => undefined,
      }),
      undefined,
    );
  }
});

Deno.test("processAliasPage() reads the older page, each account once", () => {
  const page = oldPage(
    "Account: dev (123456789012)",
    "Account: 210987654321",
    "  Konto:\n prod-1\n (012345678901) ",
  );
  assert.deepEqual(aliasesOf(page), { "123456789012": "dev", "012345678901": "prod-1" });
});

Deno.test("processAliasPage() reads the newer page", () => {
  const page = newPage({
    roles_accounts: {
      "dev (123456789012)": ["arn:aws:iam::123456789012:role/R"],
      "210987654321": ["arn:aws:iam::210987654321:role/R"],
    },
    foreign_accounts: {},
    name: null,
  });
  assert.deepEqual(aliasesOf(page), { "123456789012": "dev" });
});

Deno.test("processAliasPage() skips what is no alias or no account id", () => {
  const labels = [
    "Dev (123456789012)",
    "a--b (123456789012)",
    "../x (123456789012)",
    "x] [y (123456789012)".replace(" [y", "[y"),
    "\u001b[31mred (123456789012)",
    "999999999999 (123456789012)",
    "dev (12345678901)",
    "dev (1234567890123)",
    "(123456789012)",
    "dev(123456789012)",
  ];
  assert.deepEqual(aliasesOf(oldPage(...labels.map((label) => `Account: ${label}`))), {});
  const roles_accounts = Object.fromEntries(labels.map((label) => [label, []]));
  assert.deepEqual(aliasesOf(newPage({ roles_accounts })), {});
});

Deno.test("processAliasPage() never throws", () => {
  const pages = [
    "",
    "{}",
    "<",
    "\u0000\ufffd",
    "<div class=saml-account-name>",
    '<meta name="data">',
    '<meta name="data" content="%%%">',
    '<meta name="data" content="bm90IGpzb24=">',
    newPage("null"),
    newPage("[]"),
    newPage("7"),
    newPage({ roles_accounts: null }),
    newPage({ roles_accounts: "text" }),
    newPage({ roles_accounts: 7 }),
  ];
  for (const page of pages) assert.deepEqual(aliasesOf(page), {}, page);
});

Deno.test("processAliasPage() reads only an answer that is a page", () => {
  const page = oldPage("Account: dev (123456789012)");
  for (const status of [302, 400, 403, 500]) assert.deepEqual(aliasesOf(page, status), {});
});

Deno.test("processAliasPage() can stand a page that nests very deeply", () => {
  const deep = `${"<div>".repeat(20_000)}<div class="x saml-account-name">a: dev (123456789012)`;
  assert.deepEqual(aliasesOf(deep), { "123456789012": "dev" });
});

Deno.test("processAliasPage() takes linear time for any page", () => {
  const size = 1_000_000;
  const label = '<div class="saml-account-name">dev (123456789012)</div>';
  const pages: [page: string, aliases: Record<string, string>][] = [
    [`${label}${"<div class=saml-account-name>".repeat(size / 29)}`, { "123456789012": "dev" }],
    [`${label}${"<b><table>".repeat(size / 10)}`, { "123456789012": "dev" }],
    [
      `${label}<a ${Array.from({ length: size / 7 }, (_, index) => `a${index}`).join(" ")}>`,
      { "123456789012": "dev" },
    ],
  ];
  const began = performance.now();
  for (const [page, aliases] of pages) assert.deepEqual(aliasesOf(page), aliases);
  // Seconds at most on a busy machine; it was minutes.
  assert.ok(performance.now() - began < 15_000);
});
