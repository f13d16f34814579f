import assert from "node:assert/strict";
import { NetworkError, SignInError } from "../../../src/errors.ts";
import {
  cancelTransaction,
  primaryRequest,
  processAuthnResponse,
  resumeRequest,
  verifyCodeRequest,
} from "../../../src/okta/classic/authn.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import {
  answer,
  type Exchange,
  jsonAnswer,
  networkFailure,
  scriptedHttp,
} from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";

function world(script: Exchange[]) {
  const http = scriptedHttp(script);
  const client = new OktaClient({ org: ORG, jar: new CookieJar(), http, clock: new FakeClock() });
  return { client, http, bodies: () => http.sent.map(({ body }) => JSON.parse(body!)) };
}

Deno.test("primaryRequest() sends user name and password once, whatever the response", async () => {
  const refused = jsonAnswer(401, { errorCode: "E0000004" });
  for (const reply of [refused, answer(503, "<html>")]) {
    const { client, http, bodies } = world([[`POST ${ORG}/api/v1/authn`, reply]]);
    const response = await primaryRequest(client, "jane", new Secret('p"w'));
    assert.equal(response.status, reply.status);
    assert.deepEqual(bodies(), [{
      username: "jane",
      password: 'p"w',
      options: { multiOptionalFactorEnroll: false, warnBeforePasswordExpired: true },
    }]);
    const { headers } = http.sent[0]!;
    assert.equal(headers?.["Accept"], "application/json");
    assert.equal(headers?.["Content-Type"], "application/json");
  }
});

Deno.test("primaryRequest() does not resend the password when the connection breaks", async () => {
  const { client, http } = world([[`POST ${ORG}/api/v1/authn`, networkFailure("reset")]]);
  await assert.rejects(primaryRequest(client, "jane", new Secret("pw")), { code: "reset" });
  assert.equal(http.sent.length, 1);
});

Deno.test("resumeRequest() sends the page's stateToken, with the password if given", async () => {
  const url = `POST ${ORG}/api/v1/authn`;
  const reply = jsonAnswer(200, { status: "MFA_REQUIRED" });
  const { client, bodies } = world([[url, reply], [url, reply]]);
  await resumeRequest(client, new Secret("00s"));
  await resumeRequest(client, new Secret("00s"), { username: "jane", password: new Secret("pw") });
  assert.deepEqual(bodies(), [
    { stateToken: "00s" },
    { username: "jane", password: "pw", stateToken: "00s" },
  ]);
});

Deno.test("verifyCodeRequest() uses the factor's own link with its query, in one request", async () => {
  const verify = `${ORG}/api/v1/authn/factors/uft1/verify?p=1`;
  const { client, http, bodies } = world([[`POST ${verify}`, jsonAnswer(200, {})]]);
  await verifyCodeRequest(client, verify, {
    stateToken: new Secret("00s"),
    passCode: new Secret("012345"),
  });
  assert.deepEqual(bodies(), [{ stateToken: "00s", passCode: "012345" }]);
  http.finished();
});

Deno.test("processAuthnResponse() returns a transaction only for status 200", () => {
  const body = { status: "SUCCESS", sessionToken: "201" };
  assert.equal(processAuthnResponse(jsonAnswer(200, body), "sign in").status, "SUCCESS");
  assert.throws(
    () => processAuthnResponse(jsonAnswer(403, { errorCode: "E0000069" }), "sign in"),
    (error) => error instanceof SignInError && error.code === "E0000069",
  );
  for (const text of ["", "<html>", "{}"]) {
    assert.throws(
      () => processAuthnResponse(answer(200, text), "sign in"),
      (error) => error instanceof NetworkError && error.code === "bad_answer",
    );
  }
});

const PENDING = { status: "MFA_REQUIRED", stateToken: "00s" };

Deno.test("cancelTransaction() follows Okta's link, else the documented path", async () => {
  const href = "https://acme.okta.com/api/v1/authn/cancel?x=1";
  for (
    const [links, expected] of [[{ cancel: { href } }, href], [{}, `${ORG}/api/v1/authn/cancel`]]
  ) {
    const { client, http, bodies } = world([[`POST ${expected}`, jsonAnswer(200, {})]]);
    const reply = jsonAnswer(200, { ...PENDING, _links: links });
    await cancelTransaction(client, processAuthnResponse(reply, "sign in"));
    assert.deepEqual(bodies(), [{ stateToken: "00s" }]);
    http.finished();
  }
});

Deno.test("cancelTransaction() sends nothing without a stateToken, and fails silently", async () => {
  const nothing = world([]);
  const bare = processAuthnResponse(jsonAnswer(200, { status: "LOCKED_OUT" }), "sign in");
  await cancelTransaction(nothing.client, bare);
  assert.equal(nothing.http.sent.length, 0);
  const broken = world([[`POST ${ORG}/api/v1/authn/cancel`, networkFailure("tls")]]);
  await cancelTransaction(broken.client, processAuthnResponse(jsonAnswer(200, PENDING), "sign in"));
  assert.equal(broken.http.sent.length, 1);
});
