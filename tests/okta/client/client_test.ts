import assert from "node:assert/strict";
import { SignInError } from "../../../src/errors.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import {
  answer,
  type Exchange,
  jsonAnswer,
  redirect,
  scriptedHttp,
} from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";
const CUSTOM = "https://login.acme.example";
const DESCRIPTION = `GET ${ORG}/.well-known/okta-organization`;

function world(script: Exchange[], org = ORG) {
  const http = scriptedHttp(script);
  const clock = new FakeClock();
  const jar = new CookieJar();
  const waits: number[] = [];
  const onWait = (seconds: number) => void waits.push(seconds);
  return { http, clock, jar, waits, client: new OktaClient({ org, jar, http, clock, onWait }) };
}

function describedAs(alternate?: string) {
  const links = {
    organization: { href: ORG },
    ...(alternate && { alternate: { href: alternate } }),
  };
  return jsonAnswer(200, { pipeline: "v1", _links: links });
}

function isLeftOrg(host: string) {
  return (error: unknown) =>
    error instanceof SignInError && error.code === "left_org" &&
    error.message.endsWith(` to ${host}`);
}

Deno.test("OktaClient.post() sends secrets only in the body, and omits undefined members", async () => {
  const { client, http } = world([[`POST ${ORG}/api/v1/authn`, jsonAnswer(200, {})]]);
  await client.post("/api/v1/authn", { password: new Secret("pw"), nothing: undefined, yes: true });
  const { body, url, headers } = http.sent[0]!;
  assert.deepEqual(JSON.parse(body!), { password: "pw", yes: true });
  assert.ok(!url.includes("pw") && !JSON.stringify(headers).includes("pw"));
});

Deno.test("OktaClient ignores what follows the org's origin", async () => {
  const { client } = world([[`GET ${ORG}/x`, answer(200)]], `${ORG}/home?x=1`);
  assert.equal(client.org, ORG);
  assert.equal((await client.get("/x")).status, 200);
});

Deno.test("OktaClient.page() follows redirects within the org and carries cookies along", async () => {
  const { client, http } = world([
    [`GET ${ORG}/start`, redirect("/two?a=b", { "Set-Cookie": ["sid=1; Path=/", "t=2; Path=/"] })],
    [
      `GET ${ORG}/two?a=b`,
      redirect(`${ORG}/deep/three`, { "Set-Cookie": "t=; Path=/; Max-Age=0" }),
    ],
    [`GET ${ORG}/deep/three`, redirect("four")],
    [`GET ${ORG}/deep/four`, answer(200, "<form>")],
  ]);
  const { url, response } = await client.page("/start");
  assert.equal(url.href, `${ORG}/deep/four`);
  assert.equal(response.body, "<form>");
  assert.deepEqual(http.sent.map(({ headers }) => headers?.["Cookie"]), [
    undefined,
    "sid=1; t=2",
    "sid=1",
    "sid=1",
  ]);
  for (const { headers, maxBodyBytes } of http.sent) {
    assert.match(headers?.["Accept"] ?? "", /^text\/html/);
    assert.ok(maxBodyBytes! > 1024 * 1024 && maxBodyBytes! <= 16 * 1024 * 1024);
  }
});

Deno.test("OktaClient.page() follows 10 redirects and not one more", async () => {
  const hop = (n: number): Exchange => [`GET ${ORG}/${n}`, redirect(`/${n + 1}`)];
  const ten = Array.from({ length: 10 }, (_, n) => hop(n));
  const { client } = world([...ten, [`GET ${ORG}/10`, answer(200, "there")]]);
  assert.equal((await client.page("/0")).response.body, "there");
  const eleven = world([...ten, hop(10)]);
  await assert.rejects(eleven.client.page("/0"), { code: "too_many_redirects" });
  assert.equal(eleven.http.sent.length, 11);
});

Deno.test("OktaClient.page() stops at the first hop out of the org, before anything is sent there", async () => {
  const ways = [
    "https://evil.example/steal",
    "https://acme.okta.com.evil.example/",
    "https://acme.okta.com:8443/",
    "//evil.example/x",
    "http://acme.okta.com/",
  ];
  for (const location of ways) {
    const { client, http, jar } = world([
      [`GET ${ORG}/start`, redirect(location, { "Set-Cookie": "sid=1; Path=/" })],
      [DESCRIPTION, describedAs()],
    ]);
    const { protocol, host, origin } = new URL(location, ORG);
    // Plain http is refused without a question: no description could allow it.
    await assert.rejects(
      client.page("/start"),
      isLeftOrg(protocol === "https:" ? host : origin),
      location,
    );
    assert.ok(http.sent.every(({ url }) => url.startsWith(`${ORG}/`)));
    assert.equal(jar.cookies().length, 1);
  }
});

Deno.test("OktaClient.page() refuses a redirect with a user name in it", async () => {
  const { client } = world([[`GET ${ORG}/start`, redirect("https://jane:pw@acme.okta.com/x")]]);
  await assert.rejects(client.page("/start"), { code: "bad_link" });
});

Deno.test("OktaClient.page() opens origins that the org lists, without the cookies of the other", async () => {
  const { client, http } = world([
    [`GET ${ORG}/start`, redirect(`${CUSTOM}/two`, { "Set-Cookie": "sid=1; Path=/" })],
    [DESCRIPTION, describedAs(CUSTOM)],
    [`GET ${CUSTOM}/two`, redirect(`${CUSTOM}/three`, { "Set-Cookie": "sid=2; Path=/" })],
    [`GET ${CUSTOM}/three`, answer(200)],
  ]);
  assert.equal((await client.page("/start")).url.origin, CUSTOM);
  assert.deepEqual(http.sent.map(({ headers }) => headers?.["Cookie"]), [
    undefined,
    "sid=1",
    undefined,
    "sid=2",
  ]);
});

