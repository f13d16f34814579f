/** EKS tokens and ExecCredentials, compared with recordings of aws-iam-authenticator and client-go. */

import assert from "node:assert/strict";
import { createEksToken } from "../../src/kube/eks_token.ts";
import { partitionOfRegion } from "../../src/aws/partitions.ts";
import { formatTimestamp } from "../../src/aws/timestamp.ts";
import { formatExecCredential, parseExecInfo } from "../../src/kube/exec_credential.ts";
import { Secret } from "../../src/secret.ts";
import { FIXTURES } from "./fixtures.ts";

const GOLDEN = new URL("aws-iam-authenticator/_derived/eks_token_golden.json", FIXTURES);
const CASES = new URL("client-go/_derived/exec_credential_cases.json", FIXTURES);

function isMissing(url: URL): boolean {
  try {
    Deno.statSync(url);
    return false;
  } catch {
    return true;
  }
}

Deno.test({
  name: "createEksToken() returns aws-iam-authenticator's golden token",
  ignore: isMissing(GOLDEN),
  async fn() {
    const golden = JSON.parse(await Deno.readTextFile(GOLDEN));
    const { token, expiration } = await createEksToken({
      cluster: golden.clusterId,
      partition: partitionOfRegion(golden.region),
      region: golden.region,
      credentials: {
        accessKeyId: golden.accessKeyId,
        secretAccessKey: new Secret(golden.secretAccessKey),
        sessionToken: new Secret(golden.sessionToken),
        expiration: new Date((golden.unixTime + 3600) * 1000),
      },
      now: new Date(golden.unixTime * 1000),
    });
    assert.equal(token.reveal(), golden.token);
    assert.equal(expiration.getTime(), golden.expirationUnix * 1000);
    assert.equal(formatTimestamp(expiration), "2023-04-28T00:14:00Z");
  },
});

interface ClientCase {
  name: string;
  apiVersion: string;
  wantErr: boolean;
  wantInput: string | null;
}

Deno.test({
  name: "formatExecCredential() uses the version that client-go asks for",
  ignore: isMissing(CASES),
  async fn() {
    const cases: ClientCase[] = JSON.parse(await Deno.readTextFile(CASES));
    const asked = cases.filter(({ wantInput }) => wantInput !== null);
    assert.ok(asked.length > 5);
    for (const { name, apiVersion, wantInput } of asked) {
      const info = parseExecInfo(wantInput!);
      assert.equal(info?.apiVersion, apiVersion, name);
      assert.equal(info.interactive, JSON.parse(wantInput!).spec.interactive, name);
      const text = formatExecCredential(info.apiVersion, new Secret("t"), "2006-01-02T15:04:05Z");
      const { kind, apiVersion: answered, status } = JSON.parse(text);
      assert.deepEqual([kind, answered], ["ExecCredential", apiVersion], name);
      assert.deepEqual(status, { expirationTimestamp: "2006-01-02T15:04:05Z", token: "t" }, name);
    }
  },
});
