import assert from "node:assert/strict";
import {
  formatLoginUrl,
  processSigninTokenResponse,
  signinTokenRequest,
} from "../../../src/aws/console/federation.ts";
import { AwsError, NetworkError } from "../../../src/errors.ts";
import type { HttpResponse } from "../../../src/ports.ts";
import { Secret } from "../../../src/secret.ts";

const ORIGIN = "https://signin.aws.amazon.com";
const CREDENTIALS = {
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  secretAccessKey: new Secret("wJalr/Key+"),
  sessionToken: new Secret("FwoGZXIvYXdz//=="),
  expiration: new Date("2024-01-01T01:00:00Z"),
};

function answer(status: number, body: string): HttpResponse {
  return { status, headers: new Headers(), body };
}

Deno.test("signinTokenRequest() keeps the secrets out of the URL", () => {
  const request = signinTokenRequest({ origin: ORIGIN, credentials: CREDENTIALS });
  assert.equal(request.method, "POST");
  assert.equal(request.url, "https://signin.aws.amazon.com/federation");
  const form = Object.fromEntries(new URLSearchParams(request.body));
  assert.deepEqual(Object.keys(form), ["Action", "Session"]);
  assert.equal(form.Action, "getSigninToken");
  assert.deepEqual(JSON.parse(form.Session!), {
    sessionId: "ASIAIOSFODNN7EXAMPLE",
    sessionKey: "wJalr/Key+",
    sessionToken: "FwoGZXIvYXdz//==",
  });
});

Deno.test("signinTokenRequest() spells SessionDuration as AWS does, within its limits", () => {
  const duration = (sessionDurationSeconds: number) =>
    new URLSearchParams(
      signinTokenRequest({ origin: ORIGIN, credentials: CREDENTIALS, sessionDurationSeconds }).body,
    ).get("SessionDuration");
  assert.equal(duration(3600), "3600");
  assert.equal(duration(1), "900");
  assert.equal(duration(86_400), "43200");
});

Deno.test("processSigninTokenResponse() gives the token as a secret", () => {
  const signinToken = processSigninTokenResponse(answer(200, '{"SigninToken":"abc"}'));
  assert.equal(signinToken.reveal(), "abc");
  assert.equal(String(signinToken), "[secret]");
});

Deno.test("processSigninTokenResponse() tells a refusal, a failure and a stranger apart", () => {
  const page = "<html>Invalid credentials parameter SECRET-PAGE</html>";
  const cases: [number, string, typeof AwsError | typeof NetworkError, string][] = [
    [400, page, AwsError, "federation_refused"],
    [403, page, AwsError, "federation_refused"],
    [429, page, NetworkError, "server_failed"],
    [503, page, NetworkError, "server_failed"],
    [302, "", NetworkError, "unexpected_response"],
    [200, page, NetworkError, "unexpected_response"],
    [200, "", NetworkError, "unexpected_response"],
    [200, "null", NetworkError, "unexpected_response"],
    [200, '{"SigninToken":""}', NetworkError, "unexpected_response"],
    [200, '{"SigninToken":1}', NetworkError, "unexpected_response"],
  ];
  for (const [status, body, kind, code] of cases) {
    assert.throws(
      () => processSigninTokenResponse(answer(status, body)),
      (error) =>
        error instanceof kind && error.code === code && !error.message.includes("SECRET-PAGE"),
      `${status} ${body}`,
    );
  }
});

Deno.test("formatLoginUrl() encodes every part, and is a secret", () => {
  const destination = "https://console.aws.amazon.com/ec2/home?region=us-east-1#Instances:a&b=c d";
  const issuer = "https://acme.okta.com/home/amazon_aws/0oa1/272?a=b&c=d";
  const url = formatLoginUrl({
    origin: ORIGIN,
    issuer,
    destination,
    signinToken: new Secret("to/k+en=&x"),
  });
  assert.equal(String(url), "[secret]");
  const { origin, pathname, hash, searchParams } = new URL(url.reveal());
  assert.equal(origin + pathname, "https://signin.aws.amazon.com/federation");
  assert.equal(hash, "");
  assert.deepEqual([...searchParams], [
    ["Action", "login"],
    ["Issuer", issuer],
    ["Destination", destination],
    ["SigninToken", "to/k+en=&x"],
  ]);
  assert.doesNotMatch(url.reveal(), /[+ #]/);
});
