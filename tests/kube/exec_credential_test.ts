import assert from "node:assert/strict";
import {
  formatExecCredential,
  isExecVersion,
  parseExecInfo,
} from "../../src/kube/exec_credential.ts";
import { Secret } from "../../src/secret.ts";

const V1 = "client.authentication.k8s.io/v1";
const BETA = "client.authentication.k8s.io/v1beta1";

Deno.test("parseExecInfo() reads version and interactive", () => {
  const info = (spec: unknown) => JSON.stringify({ kind: "ExecCredential", apiVersion: V1, spec });
  assert.deepEqual(parseExecInfo(undefined), { apiVersion: BETA, interactive: undefined });
  for (const interactive of [true, false]) {
    assert.deepEqual(parseExecInfo(info({ interactive })), { apiVersion: V1, interactive });
  }
  for (const spec of [undefined, null, {}, { interactive: "yes" }, "text"]) {
    assert.deepEqual(parseExecInfo(info(spec)), { apiVersion: V1, interactive: undefined });
  }
});

Deno.test("parseExecInfo() returns undefined for anything else", () => {
  for (const text of ["", "{", "null", "1", '"v1"', "[]", "{}", '{"apiVersion":1}']) {
    assert.equal(parseExecInfo(text), undefined, text);
  }
});

Deno.test("isExecVersion() knows v1 and v1beta1", () => {
  assert.deepEqual([V1, BETA].map(isExecVersion), [true, true]);
  for (const other of ["client.authentication.k8s.io/v1alpha1", "v1", ""]) {
    assert.equal(isExecVersion(other), false, other);
  }
});

Deno.test("formatExecCredential() has the documented shape", () => {
  assert.equal(
    formatExecCredential(BETA, new Secret("k8s-aws-v1.x"), "2023-04-28T00:14:00Z"),
    `{"kind":"ExecCredential","apiVersion":"${BETA}","spec":{},"status":` +
      '{"expirationTimestamp":"2023-04-28T00:14:00Z","token":"k8s-aws-v1.x"}}',
  );
});
