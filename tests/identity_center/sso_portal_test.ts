import assert from "node:assert/strict";
import {
  accountsRequest,
  credentialsRequest,
  processAccounts,
  processCredentials,
  processRoles,
  rolesRequest,
} from "../../src/identity_center/sso_portal.ts";
import { isTokenDead } from "../../src/identity_center/sso_response.ts";
import { Secret } from "../../src/secret.ts";
import { answer, jsonAnswer } from "../fakes/scripted_http.ts";

const PORTAL = "https://portal.sso.eu-west-1.amazonaws.com";
const TOKEN = new Secret("aoa");

Deno.test("requests carry the token in their own header, and what they ask in the query", () => {
  const first = accountsRequest(PORTAL, TOKEN);
  assert.equal(first.url, `${PORTAL}/assignment/accounts?max_result=100`);
  assert.equal(first.headers!["x-amz-sso_bearer_token"], "aoa");
  assert.equal(
    rolesRequest(PORTAL, TOKEN, { accountId: "111122223333", nextToken: "a+b=" }).url,
    `${PORTAL}/assignment/roles?account_id=111122223333&max_result=100&next_token=a%2Bb%3D`,
  );
  assert.equal(
    credentialsRequest(PORTAL, TOKEN, {
      accountId: "111122223333",
      roleName: "Read&Write",
    }).url,
    `${PORTAL}/federation/credentials?role_name=Read%26Write&account_id=111122223333`,
  );
});

Deno.test("reads pages: the last has no token, or null, or an empty one", () => {
  const accountList = [{ accountId: "111122223333", accountName: "Acme", emailAddress: "a@b" }];
  const page = processAccounts(jsonAnswer(200, { accountList, nextToken: "n" }));
  assert.equal(page.nextToken, "n");
  assert.deepEqual(page.items.map(({ accountName }) => accountName), ["Acme"]);
  const roleList = [{ roleName: "ReadOnly", accountId: "111122223333" }];
  for (const nextToken of [undefined, null, ""]) {
    const last = processRoles(jsonAnswer(200, { roleList, nextToken }));
    assert.deepEqual(last, { items: ["ReadOnly"], nextToken: undefined });
  }
});

Deno.test("credentials end in milliseconds, not seconds", () => {
  const roleCredentials = {
    accessKeyId: "ASIA",
    secretAccessKey: "s",
    sessionToken: "t",
    expiration: 1_700_000_000_000,
  };
  const { expiration } = processCredentials(jsonAnswer(200, { roleCredentials }));
  assert.equal(expiration.toISOString(), "2023-11-14T22:13:20.000Z");
});

Deno.test("tells a dead token from a role that is gone and from a service that fails", () => {
  const error = (status: number, body: unknown) => {
    try {
      return processCredentials(jsonAnswer(status, body));
    } catch (thrown) {
      return thrown as { name: string; code: string };
    }
  };
  const dead = error(401, { message: "Session token not found or invalid" });
  assert.ok(isTokenDead(dead));
  const gone = { __type: "com.amazonaws.switchboard.portal#ForbiddenException", message: "No" };
  assert.deepEqual(name(error(403, gone)), ["AwsError", "ForbiddenException"]);
  assert.deepEqual(name(error(404, {})), ["AwsError", "ForbiddenException"]);
  const many = { __type: "TooManyRequestsException" };
  assert.deepEqual(name(error(429, many)), ["NetworkError", "TooManyRequestsException"]);
  assert.deepEqual(name(error(400, "<html>")), ["NetworkError", "bad_answer"]);
  assert.throws(() => processCredentials(answer(200, "{}")), { code: "bad_answer" });
});

function name(error: unknown): [string, string] {
  const { name, code } = error as { name: string; code: string };
  return [name, code];
}

Deno.test("takes no keys that break a line, and none that have expired by AWS's clock", () => {
  const keys = { accessKeyId: "ASIA", secretAccessKey: "s", sessionToken: "t" };
  const date = "Tue, 14 Nov 2023 22:13:20 GMT";
  const read = (changed: Record<string, unknown>) => {
    const roleCredentials = { ...keys, expiration: 1_700_000_001_000, ...changed };
    return processCredentials(jsonAnswer(200, { roleCredentials }, { date }));
  };
  assert.equal(read({}).accessKeyId, "ASIA");
  const broken = [
    { accessKeyId: "ASIA\n[x]" },
    { secretAccessKey: "s\nfoo = bar" },
    { sessionToken: "a b" },
    { expiration: 1_700_000_000_000 },
  ];
  for (const changed of broken) {
    assert.throws(() => read(changed), { name: "NetworkError", code: "bad_answer" });
  }
});
