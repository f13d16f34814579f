import assert from "node:assert/strict";
import { fittingDuoMethods } from "../../../src/okta/duo/choose_duo_method.ts";
import type { DuoMethod } from "../../../src/okta/duo/duo_prompt_page.ts";

const methods: DuoMethod[] = [
  ["phone1", "Duo Push"],
  ["phone1", "Phone Call"],
  ["phone1", "Passcode"],
  ["phone2", "Phone Call"],
  ["token", "Passcode"],
].map(([device, factor]) => ({ device: device!, factor: factor!, name: "" }));

Deno.test("fittingDuoMethods() accepts names of aws-okta, okta-aws and Duo", () => {
  const cases: [string, string[]][] = [
    ["phone1", ["phone1 Duo Push", "phone1 Phone Call", "phone1 Passcode"]],
    ["PHONE2", ["phone2 Phone Call"]],
    ["phone1:call", ["phone1 Phone Call"]],
    ["phone1:passcode", ["phone1 Passcode"]],
    ["token", ["token Passcode"]],
    ["push", ["phone1 Duo Push"]],
    ["Duo Push", ["phone1 Duo Push"]],
    ["call", ["phone1 Phone Call", "phone2 Phone Call"]],
    ["passcode", ["phone1 Passcode", "token Passcode"]],
    ["u2f", []],
    ["phone9", []],
    ["phone2:push", []],
    ["constructor", []],
  ];
  for (const [wish, expected] of cases) {
    const found = fittingDuoMethods(methods, wish).map(({ device, factor }) =>
      `${device} ${factor}`
    );
    assert.deepEqual(found, expected, wish);
  }
});
