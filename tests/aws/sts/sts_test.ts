import assert from "node:assert/strict";
import {
  assumeRoleRequest,
  assumeRoleWithSamlRequest,
  callerIdentityRequest,
  sendToSts,
  type SigningCredentials,
} from "../../../src/aws/sts/sts.ts";
import type { HttpRequest, HttpResponse } from "../../../src/ports.ts";
import { Secret } from "../../../src/secret.ts";

const ENDPOINT = {
  url: "https://sts.eu-west-1.amazonaws.com/",
  region: "eu-west-1",
  custom: false,
};
const ROLE = "arn:aws:iam::123456789012:role/team/Dev";
const NOW = new Date("2024-01-01T12:34:56.789Z");
const USER: SigningCredentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};
const SESSION: SigningCredentials = { ...USER, sessionToken: new Secret("tok/en+==") };

function fields(request: HttpRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(request.body));
}

Deno.test("assumeRoleWithSamlRequest() is an unsigned form with the assertion encoded", () => {
  const request = assumeRoleWithSamlRequest({
    endpoint: ENDPOINT,
    roleArn: ROLE,
    principalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
    samlResponse: new Secret("PHNhbWw+/w=="),
    durationSeconds: 43200,
  });
  assert.equal(request.method, "POST");
  assert.equal(request.url, ENDPOINT.url);
  assert.deepEqual(request.headers, {
    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    "Accept": "application/xml, text/xml",
  });
  assert.deepEqual(fields(request), {
    Action: "AssumeRoleWithSAML",
    Version: "2011-06-15",
    RoleArn: ROLE,
    PrincipalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
    SAMLAssertion: "PHNhbWw+/w==",
    DurationSeconds: "43200",
  });
  assert.ok(request.body!.includes("SAMLAssertion=PHNhbWw%2B%2Fw%3D%3D"));
});

Deno.test("assumeRoleWithSamlRequest() leaves the duration to STS where none is given", () => {
  const request = assumeRoleWithSamlRequest({
    endpoint: ENDPOINT,
    roleArn: ROLE,
    principalArn: "p",
    samlResponse: new Secret("x"),
  });
  assert.ok(!("DurationSeconds" in fields(request)));
});

Deno.test("assumeRoleRequest() sends what was given, and nothing else", async () => {
  const input = { endpoint: ENDPOINT, credentials: SESSION, now: NOW, roleArn: ROLE };
  const least = await assumeRoleRequest({ ...input, roleSessionName: "jane@x.com" });
  assert.deepEqual(fields(least), {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: ROLE,
    RoleSessionName: "jane@x.com",
  });
  const all = await assumeRoleRequest({
    ...input,
    roleSessionName: "jane",
    externalId: "a b&c=d",
    serialNumber: "arn:aws:iam::123456789012:mfa/jane",
    tokenCode: new Secret("012345"),
    durationSeconds: 900,
  });
  assert.deepEqual(fields(all), {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: ROLE,
    RoleSessionName: "jane",
    ExternalId: "a b&c=d",
    SerialNumber: "arn:aws:iam::123456789012:mfa/jane",
    TokenCode: "012345",
    DurationSeconds: "900",
  });
});

Deno.test("assumeRoleRequest() asks for an hour at most when it chains roles", async () => {
  const input = {
    endpoint: ENDPOINT,
    now: NOW,
    roleArn: ROLE,
    roleSessionName: "jane",
    durationSeconds: 43200,
  };
  const duration = async (credentials: SigningCredentials) =>
    fields(await assumeRoleRequest({ ...input, credentials })).DurationSeconds;
  assert.equal(await duration(SESSION), "3600");
  assert.equal(await duration(USER), "43200");
});

Deno.test("callerIdentityRequest() signs host, date, content type and session token", async () => {
  const request = await callerIdentityRequest({
    endpoint: ENDPOINT,
    credentials: SESSION,
    now: NOW,
  });
  const headers = new Headers(request.headers);
  assert.equal(headers.get("x-amz-date"), "20240101T123456Z");
  assert.equal(headers.get("x-amz-security-token"), "tok/en+==");
  const authorization = headers.get("authorization")!;
  assert.ok(
    authorization.startsWith(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240101/eu-west-1/sts/aws4_request, " +
        "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=",
    ),
    authorization,
  );
  assert.ok(!JSON.stringify(request).includes(USER.secretAccessKey.reveal()));
  assert.equal(request.body, "Action=GetCallerIdentity&Version=2011-06-15");
});

Deno.test("callerIdentityRequest() leaves the session token out for long-lived keys", async () => {
  const request = await callerIdentityRequest({ endpoint: ENDPOINT, credentials: USER, now: NOW });
  assert.equal(new Headers(request.headers).get("x-amz-security-token"), null);
});

Deno.test("sendToSts() takes HTTP 400 Throttling for a rate limit", async () => {
  const throttled: HttpResponse = {
    status: 400,
    headers: new Headers(),
    body: "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>",
  };
  const answers: HttpResponse[] = [throttled, throttled, { ...throttled, status: 200, body: "" }];
  const slept: number[] = [];
  const response = await sendToSts(
    {
      http: { send: () => Promise.resolve(answers.shift()!) },
      clock: {
        now: () => 0,
        sleep: (milliseconds) => (slept.push(milliseconds), Promise.resolve()),
      },
    },
    { method: "POST", url: ENDPOINT.url },
    false,
  );
  assert.equal(response.status, 200);
  assert.equal(slept.length, 2);
});
