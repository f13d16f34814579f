import assert from "node:assert/strict";
import { formatCredentialProcess } from "../../src/credentials/credential_document.ts";
import { Secret } from "../../src/secret.ts";

const CREDENTIALS = {
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  secretAccessKey: new Secret('key/+="\\'),
  sessionToken: new Secret("token//=="),
  expiration: new Date("2024-01-01T01:00:00.789Z"),
};

Deno.test("formatCredentialProcess() has the SDKs' fields, Version a number, no fractions", () => {
  const text = formatCredentialProcess(CREDENTIALS, "012345678901");
  assert.deepEqual(JSON.parse(text), {
    Version: 1,
    AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
    SecretAccessKey: 'key/+="\\',
    SessionToken: "token//==",
    Expiration: "2024-01-01T01:00:00Z",
    AccountId: "012345678901",
  });
  assert.ok(!text.includes("\n"));
});

Deno.test("formatCredentialProcess() leaves an unknown account out", () => {
  assert.ok(!("AccountId" in JSON.parse(formatCredentialProcess(CREDENTIALS))));
});
