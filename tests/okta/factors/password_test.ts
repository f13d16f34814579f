import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import {
  fingerprintOf,
  matchesRejectedFingerprint,
} from "../../../src/secrets/password_fingerprint.ts";
import { isRejectedFingerprint } from "../../../src/store/account_state.ts";

Deno.test("fingerprintOf() knows a password again, and keeps 16 bits of it", async () => {
  const mark = await fingerprintOf(new Secret("gr\u00fcn hunter2"));
  assert.equal(await matchesRejectedFingerprint(mark, new Secret("gr\u00fcn hunter2")), true);
  assert.match(mark.hash, /^[0-9a-f]{4}$/);
  const other = await fingerprintOf(new Secret("gr\u00fcn hunter2"));
  assert.notEqual(other.salt, mark.salt);
  // Two in a row by chance: one of four thousand million.
  const others = [new Secret("hunter3"), new Secret("")];
  const fits = await Promise.all(
    others.map((password) => matchesRejectedFingerprint(mark, password)),
  );
  assert.ok(fits.includes(false));
});

Deno.test("isRejectedFingerprint() takes what fingerprintOf() gives, and nothing else", () => {
  assert.equal(isRejectedFingerprint({ salt: "00ff", hash: "abcd" }), true);
  for (const value of [undefined, null, 7, {}, { salt: "00" }, { salt: "0", hash: "xyz" }]) {
    assert.equal(isRejectedFingerprint(value), false);
  }
});