Deno.test("OktaClient requests the org's origins once", async () => {
  const { client, http } = world([[DESCRIPTION, describedAs(CUSTOM)]]);
  assert.equal(await client.owns(new URL(`${ORG}/x`)), true);
  assert.equal(http.sent.length, 0);
  assert.equal(await client.owns(new URL("https://evil.example/")), false);
  assert.equal(await client.owns(new URL("https://evil.example/")), false);
  assert.equal(await client.owns(new URL(`${CUSTOM}/x`)), true);
  assert.equal(http.sent.length, 1);
});

Deno.test("OktaClient owns no other origin when the description is not Okta's", async () => {
  for (
    const reply of [answer(404, "no"), answer(200, "<html>"), redirect("https://evil.example/")]
  ) {
    const { client } = world([[DESCRIPTION, reply]]);
    assert.equal(await client.owns(new URL("https://evil.example/")), false);
  }
});

Deno.test("OktaClient.post() rejects a link that leaves the org", async () => {
  const { client, http } = world([[DESCRIPTION, describedAs()]]);
  const link = "https://evil.example/api/v1/authn/factors/1/verify";
  await assert.rejects(
    client.post(link, { stateToken: new Secret("00s") }),
    isLeftOrg("evil.example"),
  );
  assert.ok(http.sent.every(({ body }) => body === undefined));
});

Deno.test("OktaClient rejects invalid links", async () => {
  const { client, http } = world([]);
  for (const link of ["https://", "http://[", "https://:80:80/"]) {
    await assert.rejects(client.post(link, {}), { name: "SignInError", code: "bad_link" });
    await assert.rejects(client.page(link), { name: "SignInError", code: "bad_link" });
  }
  for (const link of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"]) {
    await assert.rejects(client.page(link), { code: "left_org" });
  }
  assert.equal(http.sent.length, 0);
});

Deno.test("OktaClient measures the offset of Okta's clock", async () => {
  const { client, clock, http } = world([
    [`GET ${ORG}/x`, () => {
      clock.advance(2000);
      return answer(200, "", { "Date": "Mon, 01 Jan 2024 03:00:00 GMT" });
    }],
    [`GET ${ORG}/x`, answer(200)],
    [`GET ${ORG}/x`, answer(200, "", { "Date": "yesterday" })],
  ]);
  await client.get("/x");
  // Half of the way there and back, half of the second that the header has cut off.
  assert.equal(client.clockOffsetMilliseconds, 3 * 3_600_000 + 500 - 1000);
  await client.get("/x");
  await client.get("/x");
  assert.equal(client.clockOffsetMilliseconds, 3 * 3_600_000 - 500);
  http.finished();
});

Deno.test("OktaClient does not count a rate limit's wait as clock offset, and reports the wait", async () => {
  const limited = jsonAnswer(429, { errorCode: "E0000047" }, {
    "Date": "Mon, 01 Jan 2024 00:00:00 GMT",
    "X-Rate-Limit-Remaining": "0",
    "X-Rate-Limit-Reset": String(Date.parse("2024-01-01T00:00:40Z") / 1000),
  });
  const { client, clock, waits } = world([
    [`POST ${ORG}/api/v1/authn`, limited],
    [
      `POST ${ORG}/api/v1/authn`,
      () => jsonAnswer(200, {}, { "Date": new Date(clock.now()).toUTCString() }),
    ],
  ]);
  await client.post("/api/v1/authn", {});
  assert.ok(clock.slept.reduce((sum, one) => sum + one, 0) >= 40_000);
  assert.ok(Math.abs(client.clockOffsetMilliseconds) <= 1000);
  assert.equal(waits.at(-1), 0);
});

Deno.test("OktaClient.pipeline() asks the org once, and not if an earlier run has", async () => {
  const written: unknown[] = [];
  const remember = (stored: { pipeline: string; origins: string[] } | undefined) => ({
    read: () => Promise.resolve(stored),
    write: (description: unknown) => Promise.resolve(void written.push(description)),
  });
  const open = (script: Exchange[], stored: Parameters<typeof remember>[0]) =>
    new OktaClient({
      org: ORG,
      jar: new CookieJar(),
      http: scriptedHttp(script),
      clock: new FakeClock(),
      remembered: remember(stored),
    });
  const asks = open([[DESCRIPTION, describedAs(CUSTOM)]], undefined);
  assert.equal(await asks.knownPipeline(), undefined);
  assert.deepEqual([await asks.pipeline(), await asks.pipeline()], ["v1", "v1"]);
  assert.equal(await asks.knownPipeline(), "v1");
  assert.deepEqual(written, [{ pipeline: "v1", origins: [ORG, CUSTOM] }]);
  const knows = open([[DESCRIPTION, describedAs()]], { pipeline: "idx", origins: [CUSTOM] });
  assert.deepEqual([await knows.knownPipeline(), await knows.pipeline()], ["idx", "idx"]);
  assert.equal(await knows.owns(new URL(`${CUSTOM}/x`)), true);
  assert.equal(await knows.pipelineNow(), "v1");
  const silent = open([[DESCRIPTION, answer(404)]], undefined);
  assert.equal(await silent.pipeline(), undefined);
  assert.equal(written.length, 2);
});

Deno.test("OktaClient.pipeline() takes no cookies, which would pass for a session", async () => {
  const { client, jar } = world([
    [DESCRIPTION, jsonAnswer(200, { pipeline: "v1" }, { "Set-Cookie": "JSESSIONID=1; Path=/" })],
  ]);
  assert.equal(await client.pipeline(), "v1");
  assert.deepEqual(jar.cookies(), []);
});
