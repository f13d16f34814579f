/**
 * The WebAuthn and U2F challenges of Okta's documentation.
 */

import assert from "node:assert/strict";
import { authenticatorOf, demandOf } from "../../src/okta/classic/authn_factors.ts";
import { parseAuthnTransaction } from "../../src/okta/classic/parse_authn_transaction.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const FOLDER = new URL("okta-developer-docs/_derived/authn-reference/", FIXTURES);

const CASES = [
  ["076-response-example-for-verify-u2f-factor.json", "u2f", "tT1MI7XGzMu48Ivnz3vB", 1],
  [
    "078-response-example-for-verify-webauthn-factor-by-factorid.json",
    "webauthn",
    "K0UNqWlz2TCCDd5qEkBf",
    1,
  ],
  [
    "079-response-example-for-verify-webauthn-factor-by-factortype.json",
    "webauthn",
    "K0UNqWlz2TCCDd5qEkBf",
    2,
  ],
] as const;

function isMissing(): boolean {
  try {
    return !Deno.statSync(FOLDER).isDirectory;
  } catch {
    return true;
  }
}

for (const [file, kind, challenge, keys] of CASES) {
  Deno.test({
    name: `demandOf() reads ${file}`,
    ignore: ignoreWithoutData(isMissing()),
    fn() {
      const { body } = JSON.parse(Deno.readTextFileSync(new URL(file, FOLDER)));
      const transaction = parseAuthnTransaction(JSON.stringify(body))!;
      const factor = { ...(transaction.factor ?? transaction.factors[0]!), verify: "https://x" };
      const demand = demandOf(authenticatorOf(factor), transaction, "https://acme.okta.com");
      assert.ok(demand?.kind === kind);
      assert.equal(demand.challenge, challenge);
      assert.equal(demand.credentialIds.length, keys);
    },
  });
}
