import assert from "node:assert/strict";
import { describePasswordRules } from "../../../src/okta/factors/password_change.ts";

const NOTHING = {
  minLength: undefined,
  minLowerCase: undefined,
  minUpperCase: undefined,
  minNumber: undefined,
  minSymbol: undefined,
  excludeUsername: undefined,
  historyCount: undefined,
};

Deno.test("describePasswordRules() says what is asked for, and nothing else", () => {
  const rules = { minLength: 8, minLowerCase: 1, minUpperCase: 2, minNumber: 0, minSymbol: -1 };
  assert.equal(
    describePasswordRules({ ...NOTHING, ...rules, excludeUsername: true, historyCount: 4 }),
    "at least 8 characters, a lower-case letter, 2 upper-case letters, " +
      "no part of the user name, different from the last 4",
  );
});

Deno.test("describePasswordRules() has words for a policy without rules", () => {
  assert.equal(describePasswordRules(NOTHING), "any characters");
});
