import assert from "node:assert/strict";
import { chain, identify, redeem } from "../../fakes/sts_transport.ts";
import { AwsError, NetworkError } from "../../../src/errors.ts";
import type { HttpResponse } from "../../../src/ports.ts";

const NS = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"';
const ARN = "arn:aws:sts::123456789012:assumed-role/Dev/jane@x.com";

function answer(body: string, status = 200): HttpResponse {
  return { status, headers: new Headers(), body };
}

function credentials(changed: Record<string, string | undefined> = {}): string {
  const fields = {
    AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
    SecretAccessKey: "wJalr/Key+",
    SessionToken: "FwoGZXIvYXdz//==",
    Expiration: "2024-01-01T01:00:00Z",
    ...changed,
  };
  const elements = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<Credentials>${elements.join("\n")}</Credentials>`;
}

function assumed(
  action: string,
  inner = credentials(),
  user =
    `<AssumedRoleUser><AssumedRoleId>AROA:j</AssumedRoleId><Arn>${ARN}</Arn></AssumedRoleUser>`,
): string {
  return `<${action}Response ${NS}>\n<${action}Result>${user}${inner}` +
    `<Audience>https://signin.aws.amazon.com/saml</Audience></${action}Result>` +
    `<ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></${action}Response>`;
}

const SAML = "AssumeRoleWithSAML";

Deno.test("assumeRoleWithSaml() reads credentials, expiration and session", async () => {
  for (const declaration of ["", '<?xml version="1.0" encoding="UTF-8"?>\n']) {
    const role = await redeem(answer(declaration + assumed(SAML)));
    assert.equal(role.credentials.accessKeyId, "ASIAIOSFODNN7EXAMPLE");
    assert.equal(role.credentials.secretAccessKey.reveal(), "wJalr/Key+");
    assert.equal(role.credentials.sessionToken.reveal(), "FwoGZXIvYXdz//==");
    assert.equal(role.credentials.expiration.toISOString(), "2024-01-01T01:00:00.000Z");
    assert.equal(role.assumedRoleArn, ARN);
  }
});

Deno.test("assumeRole() reads only its own operation's answer", async () => {
  const role = await chain(answer(assumed("AssumeRole")));
  assert.equal(role.assumedRoleArn, ARN);
  await assert.rejects(() => chain(answer(assumed(SAML))), {
    code: "unexpected_response",
  });
});

Deno.test("callerIdentity() reads account, ARN and id", async () => {
  const result = `<GetCallerIdentityResult><Arn>${ARN}</Arn><UserId>AROA:jane@x.com</UserId>` +
    "<Account>012345678901</Account></GetCallerIdentityResult>";
  const body = `<GetCallerIdentityResponse ${NS}>${result}</GetCallerIdentityResponse>`;
  assert.deepEqual(await identify(answer(body)), {
    accountId: "012345678901",
    arn: ARN,
    userId: "AROA:jane@x.com",
  });
  const bad = body.replace("012345678901", "1");
  await assert.rejects(() => identify(answer(bad)), { code: "malformed_response" });
});

Deno.test("assumeRoleWithSaml() refuses credentials with a field missing", async () => {
  for (const field of ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"]) {
    for (const value of [undefined, "", "  ", "a\u0000b".replace("\u0000", "\u00e9")]) {
      const body = assumed(SAML, credentials({ [field]: value }));
      await assert.rejects(
        () => redeem(answer(body)),
        (error) =>
          error instanceof AwsError && error.code === "malformed_response" &&
          error.message.includes(field) && !error.message.includes("wJalr"),
        `${field}=${value}`,
      );
    }
  }
  for (const body of [assumed(SAML, ""), assumed(SAML, credentials(), "")]) {
    await assert.rejects(() => redeem(answer(body)), {
      code: "malformed_response",
    });
  }
});

Deno.test("assumeRoleWithSaml() refuses an expiration that is no RFC 3339", async () => {
  for (const Expiration of ["1704070800", "2024-01-01", "tomorrow", "2024-02-30T00:00:00Z"]) {
    const body = assumed(SAML, credentials({ Expiration }));
    await assert.rejects(() => redeem(answer(body)), {
      code: "malformed_response",
    });
  }
});

Deno.test("assumeRoleWithSaml() takes white space out of a wrapped token", async () => {
  const body = assumed(SAML, credentials({ SessionToken: "\n  abc\n  def\n" }));
  const role = await redeem(answer(body));
  assert.equal(role.credentials.sessionToken.reveal(), "abcdef");
});

Deno.test("assumeRoleWithSaml() says so when somebody else answers", async () => {
  const page = "<!DOCTYPE html><html><body>corporate proxy SECRET-PAGE</body></html>";
  const bodies = ["", "   ", page, "<html><body>proxy</body></html>", "{}", "<a>", "plain", "<a/>"];
  for (const body of bodies) {
    for (const status of [200, 302, 403, 404, 407, 429, 502]) {
      await assert.rejects(
        () => redeem(answer(body, status)),
        (error) =>
          error instanceof NetworkError && error.code === "unexpected_response" &&
          error.message.includes(String(status)) && !error.message.includes("SECRET-PAGE"),
      );
    }
  }
});

Deno.test("assumeRoleWithSaml() takes no credentials from an error status", async () => {
  await assert.rejects(() => redeem(answer(assumed(SAML), 500)), {
    code: "unexpected_response",
  });
});
