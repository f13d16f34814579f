import assert from "node:assert/strict";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";

const NOW = Date.parse("2024-01-01T00:00:00Z");
const ORG = new URL("https://acme.okta.com/login/sessionCookieRedirect");

/** Takes in these `Set-Cookie` headers of one answer. */
function accept(jar: CookieJar, cookies: string[], url = ORG, date = "", now = NOW): void {
  const headers = new Headers(cookies.map((cookie): [string, string] => ["Set-Cookie", cookie]));
  if (date !== "") headers.set("Date", date);
  jar.accept(url, headers, now);
}

function sent(jar: CookieJar, url = "https://acme.okta.com/home", now = NOW): string | undefined {
  return jar.header(new URL(url), now);
}

Deno.test("CookieJar sends back what several Set-Cookie headers set, Expires with its comma too", () => {
  const jar = new CookieJar();
  accept(jar, [
    "sid=102abc; Path=/; Secure; HttpOnly",
    "DT=DI0x; Expires=Wed, 31 Dec 2025 07:28:00 GMT; Path=/; Secure",
    'JSESSIONID="A=B=="; Path=/',
  ]);
  assert.equal(sent(jar), 'sid=102abc; DT=DI0x; JSESSIONID="A=B=="');
});

Deno.test("CookieJar replaces a cookie of the same name and path", () => {
  const jar = new CookieJar();
  accept(jar, ["sid=1; Path=/", "sid=2; Path=/"]);
  accept(jar, ["sid=3; Path=/"]);
  assert.equal(sent(jar), "sid=3");
});

Deno.test("CookieJar forgets a cookie that the server deletes", () => {
  for (
    const end of [
      "Max-Age=0",
      "max-age=-1",
      "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "Expires=Thu, 01-Jan-1970 00:00:10 GMT",
      "Expires=Fri, 31 Dec 2027 00:00:00 GMT; Max-Age=0",
      "Max-Age = 0",
    ]
  ) {
    const jar = new CookieJar();
    accept(jar, ["sid=1; Path=/", "DT=2; Path=/"]);
    accept(jar, [`sid=; Path=/; ${end}`]);
    assert.equal(sent(jar), "DT=2", end);
  }
});

Deno.test("CookieJar sends no expired cookie", () => {
  const jar = new CookieJar();
  accept(jar, [
    "short=1; Max-Age=60",
    "dated=2; Expires=Mon, 01 Jan 2024 00:02:00 GMT",
    "session=3",
    "odd=4; Max-Age=soon; Expires=whenever",
    "later=5; Max-Age=600; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
  ]);
  assert.equal(sent(jar, ORG.href, NOW + 59_999), "short=1; dated=2; session=3; odd=4; later=5");
  assert.equal(sent(jar, ORG.href, NOW + 60_000), "dated=2; session=3; odd=4; later=5");
  assert.equal(sent(jar, ORG.href, NOW + 120_000), "session=3; odd=4; later=5");
  assert.equal(sent(jar, ORG.href, NOW + 600_000), "session=3; odd=4");
});

Deno.test("CookieJar reads Expires by the server's clock when ours is wrong", () => {
  const jar = new CookieJar();
  const ahead = NOW + 5 * 3_600_000;
  const cookie = "DT=1; Expires=Mon, 01 Jan 2024 02:00:00 GMT";
  accept(jar, [cookie], ORG, "Mon, 01 Jan 2024 00:00:00 GMT", ahead);
  assert.equal(sent(jar, ORG.href, ahead + 7_199_000), "DT=1");
  assert.equal(sent(jar, ORG.href, ahead + 7_200_000), undefined);
});

Deno.test("CookieJar uses the last of repeated attributes", () => {
  const jar = new CookieJar();
  accept(jar, ["a=1; Path=/login; Path=/home"]);
  assert.equal(sent(jar, "https://acme.okta.com/home"), "a=1");
  assert.equal(sent(jar, "https://acme.okta.com/login"), undefined);
});

Deno.test("CookieJar ignores Domain and separates hosts and ports", () => {
  const jar = new CookieJar();
  accept(jar, ["sid=1; Domain=okta.com; Path=/", "t=2; Domain=.okta.com"]);
  for (
    const url of [
      "https://evil.okta.com/",
      "https://okta.com/",
      "https://sub.acme.okta.com/",
      "https://acme.okta.com:8443/",
      "https://acme.okta.com.evil.example/",
    ]
  ) assert.equal(sent(jar, url), undefined, url);
  assert.equal(sent(jar, "https://acme.okta.com/"), "sid=1; t=2");
});

Deno.test("CookieJar sends a cookie to its path and below, longer paths first", () => {
  const jar = new CookieJar();
  accept(jar, ["root=1; Path=/", "api=2; Path=/api", "slash=3; Path=/app/", "odd=4; Path=nowhere"]);
  assert.equal(sent(jar, "https://acme.okta.com/api/v1/authn"), "api=2; root=1; odd=4");
  assert.equal(sent(jar, "https://acme.okta.com/api"), "api=2; root=1; odd=4");
  assert.equal(sent(jar, "https://acme.okta.com/apiary"), "root=1; odd=4");
  assert.equal(sent(jar, "https://acme.okta.com/app/x"), "slash=3; root=1; odd=4");
  assert.equal(sent(jar, "https://acme.okta.com/app"), "root=1; odd=4");
});

Deno.test("CookieJar ignores invalid cookies", () => {
  const jar = new CookieJar();
  accept(jar, ["novalue", "=x", " = y", ";", ""]);
  assert.equal(sent(jar), undefined);
  assert.deepEqual(jar.cookies(), []);
});

Deno.test("CookieJar.restore() puts back what cookies() gave, through JSON", () => {
  const jar = new CookieJar();
  accept(jar, ["sid=1; Path=/", "DT=2; Max-Age=60; Path=/"]);
  const other = new CookieJar();
  accept(other, ["gone=0"]);
  other.restore(JSON.parse(JSON.stringify(jar.cookies())));
  assert.equal(sent(other), "sid=1; DT=2");
  assert.equal(sent(other, ORG.href, NOW + 60_000), "sid=1");
});

Deno.test("CookieJar.keepOnly() forgets the session and keeps the device", () => {
  const jar = new CookieJar();
  accept(jar, ["sid=1", "idx=2", "DT=3"]);
  jar.keepOnly(["DT"]);
  assert.equal(sent(jar), "DT=3");
});
