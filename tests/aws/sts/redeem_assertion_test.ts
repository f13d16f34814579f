import assert from "node:assert/strict";
import {
  AssumeRoleWithSAMLCommand,
  type AssumeRoleWithSAMLCommandInput,
  STSClient,
  type STSClientConfig,
} from "@aws-sdk/client-sts";
import { assumeRoleWithSaml } from "../../../src/aws/sts/sts.ts";
import { Secret } from "../../../src/secret.ts";
import { answer } from "../../fakes/scripted_http.ts";
import { STS_ENDPOINT, stsTransport } from "../../fakes/sts_transport.ts";

const ROLE = "arn:aws:iam::123456789012:role/team/Dev";
const PROVIDER = "arn:aws:iam::123456789012:saml-provider/Okta & Co";
const ASSERTION = "PHNhbWw+/w==";
const REFUSAL = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
const ARNS = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/é"];

/** What AWS's client would send. */
async function sentByClient(
  input: Partial<AssumeRoleWithSAMLCommandInput>,
): Promise<Record<string, string>> {
  let sent = "";
  const requestHandler = {
    metadata: { handlerProtocol: "http/1.1" },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    handle(request: { body: string }) {
      sent = request.body;
      const body = new TextEncoder().encode(REFUSAL);
      return Promise.resolve({ response: { statusCode: 403, headers: {}, body } });
    },
  };
  const client = new STSClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts: 1,
    requestHandler: requestHandler as unknown as NonNullable<STSClientConfig["requestHandler"]>,
  });
  const command = new AssumeRoleWithSAMLCommand({
    RoleArn: ROLE,
    PrincipalArn: PROVIDER,
    SAMLAssertion: ASSERTION,
    ...input,
  });
  await assert.rejects(client.send(command), { name: "AccessDenied" });
  return Object.fromEntries(new URLSearchParams(sent));
}

/** What we send. */
async function sentByUs(
  more: Partial<Parameters<typeof assumeRoleWithSaml>[1]>,
): Promise<Record<string, string>> {
  const transport = stsTransport(answer(403, REFUSAL));
  await assert.rejects(assumeRoleWithSaml(transport, {
    endpoint: STS_ENDPOINT,
    roleArn: ROLE,
    principalArn: PROVIDER,
    samlResponse: new Secret(ASSERTION),
    ...more,
  }));
  return Object.fromEntries(new URLSearchParams(transport.sent[0]!.body));
}

Deno.test("assumeRoleWithSaml() sends the form that AWS's client would send", async () => {
  const PolicyArns = ARNS.map((arn) => ({ arn }));
  const Policy = '{"Statement":[{"Sid":"a b+c"}]}';
  assert.deepEqual(await sentByUs({}), await sentByClient({}));
  assert.deepEqual(
    await sentByUs({ durationSeconds: 900, sessionPolicy: { arns: ARNS, document: Policy } }),
    await sentByClient({ DurationSeconds: 900, PolicyArns, Policy }),
  );
  assert.deepEqual(
    await sentByUs({ sessionPolicy: { arns: ARNS.slice(0, 1) } }),
    await sentByClient({ PolicyArns: PolicyArns.slice(0, 1) }),
  );
});

Deno.test("assumeRoleWithSaml() sends one assertion for several roles", async () => {
  const samlResponse = new Secret(ASSERTION);
  for (const roleArn of [ROLE, `${ROLE}2`]) {
    assert.deepEqual(
      await sentByUs({ samlResponse, roleArn }),
      await sentByClient({ RoleArn: roleArn }),
    );
  }
});
