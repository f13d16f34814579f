import assert from "node:assert/strict";
import { isRested } from "../../../src/okta/browser/rest.ts";

const FORM = { ready: true, forPerson: true };
const SPINNER = { ready: true, forPerson: false };

function after(seconds: number, whole = seconds): { now: number; began: number; since: number } {
  return { now: whole * 1000, began: 0, since: (whole - seconds) * 1000 };
}

Deno.test("isRested() calls for a person after a few seconds, later while a page only works", () => {
  assert.equal(isRested(FORM, after(2), false), false);
  assert.equal(isRested(FORM, after(3.1), false), true);
  assert.equal(isRested(SPINNER, after(5), false), false);
  assert.equal(isRested(SPINNER, after(8.1), false), true);
  assert.equal(isRested({ ...FORM, ready: false }, after(20), false), false);
  assert.equal(isRested(undefined, after(1, 61), false), true);
});

Deno.test("isRested() does not take a slow server for a page that needs a person", () => {
  assert.equal(isRested(FORM, { ...after(5), isLoading: true }, false), false);
  assert.equal(isRested(FORM, { ...after(8.1), isLoading: true }, false), true);
});

Deno.test("isRested() gives a window five minutes without a change", () => {
  assert.equal(isRested(FORM, after(299), true), false);
  assert.equal(isRested(FORM, after(301), true), true);
  assert.equal(isRested(FORM, after(10, 3600), true), false);
});
