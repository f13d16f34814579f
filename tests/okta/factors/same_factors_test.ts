import assert from "node:assert/strict";
import type { Authenticator } from "../../../src/okta/factors/authenticator.ts";
import { distinctNames, factorWord, isNamed } from "../../../src/okta/factors/same_factors.ts";

function push(id: string, detail: string | undefined): Authenticator {
  const name = "push to Okta Verify" + (detail === undefined ? "" : `: ${detail}`);
  return {
    kind: "push",
    factorType: "push",
    provider: "OKTA",
    id,
    name,
    detail,
    question: undefined,
  };
}

const SMS: Authenticator = { ...push("sms1", undefined), factorType: "sms", name: "SMS" };

Deno.test("factorWord() names the device only among several factors of one type", () => {
  const phones = [push("opf1", "Pixel 8"), push("opf2", "Jane's iPhone"), SMS];
  assert.deepEqual(phones.map((one) => factorWord(one, phones)), [
    "push/Pixel 8",
    "push/Jane's iPhone",
    "sms",
  ]);
  const [first] = phones;
  assert.equal(factorWord(first!, [first!, SMS]), "push");
});

Deno.test("factorWord() falls back to the id where a name doesn't tell, or can't be written", () => {
  const phones = [push("opf1", "Pixel"), push("opf2", "Pixel"), push("opf3", "a # b")];
  assert.deepEqual(phones.map((one) => factorWord(one, phones)), [
    "push/opf1",
    "push/opf2",
    "push/opf3",
  ]);
});

Deno.test("isNamed() takes a type, or a type with device or id, in any case", () => {
  const phone = push("opf1", "Pixel 8");
  for (const word of ["push", "PUSH", "push/pixel 8", "Push/OPF1"]) {
    assert.ok(isNamed(phone, word), word);
  }
  for (const word of ["sms", "push/other", "push/"]) assert.ok(!isNamed(phone, word), word);
});

Deno.test("distinctNames() makes equal names different", () => {
  const same = { ...push("a", undefined), name: "code of Okta Verify" };
  const named = { ...same, id: "b", detail: "Pixel 8" };
  assert.deepEqual(distinctNames([same, named, SMS]), [
    "code of Okta Verify (1)",
    "code of Okta Verify: Pixel 8",
    "SMS",
  ]);
});
