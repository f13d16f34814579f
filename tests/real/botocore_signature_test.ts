import assert from "node:assert/strict";
import { assumeRoleRequest, callerIdentityRequest } from "../../src/aws/sts/sts.ts";
import type { HttpRequest } from "../../src/ports.ts";
import { Secret } from "../../src/secret.ts";

const REQUIRED = Deno.env.get("OKTA_AWS_REQUIRE_REAL") === "1";

function python(code: string, input: string): string | undefined {
  try {
    const { success, stdout } = new Deno.Command("python3", {
      args: ["-c", code, input],
      stderr: "inherit",
    }).outputSync();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch {
    return undefined;
  }
}

/** botocore's `add_auth`, but with our time instead of now. */
const SIGN = `
import json, sys
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
given = json.loads(sys.argv[1])
auth = SigV4Auth(Credentials(given["id"], given["key"], given.get("token")), "sts", given["region"])
request = AWSRequest(
    method="POST", url=given["url"], data=given["body"],
    headers={"Content-Type": given["contentType"]})
request.context["timestamp"] = given["timestamp"]
auth._modify_request_before_signing(request)
signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
auth._inject_signature_to_request(request, signature)
print(request.headers["Authorization"], end="")
`;

const HAS_BOTOCORE =
  python("import importlib.util as u; u.find_spec('botocore') or exit(1)", "") !== undefined;
const NOW = new Date("2024-01-01T12:34:56Z");

const KEY_ID = "AKIDEXAMPLE";
const KEY = "wJalrXUtnFEMI/K7MDENG";

function assertSameSignature(request: HttpRequest, region: string, token: string | undefined) {
  const headers = new Headers(request.headers);
  const given = {
    id: KEY_ID,
    key: KEY,
    token,
    region,
    url: request.url,
    body: request.body,
    contentType: headers.get("content-type"),
    timestamp: "20240101T123456Z",
  };
  assert.equal(headers.get("authorization"), python(SIGN, JSON.stringify(given)));
}

Deno.test({
  name: "callerIdentityRequest() and assumeRoleRequest() sign as botocore does",
  ignore: !REQUIRED && !HAS_BOTOCORE,
  async fn() {
    for (const token of [undefined, "FwoGZXIvYXdz//+=="]) {
      for (const url of ["https://sts.eu-west-1.amazonaws.com/", "http://127.0.0.1:4566/base"]) {
        const options = {
          endpoint: { url, region: "eu-west-1", custom: false },
          credentials: {
            accessKeyId: KEY_ID,
            secretAccessKey: new Secret(KEY),
            ...(token === undefined ? {} : { sessionToken: new Secret(token) }),
          },
          now: NOW,
        };
        assertSameSignature(await callerIdentityRequest(options), "eu-west-1", token);
        const assume = await assumeRoleRequest({
          ...options,
          roleArn: "arn:aws:iam::123456789012:role/team/Dev+x",
          roleSessionName: "jané@x.com",
          externalId: "a b&c=d~*'()",
        });
        assertSameSignature(assume, "eu-west-1", token);
      }
    }
  },
});
