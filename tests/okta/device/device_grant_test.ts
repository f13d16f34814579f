import assert from "node:assert/strict";
import {
  appInstanceId,
  deviceAuthorizationRequest,
  deviceTokenRequest,
  exchangeRequest,
  processDeviceAuthorization,
  processDeviceToken,
  processExchange,
} from "../../../src/okta/device/device_grant.ts";
import { OktaClient } from "../../../src/okta/client/client.ts";
import { CookieJar } from "../../../src/okta/client/cookie_jar.ts";
import { NetworkError } from "../../../src/errors.ts";
import { Secret } from "../../../src/secret.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { answer, jsonAnswer, scriptedHttp } from "../../fakes/scripted_http.ts";

const ORG = "https://acme.okta.com";
const TOKENS = { accessToken: new Secret("eyJa"), idToken: new Secret("eyJi") };

function client(path: string, reply = jsonAnswer(200, {})) {
  const http = scriptedHttp([[`POST ${ORG}${path}`, reply]]);
  const options = { org: ORG, jar: new CookieJar(), http, clock: new FakeClock() };
  const form = () => Object.fromEntries(new URLSearchParams(http.sent[0]!.body));
  return { okta: new OktaClient(options), http, form };
}

Deno.test("asks for a code with the client id and the documented scopes", async () => {
  const { okta, http, form } = client("/oauth2/v1/device/authorize");
  await deviceAuthorizationRequest(okta, "0oaclient");
  assert.deepEqual(form(), {
    client_id: "0oaclient",
    scope: "openid okta.apps.sso okta.apps.read okta.users.read.self",
  });
  assert.deepEqual(http.sent[0]!.headers, {
    "Accept": "application/json",
    "Content-Type": "application/x-www-form-urlencoded",
  });
});

Deno.test("polls with the device code", async () => {
  const { okta, form } = client("/oauth2/v1/token");
  await deviceTokenRequest(okta, "0oaclient", new Secret("9c713a7b"));
  assert.deepEqual(form(), {
    client_id: "0oaclient",
    device_code: "9c713a7b",
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
  });
});

Deno.test("exchanges both tokens for one that opens the app", async () => {
  const { okta, form } = client("/oauth2/v1/token");
  await exchangeRequest(okta, "0oaclient", { ...TOKENS, appInstanceId: "0oaapp" });
  assert.deepEqual(form(), {
    client_id: "0oaclient",
    actor_token: "eyJa",
    actor_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience: "urn:okta:apps:0oaapp",
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:okta:oauth:token-type:web_sso_token",
    subject_token: "eyJi",
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  });
});

const CODE = { device_code: "d", user_code: "QXNMSLWF", verification_uri: `${ORG}/activate` };

Deno.test("reads a code; optional fields default to those of the RFC", () => {
  const full = processDeviceAuthorization(jsonAnswer(200, {
    ...CODE,
    verification_uri_complete: `${ORG}/activate?user_code=QXNMSLWF`,
    expires_in: 300,
    interval: 2,
    more: "ignored",
  }));
  assert.equal(full.deviceCode.reveal(), "d");
  assert.equal(full.verificationUriComplete, `${ORG}/activate?user_code=QXNMSLWF`);
  assert.deepEqual([full.expiresInSeconds, full.intervalSeconds], [300, 2]);
  const least = processDeviceAuthorization(jsonAnswer(200, { ...CODE, interval: "soon" }));
  assert.deepEqual([least.expiresInSeconds, least.intervalSeconds], [600, undefined]);
  assert.equal(least.verificationUriComplete, undefined);
});

Deno.test("tells pending, slow_down and expired_token from refusals", () => {
  const poll = (error: string) => processDeviceToken(jsonAnswer(400, { error })).kind;
  assert.equal(poll("authorization_pending"), "pending");
  assert.equal(poll("slow_down"), "slow_down");
  assert.equal(poll("expired_token"), "expired");
  assert.throws(() => poll("access_denied"), { name: "SignInError", code: "access_denied" });
  assert.throws(() => poll("invalid_grant"), { name: "SignInError", code: "invalid_grant" });
});

Deno.test("an invalid answer never shows its body", () => {
  const broken = [
    () => processDeviceAuthorization(jsonAnswer(200, { device_code: "s3cret" })),
    () => processDeviceToken(jsonAnswer(200, { access_token: "s3cret" })),
    () => processExchange(jsonAnswer(200, { access_token: "" })),
    () => processExchange(answer(200, "s3cret")),
    () => processExchange(answer(502, "<html>s3cret")),
  ];
  for (const read of broken) {
    assert.throws(read, (error: unknown) => {
      assert.ok(error instanceof NetworkError);
      assert.equal(error.code, "bad_answer");
      assert.ok(!`${error.message}${error.hint}${error.cause}`.includes("s3cret"));
      return true;
    });
  }
});

Deno.test("finds the app's id in its embed link alone", () => {
  assert.equal(appInstanceId(`${ORG}/home/amazon_aws/0oa3omz2i9XR/272`), "0oa3omz2i9XR");
  assert.equal(
    appInstanceId(`${ORG}/home/acme_aws_1/0oa3omz2i9XR/aln4?RelayState=x`),
    "0oa3omz2i9XR",
  );
  assert.equal(appInstanceId(`${ORG}/app/amazon_aws/exk3omz2i9XR/sso/saml`), undefined);
  assert.equal(appInstanceId(`${ORG}/home/bookmark/exk1/2`), undefined);
});
