import assert from "node:assert/strict";
import * as v from "valibot";
import { lenient, members, number, object } from "../src/schemas.ts";

Deno.test("object() takes neither an array nor null, and drops unknown members", () => {
  const schema = object({ a: v.optional(v.string()) });
  for (const value of [[], ["a"], null, "a", 1, undefined]) {
    assert.equal(v.is(schema, value), false, JSON.stringify(value));
    assert.equal(v.is(members, value), false, JSON.stringify(value));
  }
  assert.deepEqual(v.parse(schema, { a: "x", b: 1 }), { a: "x" });
  assert.deepEqual(v.parse(schema, {}), {});
  assert.deepEqual(v.parse(members, { constructor: "x" }), { constructor: "x" });
});

Deno.test("number takes no infinite number", () => {
  assert.equal(v.parse(number, 1.5), 1.5);
  assert.equal(v.is(number, JSON.parse("1e999")), false);
});

Deno.test("lenient() reads what is missing or wrong as undefined", () => {
  const schema = object({ a: lenient(number), b: lenient(object({ c: number })) });
  assert.deepEqual(v.parse(schema, {}), {});
  assert.deepEqual(v.parse(schema, { a: "1", b: [] }), { a: undefined, b: undefined });
  assert.deepEqual(v.parse(schema, { a: 1, b: { c: 2 } }), { a: 1, b: { c: 2 } });
});
