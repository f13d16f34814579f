import assert from "node:assert/strict";
import { SettingsError } from "../../src/errors.ts";
import { isSecureUrl, parseSignInAddress } from "../../src/settings/sign_in_address.ts";

Deno.test("parseSignInAddress() takes the bare org in every spelling", () => {
  const cases: [text: string, org: string][] = [
    ["https://acme.okta.com", "https://acme.okta.com"],
    ["https://acme.okta.com/", "https://acme.okta.com"],
    ["acme.okta.com", "https://acme.okta.com"],
    ["  acme.okta.com\n", "https://acme.okta.com"],
    ["ACME.Okta.com", "https://acme.okta.com"],
    ["HTTPS://ACME.OKTA.COM/", "https://acme.okta.com"],
    ["login.acme.example", "https://login.acme.example"],
    ["acme.okta.com:8443", "https://acme.okta.com:8443"],
    ["https://acme.okta.com:443", "https://acme.okta.com"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080/", "http://localhost:8080"],
    ["http://[::1]:8080/", "http://[::1]:8080"],
    ["localhost:8080", "https://localhost:8080"],
  ];
  for (const [text, org] of cases) {
    assert.deepEqual(parseSignInAddress(text), { org, app: undefined }, text);
  }
});

Deno.test("parseSignInAddress() drops the -admin of the admin console's host", () => {
  const cases: [text: string, org: string][] = [
    ["https://acme-admin.okta.com/admin/dashboard", "https://acme.okta.com"],
    ["acme-admin.oktapreview.com", "https://acme.oktapreview.com"],
    ["acme-admin.okta-emea.com", "https://acme.okta-emea.com"],
    ["acme-admin.okta-gov.com", "https://acme.okta-gov.com"],
    ["acme-admin.okta.mil", "https://acme.okta.mil"],
    ["dev-123-admin.okta.com", "https://dev-123.okta.com"],
    ["acme-admin.okta.com:8443", "https://acme.okta.com:8443"],
    ["acme-admin.example.com", "https://acme-admin.example.com"],
    ["acme-administration.okta.com", "https://acme-administration.okta.com"],
  ];
  for (const [text, org] of cases) assert.equal(parseSignInAddress(text).org, org, text);
});

Deno.test("parseSignInAddress() keeps the app's link with its query, without a fragment", () => {
  const cases: [text: string, app: string][] = [
    ["https://acme.okta.com/home/amazon_aws/0oa1b2/272", ""],
    ["https://acme.okta.com/home/amazon_aws/0oa1b2/272?fromHome=true", ""],
    ["https://acme.okta.com/app/amazon_aws/exk1b2/sso/saml", ""],
    ["https://acme.okta.com/app/exk1b2/sso/saml?fromHome=true", ""],
    [
      "acme.okta.com/home/acme_awsprod_1/0oa1b2/1",
      "https://acme.okta.com/home/acme_awsprod_1/0oa1b2/1",
    ],
    [
      "https://acme-admin.okta.com/home/amazon_aws/0oa1b2/272#top",
      "https://acme.okta.com/home/amazon_aws/0oa1b2/272",
    ],
  ];
  for (const [text, app] of cases) {
    assert.deepEqual(parseSignInAddress(text), { org: "https://acme.okta.com", app: app || text });
  }
});

Deno.test("parseSignInAddress() takes other pages of the org for the org alone", () => {
  for (
    const path of ["/app/UserHome", "/admin/app/amazon_aws/instance/0oa1", "/home/", "/login/x"]
  ) {
    const address = parseSignInAddress(`https://acme.okta.com${path}?a=b`);
    assert.deepEqual(address, { org: "https://acme.okta.com", app: undefined });
  }
});

Deno.test("parseSignInAddress() refuses what is no address, or not a safe one", () => {
  const wrong = [
    "",
    "acme",
    "not an address",
    "http://acme.okta.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "ftp://acme.okta.com",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://",
    "https://jane:pw@acme.okta.com",
    "https://:pw@acme.okta.com/home/a/b/1",
    "https://acme.okta.com@evil.example",
  ];
  for (const text of wrong) {
    assert.throws(
      () => parseSignInAddress(text),
      (error) => error instanceof SettingsError && error.code === "bad_sso_url",
      text,
    );
  }
});

Deno.test("parseSignInAddress() shows a hostile address harmlessly", () => {
  assert.throws(() => parseSignInAddress("a\x1b[31m\nb"), { message: /a\\x1b\[31m\\nb/ });
});

Deno.test("isSecureUrl() lets plain http reach this machine alone", () => {
  const safe = ["https://a.example", "http://localhost:1", "http://127.0.0.9", "http://[::1]:1"];
  const unsafe = [
    "http://a.example",
    "http://127.0.0.1.a.example",
    "http://[::2]",
    "ftp://localhost",
  ];
  for (const url of safe) assert.ok(isSecureUrl(new URL(url)), url);
  for (const url of unsafe) assert.ok(!isSecureUrl(new URL(url)), url);
});
