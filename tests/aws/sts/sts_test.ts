import assert from "node:assert/strict";
import {
  assumeRole,
  type AssumeRoleInput,
  assumeRoleWithSaml,
  callerIdentity,
  type SigningCredentials,
} from "../../../src/aws/sts/sts.ts";
import { stsEndpoint } from "../../../src/aws/endpoints.ts";
import type { HttpRequest, HttpResponse } from "../../../src/ports.ts";
import { Secret } from "../../../src/secret.ts";
import { answer } from "../../fakes/scripted_http.ts";
import { STS_ENDPOINT as ENDPOINT, stsTransport } from "../../fakes/sts_transport.ts";

const ROLE = "arn:aws:iam::123456789012:role/team/Dev";
const PROVIDER = "arn:aws:iam::123456789012:saml-provider/Okta";
const USER: SigningCredentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: new Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
};
const SESSION: SigningCredentials = { ...USER, sessionToken: new Secret("tok/en+==") };
const NOBODY = answer(
  403,
  "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>",
);

function fields(request: HttpRequest): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(request.body));
}

/** The one request that a call sends; STS refuses it. */
async function sentBy(
  call: (transport: ReturnType<typeof stsTransport>) => Promise<unknown>,
): Promise<HttpRequest> {
  const transport = stsTransport(NOBODY);
  await assert.rejects(call(transport), { code: "AccessDenied" });
  assert.equal(transport.sent.length, 1);
  return transport.sent[0]!;
}

const saml = (more: Partial<Parameters<typeof assumeRoleWithSaml>[1]> = {}) =>
  sentBy((transport) =>
    assumeRoleWithSaml(transport, {
      endpoint: ENDPOINT,
      roleArn: ROLE,
      principalArn: PROVIDER,
      samlResponse: new Secret("PHNhbWw+/w=="),
      ...more,
    })
  );

const chained = (more: Partial<AssumeRoleInput> = {}) =>
  sentBy((transport) =>
    assumeRole(transport, {
      endpoint: ENDPOINT,
      credentials: SESSION,
      roleArn: ROLE,
      roleSessionName: "jane@x.com",
      ...more,
    })
  );

Deno.test("assumeRoleWithSaml() sends an unsigned form with the assertion encoded", async () => {
  const request = await saml({ durationSeconds: 43200 });
  assert.equal(request.method, "POST");
  assert.equal(request.url, ENDPOINT.url);
  assert.equal(request.repeatable, true);
  const headers = new Headers(request.headers);
  assert.match(headers.get("content-type")!, /^application\/x-www-form-urlencoded/);
  assert.equal(headers.get("accept"), "application/xml, text/xml");
  assert.equal(headers.get("authorization"), null);
  assert.deepEqual(fields(request), {
    Action: "AssumeRoleWithSAML",
    Version: "2011-06-15",
    RoleArn: ROLE,
    PrincipalArn: PROVIDER,
    SAMLAssertion: "PHNhbWw+/w==",
    DurationSeconds: "43200",
  });
  assert.ok(request.body!.includes("SAMLAssertion=PHNhbWw%2B%2Fw%3D%3D"));
});

Deno.test("assumeRoleWithSaml() leaves the duration to STS if none is given", async () => {
  assert.ok(!("DurationSeconds" in fields(await saml())));
});

Deno.test("assumeRoleWithSaml() signs nothing, wherever STS is", async () => {
  const global = { ...ENDPOINT, url: "https://sts.amazonaws.com/", global: true } as const;
  const custom = { ...ENDPOINT, url: "http://127.0.0.1:4566/base", custom: true };
  const fips = stsEndpoint({
    partition: "aws",
    region: "us-west-2",
    get: (name) => name.startsWith("AWS_USE_") ? "true" : undefined,
  });
  const urls = [];
  for (const endpoint of [global, custom, fips]) {
    const { url, headers } = await saml({ endpoint });
    assert.equal(new Headers(headers).get("authorization"), null);
    urls.push(url);
  }
  assert.deepEqual(urls, [
    "https://sts.amazonaws.com/",
    "http://127.0.0.1:4566/base/",
    "https://sts-fips.us-west-2.api.aws/",
  ]);
});

Deno.test("assumeRole() sends what was given, and nothing else", async () => {
  assert.deepEqual(fields(await chained()), {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: ROLE,
    RoleSessionName: "jane@x.com",
  });
  const all = await chained({
    roleSessionName: "jane",
    externalId: "a b&c=d",
    serialNumber: "arn:aws:iam::123456789012:mfa/jane",
    tokenCode: new Secret("012345"),
    durationSeconds: 900,
    sourceIdentity: "jane",
    tags: { team: "a b" },
    transitiveTagKeys: ["team"],
    sessionPolicy: { arns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"], document: "{}" },
  });
  assert.equal(all.repeatable, false);
  assert.deepEqual(fields(all), {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: ROLE,
    RoleSessionName: "jane",
    ExternalId: "a b&c=d",
    SerialNumber: "arn:aws:iam::123456789012:mfa/jane",
    TokenCode: "012345",
    DurationSeconds: "900",
    SourceIdentity: "jane",
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "a b",
    "TransitiveTagKeys.member.1": "team",
    "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
    Policy: "{}",
  });
});

Deno.test("assumeRole() asks for an hour at most when it chains roles", async () => {
  const duration = async (credentials: SigningCredentials) =>
    fields(await chained({ durationSeconds: 43200, credentials })).DurationSeconds;
  assert.equal(await duration(SESSION), "3600");
  assert.equal(await duration(USER), "43200");
});

Deno.test("callerIdentity() signs host, date, content type and session token", async () => {
  const call = (credentials: SigningCredentials) =>
    sentBy((transport) => callerIdentity(transport, { endpoint: ENDPOINT, credentials }));
  const request = await call(SESSION);
  const headers = new Headers(request.headers);
  // By our clock, which may be AWS's rather than the machine's; it goes on while the client signs.
  assert.match(headers.get("x-amz-date")!, /^20240101T12\d{4}Z$/);
  assert.equal(headers.get("x-amz-security-token"), "tok/en+==");
  const [, scope, signed] = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=/
    .exec(headers.get("authorization")!)!;
  assert.equal(scope, "AKIDEXAMPLE/20240101/eu-west-1/sts/aws4_request");
  for (const name of ["content-type", "host", "x-amz-date", "x-amz-security-token"]) {
    assert.ok(signed!.split(";").includes(name), name);
  }
  assert.ok(!JSON.stringify(request).includes(USER.secretAccessKey.reveal()));
  assert.deepEqual(fields(request), { Action: "GetCallerIdentity", Version: "2011-06-15" });
  const user = await call(USER);
  assert.equal(new Headers(user.headers).get("x-amz-security-token"), null);
});

Deno.test("callerIdentity() takes HTTP 400 Throttling for a rate limit", async () => {
  const throttled: HttpResponse = answer(
    400,
    "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>",
  );
  const result = "<Arn>arn:aws:iam::123456789012:user/j</Arn><UserId>A</UserId>" +
    "<Account>123456789012</Account>";
  const done = answer(
    200,
    `<GetCallerIdentityResponse><GetCallerIdentityResult>${result}</GetCallerIdentityResult>` +
      "</GetCallerIdentityResponse>",
  );
  const transport = stsTransport(throttled, throttled, done);
  const { accountId } = await callerIdentity(transport, { endpoint: ENDPOINT, credentials: USER });
  assert.equal(accountId, "123456789012");
  assert.equal(transport.clock.slept.length, 2);
});
