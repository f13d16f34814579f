import assert from "node:assert/strict";
import { postForm, postJson, primary, send, sessionCookie, sessionToken, verify } from "./probe.ts";
import { startSimulator } from "./simulator.ts";

const SESSIONS = "/api/v1/sessions";
const MINUTE = 60_000;

function redirectUrl(okta: string, token: string, target: string): string {
  const query = new URLSearchParams({ token, redirectUrl: target });
  return `${okta}/login/sessionCookieRedirect?${query}`;
}

function sidOf(headers: Headers): string | undefined {
  return headers.getSetCookie().map((one) => /^sid=([^";]+)/.exec(one)?.[1]).find(Boolean);
}

Deno.test("sessionCookieRedirect: sets several cookies and redirects, once per token", async () => {
  await using sim = await startSimulator();
  const token = await sessionToken(sim);
  const target = `${sim.okta}/home/x`;
  const answer = await send(redirectUrl(sim.okta, token, target));
  assert.equal(answer.status, 302);
  assert.equal(answer.headers.get("location"), target);
  const cookies = answer.headers.getSetCookie();
  assert.ok(cookies.length >= 4);
  assert.ok(cookies.some((one) => /^DT=DI0.*Expires=\w{3}, /.test(one)));
  assert.ok(cookies.some((one) => one.startsWith("JSESSIONID=")));
  assert.ok(sim.state.sessions.has(sidOf(answer.headers)!));
  const again = await send(redirectUrl(sim.okta, token, target));
  assert.equal(again.status, 200);
  assert.match(again.text, /okta-sign-in/);
  assert.equal(sidOf(again.headers), undefined);
});

Deno.test("sessionCookieRedirect: accepts a form", async () => {
  await using sim = await startSimulator();
  const answer = await postForm(`${sim.okta}/login/sessionCookieRedirect`, {
    token: await sessionToken(sim),
    redirectUrl: `${sim.okta}/`,
  });
  assert.equal(answer.status, 302);
});

Deno.test("sessionCookieRedirect: rejects an untrusted origin and keeps the token", async () => {
  await using sim = await startSimulator();
  const token = await sessionToken(sim);
  for (const target of ["https://evil.example/", "//evil.example", "", "http://127.0.0.1:1/"]) {
    const answer = await send(redirectUrl(sim.okta, token, target));
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("location"), null);
  }
  sim.world.org.trustedOrigins.push("https://intranet.example");
  const answer = await send(redirectUrl(sim.okta, token, "https://intranet.example/x"));
  assert.equal(answer.status, 302);
});

Deno.test("sessionToken: expires after five minutes", async () => {
  await using sim = await startSimulator();
  const token = await sessionToken(sim);
  sim.world.clock.advance(5 * MINUTE);
  assert.equal((await postJson(sim, SESSIONS, { sessionToken: token })).status, 401);
});

Deno.test("POST sessions: creates a session whose id is the sid, once per token", async () => {
  await using sim = await startSimulator();
  const token = await sessionToken(sim);
  const { status, json } = await postJson(sim, SESSIONS, { sessionToken: token });
  assert.equal(status, 200);
  assert.equal(json.login, sim.user.login);
  assert.deepEqual(json.amr, ["pwd", "mfa", "otp"]);
  const again = await postJson(sim, SESSIONS, { sessionToken: token });
  assert.equal(again.status, 401);
  assert.equal(again.json.errorCode, "E0000004");
  const me = await send(`${sim.okta}${SESSIONS}/me`, { headers: { cookie: `sid=${json.id}` } });
  assert.equal(me.json.id, json.id);
});

Deno.test("sessions/me: answers 404 E0000007 when there is no valid session", async () => {
  await using sim = await startSimulator();
  const me = (cookie?: string) =>
    send(`${sim.okta}${SESSIONS}/me`, { headers: cookie ? { cookie } : {} });
  const none = await me();
  assert.equal(none.status, 404);
  assert.equal(none.json.errorCode, "E0000007");
  assert.equal(none.json.errorSummary, "Not found: Resource not found: me (Session)");
  assert.equal((await me("sid=unknown")).status, 404);
  const cookie = await sessionCookie(sim);
  assert.equal((await me(cookie)).status, 200);
  sim.world.clock.advance(sim.world.org.sessionLifetimeMs);
  assert.equal((await me(cookie)).status, 404);
});

Deno.test("sessions/me: is extended by refresh and ended by DELETE", async () => {
  await using sim = await startSimulator();
  const cookie = await sessionCookie(sim);
  const url = `${sim.okta}${SESSIONS}/me`;
  sim.world.clock.advance(60 * MINUTE);
  const before = (await send(url, { headers: { cookie } })).json.expiresAt;
  const refreshed = await postJson(sim, `${SESSIONS}/me/lifecycle/refresh`, {}, { cookie });
  assert.ok(refreshed.json.expiresAt > before);
  assert.equal((await send(url, { method: "DELETE", headers: { cookie } })).status, 204);
  assert.equal((await send(url, { headers: { cookie } })).status, 404);
  assert.equal((await send(url, { method: "DELETE", headers: { cookie } })).status, 404);
});

Deno.test("sessionCookieRedirect: keeps an existing session when a sessionToken is sent", async () => {
  await using sim = await startSimulator();
  const cookie = await sessionCookie(sim);
  sim.world.clock.advance(30_000);
  const { json } = await verify(sim, (await primary(sim)).json);
  const url = redirectUrl(sim.okta, json.sessionToken, `${sim.okta}/`);
  const answer = await send(url, { headers: { cookie } });
  assert.equal(`sid=${sidOf(answer.headers)}`, cookie);
  assert.ok(sim.state.sessionTokens.has(json.sessionToken));
});

Deno.test("okta-organization and webfinger: return the pipeline and the IdP", async () => {
  await using sim = await startSimulator();
  const organization = await send(`${sim.okta}/.well-known/okta-organization`);
  assert.equal(organization.json.pipeline, "v1");
  assert.equal(organization.json._links.organization.href, sim.okta);
  sim.world.org.pipeline = "idx";
  sim.world.org.alternate = "https://login.acme.example";
  const idx = (await send(`${sim.okta}/.well-known/okta-organization`)).json;
  assert.equal(idx.pipeline, "idx");
  assert.equal(idx._links.alternate.href, "https://login.acme.example");
  const finger = `${sim.okta}/.well-known/webfinger?rel=okta:idp&resource=`;
  const own = await send(`${finger}okta:acct:jane@example.com`);
  assert.equal(own.json.links[0].properties["okta:idp:type"], "OKTA");
  sim.world.org.idpType = "SAML2";
  const foreign = await send(`${finger}okta:acct:jane@example.com`);
  assert.equal(foreign.json.links[0].properties["okta:idp:type"], "SAML2");
  assert.equal((await send(`${finger}jane`)).json.errorCode, "E0000001");
});
