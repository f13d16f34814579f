import assert from "node:assert/strict";
import { AwsError } from "../../src/errors.ts";
import { answer } from "../fakes/scripted_http.ts";
import { chain } from "../fakes/sts_transport.ts";
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
  name: "assumeRole() reads botocore's answer as botocore does",
  ignore: ignoreWithoutData(ANSWER === undefined),
  async fn() {
    const { Credentials } = JSON.parse(read("responses/sts-get-session-token.json")!);
    // The sample is of an operation that answers with nothing but credentials.
    const user = "<AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/R/s</Arn></AssumedRoleUser>";
    const body = ANSWER!.replaceAll("GetSessionToken", "AssumeRole")
      .replace("<AssumeRoleResult>", `<AssumeRoleResult>${user}`);
    const { credentials } = await chain(answer(200, body));
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
  name: "assumeRole() reads botocore's error as botocore does",
  ignore: ignoreWithoutData(REFUSAL === undefined),
  async fn() {
    const expected = JSON.parse(read("errors/sts-get-session-token.json")!);
    await assert.rejects(chain(answer(403, REFUSAL!)), (error) => {
      assert.ok(error instanceof AwsError);
      assert.equal(error.code, expected.Error.Code);
      assert.ok(error.message.includes(expected.Error.Message));
      assert.equal(error.reference, `request ${expected.ResponseMetadata.RequestId}`);
      return true;
    });
  },
});
