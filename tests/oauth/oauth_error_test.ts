import assert from "node:assert/strict";
import { parseOAuthError } from "../../src/oauth/oauth_error.ts";

Deno.test("parseOAuthError() reads error and description, and nothing else", () => {
  const body = `{"error":"slow_down","error_description":"Slow down the polling frequency"}`;
  assert.deepEqual(parseOAuthError(body), {
    error: "slow_down",
    description: "Slow down the polling frequency",
  });
  assert.deepEqual(parseOAuthError(`{"error":"invalid_grant","error_description":7}`), {
    error: "invalid_grant",
    description: "",
  });
  for (const other of ["", "null", "[]", `"x"`, `{"errorCode":"E0000047"}`, `{"error":{}}`, "<"]) {
    assert.equal(parseOAuthError(other), undefined, other);
  }
});
