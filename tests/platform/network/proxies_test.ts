import { deepStrictEqual, doesNotMatch, strictEqual, throws } from "node:assert/strict";
import { SettingsError } from "../../../src/errors.ts";
import { isExempt, proxyFor } from "../../../src/platform/network/proxies.ts";

const PROXY = "http://proxy.example:3128/";

function found(url: string, variables: Record<string, string>): string | undefined {
  return proxyFor(new URL(url), (name) => variables[name] || undefined)?.url;
}

Deno.test("isExempt() accepts every notation of NO_PROXY", () => {
  const table: [entry: string, exempt: string[], others: string[]][] = [
    ["*", ["https://okta.example", "http://127.0.0.1:8080", "https://[::1]"], []],
    ["example.com", ["https://example.com", "https://a.b.example.com"], ["https://anexample.com"]],
    [".example.com", ["https://example.com", "https://a.example.com"], ["https://anexample.com"]],
    ["*.example.com", ["https://a.example.com"], ["https://example.org"]],
    ["EXAMPLE.com.", ["https://a.Example.COM", "https://example.com."], ["https://example.org"]],
    ["example.com:443", ["https://example.com", "https://a.example.com:443"], [
      "https://example.com:8443",
    ]],
    ["example.com:8443", ["https://example.com:8443"], ["https://example.com"]],
    ["127.0.0.1", ["http://127.0.0.1:8080"], ["http://127.0.0.2"]],
    ["127.0.0.1:8080", ["http://127.0.0.1:8080"], ["http://127.0.0.1:8081"]],
    ["10.1.0.0/16", ["https://10.1.255.3"], ["https://10.2.0.1", "https://ten.example"]],
    ["0.0.0.0/0", ["https://10.2.0.1"], ["https://[::1]", "https://ten.example"]],
    ["[::1]", ["http://[::1]:80"], ["http://[::2]"]],
    ["[::1]:8080", ["http://[0:0::1]:8080"], ["http://[::1]"]],
    ["::1", ["http://[::1]:8080"], ["http://[::2]"]],
    ["fd00::/8", ["https://[fd12:3::4]"], ["https://[fe80::1]"]],
    ["a.example, b.example\tc.example,,", ["https://b.example", "https://c.example"], [
      "https://d.example",
    ]],
    [" , ", [], ["https://example.com"]],
    ["300.1.1.1/99", [], ["https://1.1.1.1"]],
  ];
  for (const [entry, exempt, others] of table) {
    const wrong = [...exempt, ...others].filter((url) =>
      isExempt(new URL(url), entry) !== exempt.includes(url)
    );
    deepStrictEqual(wrong, [], entry);
  }
});

Deno.test("proxyFor() chooses by scheme, in either case, and falls back to ALL_PROXY", () => {
  const https = "https://okta.example/";
  const http = "http://127.0.0.1:8080/";
  strictEqual(found(https, { HTTPS_PROXY: PROXY }), PROXY);
  strictEqual(found(https, { https_proxy: PROXY, HTTPS_PROXY: "" }), PROXY);
  strictEqual(found(https, { HTTP_PROXY: PROXY }), undefined);
  strictEqual(found(http, { http_proxy: PROXY }), PROXY);
  strictEqual(found(http, { HTTPS_PROXY: PROXY }), undefined);
  strictEqual(found(https, { all_proxy: PROXY }), PROXY);
  strictEqual(found(https, {}), undefined);
  strictEqual(found(https, { HTTPS_PROXY: PROXY, no_proxy: "okta.example" }), undefined);
  strictEqual(found(http, { HTTP_PROXY: PROXY, REQUEST_METHOD: "GET" }), undefined);
});

Deno.test("proxyFor() accepts a URL without a scheme, with blanks, with a password", () => {
  const at = (value: string) => found("https://okta.example", { HTTPS_PROXY: value });
  strictEqual(at("proxy.example:3128"), PROXY);
  strictEqual(at("  proxy.example:3128 "), PROXY);
  strictEqual(at("http://jo:p%40ss@proxy.example:3128"), "http://jo:p%40ss@proxy.example:3128/");
  strictEqual(at("socks5h://proxy.example:1080"), "socks5h://proxy.example:1080");
});

Deno.test("proxyFor() names the variable that is not a URL, but not its value", () => {
  for (const value of ["ftp://jo:hunter2@proxy", "http://", "http://jo:hunter2@:80"]) {
    throws(() => found("https://okta.example", { https_proxy: value }), (error) => {
      strictEqual((error as SettingsError).code, "bad_proxy");
      doesNotMatch(Deno.inspect(error), /hunter2/);
      return error instanceof SettingsError && error.message.startsWith("https_proxy ");
    });
  }
});
