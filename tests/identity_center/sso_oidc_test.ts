import assert from "node:assert/strict";
import {
  authorizeUrl,
  deviceCodeRequest,
  isRegisteredFor,
  processDeviceCode,
  processDevicePoll,
  processRegistration,
  processTokens,
  registerClientRequest,
  tokenRequest,
} from "../../src/identity_center/sso_oidc.ts";
import { processCredentials } from "../../src/identity_center/sso_portal.ts";
import { NetworkError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { answer, jsonAnswer } from "../fakes/scripted_http.ts";

const OIDC = "https://oidc.eu-west-1.amazonaws.com";
const START = "https://d-1234567890.awsapps.com/start";
const CLIENT = { clientId: "id", clientSecret: new Secret("eyJ"), expiresAt: 0 };

Deno.test("requests are camel case and unsigned", () => {
  const register = registerClientRequest(OIDC, START, ["sso:account:access"]);
  assert.equal(register.url, `${OIDC}/client/register`);
  assert.deepEqual(JSON.parse(register.body!), {
    clientName: "okta-aws",
    clientType: "public",
    scopes: ["sso:account:access"],
    grantTypes: [
      "authorization_code",
      "urn:ietf:params:oauth:grant-type:device_code",
      "refresh_token",
    ],
    redirectUris: ["http://127.0.0.1/oauth/callback"],
    issuerUrl: START,
  });
  assert.deepEqual(JSON.parse(deviceCodeRequest(OIDC, CLIENT, START).body!), {
    clientId: "id",
    clientSecret: "eyJ",
    startUrl: START,
  });
  const refreshToken = new Secret("aor");
  const refresh = tokenRequest(OIDC, CLIENT, { grantType: "refresh_token", refreshToken });
  assert.equal(refresh.url, `${OIDC}/token`);
  assert.deepEqual(JSON.parse(refresh.body!), {
    clientId: "id",
    clientSecret: "eyJ",
    grantType: "refresh_token",
    refreshToken: "aor",
  });
  assert.equal(refresh.headers!.Authorization, undefined);
});

Deno.test("the browser is sent to /authorize with state and challenge", () => {
  const url = new URL(authorizeUrl(OIDC, {
    clientId: "id",
    redirectUri: "http://127.0.0.1:49152/oauth/callback",
    scopes: ["sso:account:access"],
    state: "s",
    codeChallenge: "c",
  }));
  assert.equal(url.origin + url.pathname, `${OIDC}/authorize`);
  assert.deepEqual(Object.fromEntries(url.searchParams), {
    response_type: "code",
    client_id: "id",
    redirect_uri: "http://127.0.0.1:49152/oauth/callback",
    state: "s",
    code_challenge_method: "S256",
    scopes: "sso:account:access",
    code_challenge: "c",
  });
});

Deno.test("reads answers; registrations end in seconds, intervals are optional", () => {
  const body = { clientId: "id", clientSecret: "x", clientSecretExpiresAt: 1_700_000_000 };
  assert.equal(processRegistration(jsonAnswer(200, body)).expiresAt, 1_700_000_000_000);
  const code = processDeviceCode(jsonAnswer(200, {
    deviceCode: "d",
    userCode: "ABCD-EFGH",
    verificationUri: "https://device.sso.eu-west-1.amazonaws.com/",
  }));
  assert.deepEqual([code.intervalSeconds, code.expiresInSeconds], [undefined, 600]);
  const tokens = processTokens(jsonAnswer(200, { accessToken: "a", expiresIn: 28800 }));
  assert.equal(tokens.refreshToken, undefined);
});

Deno.test("a client of the AWS CLI's that does not say what it is for knows no redirect", () => {
  assert.ok(!isRegisteredFor(CLIENT, "authorization_code"));
  assert.ok(isRegisteredFor(CLIENT, "refresh_token"));
  const client = { ...CLIENT, grantTypes: ["authorization_code"] };
  assert.ok(isRegisteredFor(client, "authorization_code"));
  assert.ok(!isRegisteredFor(client, "urn:ietf:params:oauth:grant-type:device_code"));
});

Deno.test("polls know each exception by its header, its body or OAuth's word", () => {
  const header = (type: string) => ({ "x-amzn-ErrorType": `${type}:http://internal/` });
  const poll = (error: string, headers = {}) =>
    processDevicePoll(jsonAnswer(400, { error }, headers)).kind;
  assert.equal(poll("authorization_pending"), "pending");
  assert.equal(poll("x", header("AuthorizationPendingException")), "pending");
  assert.equal(poll("slow_down"), "slow_down");
  assert.equal(poll("", header("SlowDownException")), "slow_down");
  assert.equal(poll("expired_token"), "expired");
  assert.throws(() => poll("access_denied"), {
    name: "SignInError",
    code: "AccessDeniedException",
  });
  assert.throws(
    () => processDevicePoll(jsonAnswer(401, { __type: "com.amazonaws#InvalidClientException" })),
    { name: "SignInError", code: "InvalidClientException" },
  );
});

Deno.test("a time that no date can hold is a broken answer", () => {
  const registration = { clientId: "id", clientSecret: "x", clientSecretExpiresAt: 1e18 };
  const keys = { accessKeyId: "A", secretAccessKey: "s", sessionToken: "t" };
  const roleCredentials = (expiration: number) =>
    jsonAnswer(200, { roleCredentials: { ...keys, expiration } });
  const broken = [
    () => processRegistration(jsonAnswer(200, registration)),
    () => processTokens(jsonAnswer(200, { accessToken: "a", expiresIn: 1e300 })),
    () => processTokens(jsonAnswer(200, { accessToken: "a", expiresIn: -1 })),
    () => processCredentials(roleCredentials(1e300)),
    // Seconds where milliseconds are expected.
    () => processCredentials(roleCredentials(1_700_000_000)),
  ];
  for (const read of broken) assert.throws(read, { name: "NetworkError", code: "bad_answer" });
  const { expiration } = processCredentials(roleCredentials(1_700_000_000_000));
  assert.equal(expiration.toISOString(), "2023-11-14T22:13:20.000Z");
});

Deno.test("a broken answer never shows its body", () => {
  const broken = [
    () => processTokens(jsonAnswer(200, { accessToken: "s3cret" })),
    () => processTokens(answer(200, "s3cret")),
    () => processRegistration(answer(502, "<html>s3cret")),
  ];
  for (const read of broken) {
    assert.throws(read, (error: unknown) => {
      assert.ok(error instanceof NetworkError);
      assert.ok(!`${error.message}${error.hint}${error.cause}`.includes("s3cret"));
      return true;
    });
  }
});
