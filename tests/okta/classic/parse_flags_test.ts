import assert from "node:assert/strict";
import { parseAuthnTransaction } from "../../../src/okta/classic/parse_authn_transaction.ts";

for (const [given, expected] of [["true", true], ["false", false], [true, true]] as const) {
  Deno.test(`parseAuthnTransaction() reads excludeUsername: ${JSON.stringify(given)}`, () => {
    const complexity = { minLength: 8, excludeUsername: given };
    const body = { status: "PASSWORD_EXPIRED", _embedded: { policy: { complexity } } };
    const { complexity: read } = parseAuthnTransaction(JSON.stringify(body))!;
    assert.equal(read?.excludeUsername, expected);
    assert.equal(read?.minLength, 8);
  });
}
