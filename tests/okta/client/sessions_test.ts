import assert from "node:assert/strict";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import {
  appSessionUrl,
  currentSession,
  deleteSession,
  processSessionResponse,
  sessionCookieUrl,
} from "../../../src/okta/client/sessions.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { answer, type Exchange, jsonAnswer, scriptedHttp } from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";

function clientFor(script: Exchange[]): OktaClient {
  const http = scriptedHttp(script);
  return new OktaClient({ org: ORG, jar: new CookieJar(), http, clock: new FakeClock() });
}

Deno.test("sessionCookieUrl() encodes token and target", () => {
  const target = `${ORG}/home/amazon_aws/0oa1/272?a=b&c=d%20e#f`;
  const url = new URL(sessionCookieUrl(ORG, new Secret("201+/=&x"), target));
  assert.equal(url.origin + url.pathname, `${ORG}/login/sessionCookieRedirect`);
  assert.equal(url.searchParams.get("token"), "201+/=&x");
  assert.equal(url.searchParams.get("redirectUrl"), target);
  assert.equal(url.searchParams.get("checkAccountSetupComplete"), "true");
});

Deno.test("appSessionUrl() adds the token to an app's URL, and to no other", () => {
  const token = new Secret("201+/=&x");
  const url = (path: string) => appSessionUrl(`${ORG}${path}`, token);
  const added = "onetimetoken=201%2B%2F%3D%26x";
  assert.equal(url("/home/amazon_aws/0oa1/272"), `${ORG}/home/amazon_aws/0oa1/272?${added}`);
  assert.equal(
    url("/app/aws/exk1/sso/saml?a=b%20c#d"),
    `${ORG}/app/aws/exk1/sso/saml?a=b+c&${added}#d`,
  );
  for (const path of ["/", "/app/UserHome", "/login/x/y", "/home"]) {
    assert.equal(url(path), undefined);
  }
});

Deno.test("processSessionResponse() reads whether a session is alive, and until when", () => {
  const session = { id: "102", status: "ACTIVE", expiresAt: "2024-01-01T02:00:00.000Z" };
  const alive = { active: true, expiresAt: Date.parse("2024-01-01T02:00:00Z") };
  const none = { active: false, expiresAt: undefined };
  assert.deepEqual(processSessionResponse(jsonAnswer(200, session)), alive);
  assert.deepEqual(processSessionResponse(jsonAnswer(200, { status: "ACTIVE", expiresAt: null })), {
    active: true,
    expiresAt: undefined,
  });
  assert.deepEqual(
    processSessionResponse(jsonAnswer(200, { ...session, status: "MFA_REQUIRED" })),
    none,
  );
  assert.deepEqual(processSessionResponse(jsonAnswer(404, { errorCode: "E0000007" })), none);
  for (const body of ["<html>", "null", "", "[]"]) {
    assert.deepEqual(processSessionResponse(answer(200, body)), none);
  }
});

Deno.test("currentSession() requests the session of the cookie jar", async () => {
  const client = clientFor([[
    `GET ${ORG}/api/v1/sessions/me`,
    jsonAnswer(200, { status: "ACTIVE" }),
  ]]);
  assert.equal((await currentSession(client)).active, true);
});

Deno.test("deleteSession() says whether there was one", async () => {
  const request = `DELETE ${ORG}/api/v1/sessions/me`;
  assert.equal(await deleteSession(clientFor([[request, answer(204)]])), true);
  assert.equal(await deleteSession(clientFor([[request, jsonAnswer(404, {})]])), false);
});
