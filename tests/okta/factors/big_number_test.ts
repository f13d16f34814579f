import assert from "node:assert/strict";
import { bigNumber } from "../../../src/okta/factors/big_number.ts";

Deno.test("bigNumber() draws each number in another way, all in five lines", () => {
  const drawn = Array.from({ length: 100 }, (_, number) => bigNumber(String(number)));
  assert.ok(drawn.every((lines) => lines.length === 5));
  assert.equal(new Set(drawn.map((lines) => lines.join("\n"))).size, 100);
});

Deno.test("bigNumber() draws what Okta may send: 0, and leading zeros", () => {
  assert.deepEqual(bigNumber("0"), ["██████", "██  ██", "██  ██", "██  ██", "██████"]);
  assert.notDeepEqual(bigNumber("07"), bigNumber("7"));
});

Deno.test("bigNumber() draws nothing for what is no number", () => {
  for (const text of ["", "4a", "-1", "1234567", "٣"]) assert.deepEqual(bigNumber(text), []);
});
