import assert from "node:assert/strict";
import { stsError } from "../../src/aws/sts/sts_errors.ts";
import { readCredentials } from "../../src/aws/sts/sts_response.ts";
import { child, parseXml } from "../../src/xml.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const FOLDER = new URL("botocore/tests/unit/response_parsing/xml/", FIXTURES);

function read(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(new URL(path, FOLDER));
  } catch {
    return undefined;
  }
}

const ANSWER = read("responses/sts-get-session-token.xml");
const REFUSAL = read("errors/sts-get-session-token.xml");

Deno.test({
  name: "readCredentials() reads botocore's answer as botocore does",
  ignore: ignoreWithoutData(ANSWER === undefined),
  fn() {
    const { Credentials } = JSON.parse(read("responses/sts-get-session-token.json")!);
    const element = child(child(parseXml(ANSWER!), "GetSessionTokenResult"), "Credentials");
    const credentials = readCredentials("AssumeRole", element);
    assert.equal(credentials.accessKeyId, Credentials.AccessKeyId);
    assert.equal(credentials.secretAccessKey.reveal(), Credentials.SecretAccessKey);
    // The sample is wrapped for print; session tokens have no white space.
    assert.equal(
      credentials.sessionToken.reveal(),
      Credentials.SessionToken.replace(/\s+/g, ""),
    );
    assert.equal(credentials.expiration.toISOString(), Credentials.Expiration);
  },
});

Deno.test({
  name: "stsError() reads botocore's error as botocore does",
  ignore: ignoreWithoutData(REFUSAL === undefined),
  fn() {
    const expected = JSON.parse(read("errors/sts-get-session-token.json")!);
    const error = stsError("AssumeRole", 403, parseXml(REFUSAL!));
    assert.equal(error.code, expected.Error.Code);
    assert.ok(error.message.includes(expected.Error.Message));
    assert.ok(error.message.includes(expected.ResponseMetadata.RequestId));
  },
});
