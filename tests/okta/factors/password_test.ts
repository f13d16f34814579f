import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import {
  fingerprintOf,
  matchesRejectedFingerprint,
} from "../../../src/secrets/password_fingerprint.ts";
import { countDerivations } from "../../fakes/counted_derivations.ts";
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

Deno.test("fingerprintOf() with a key is quick, and known again with this key only", async () => {
  const [password, key] = [new Secret("hunter2"), new Secret("JBSWY3DPEHPK3PXP")];
  using derivations = countDerivations();
  const marks = await Promise.all([fingerprintOf(password, key), fingerprintOf(password, key)]);
  assert.notEqual(marks[0].salt, marks[1].salt);
  for (const mark of marks) {
    assert.match(mark.hash, /^[0-9a-f]{4}$/);
    assert.equal(await matchesRejectedFingerprint(mark, new Secret("hunter2"), key), true);
    assert.equal(await matchesRejectedFingerprint(mark, password), false);
  }
  const fits = async (text: string, other: Secret) =>
    await matchesRejectedFingerprint(marks[0], new Secret(text), other) &&
    await matchesRejectedFingerprint(marks[1], new Secret(text), other);
  assert.equal(await fits("hunter3", key), false);
  assert.equal(await fits("hunter2", new Secret("GEZDGNBVGY3TQOJQ")), false);
  assert.equal(derivations.count, 0);
});

Deno.test("isRejectedFingerprint() takes what fingerprintOf() gives, and nothing else", () => {
  assert.equal(isRejectedFingerprint({ salt: "00ff", hash: "abcd" }), true);
  assert.equal(isRejectedFingerprint({ salt: "00ff", hash: "abcd", keyed: true }), true);
  const half = { salt: "00ff", hash: "abcd", keyed: 1 };
  for (const value of [undefined, null, 7, {}, { salt: "00" }, { salt: "0", hash: "xyz" }, half]) {
    assert.equal(isRejectedFingerprint(value), false);
  }
});
