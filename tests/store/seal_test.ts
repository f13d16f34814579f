import assert from "node:assert/strict";
import fc from "fast-check";
import { Secret } from "../../src/secret.ts";
import { isSealKey, newSealKey, seal, unseal } from "../../src/store/seal.ts";

Deno.test("unseal() returns the text that was sealed", async () => {
  const key = newSealKey();
  await fc.assert(fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
    const expected = text.toWellFormed();
    assert.equal(await unseal(key, "what", await seal(key, "what", expected)), expected);
  }));
});

Deno.test("unseal() returns undefined for another key, purpose or other bytes", async () => {
  const key = newSealKey();
  const sealed = await seal(key, "session of a", "text");
  assert.equal(await unseal(newSealKey(), "session of a", sealed), undefined);
  assert.equal(await unseal(key, "session of b", sealed), undefined);
  assert.equal(await unseal(new Secret("no key"), "session of a", sealed), undefined);
  const bytes = Uint8Array.fromBase64(sealed);
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at]! ^= 1;
    assert.equal(await unseal(key, "session of a", changed.toBase64()), undefined, `byte ${at}`);
  }
  for (const text of ["", "!", "AAAA", sealed.slice(0, -8)]) {
    assert.equal(await unseal(key, "session of a", text), undefined, text);
  }
});

Deno.test("seal() never returns the same twice, and doesn't show the text", async () => {
  const key = newSealKey();
  const [one, two] = [await seal(key, "x", "a text"), await seal(key, "x", "a text")];
  assert.notEqual(one, two);
  assert.ok(!atob(one).includes("a text"));
});

Deno.test("newSealKey() returns 32 random bytes", () => {
  const [one, two] = [newSealKey(), newSealKey()];
  assert.equal(Uint8Array.fromBase64(one.reveal()).length, 32);
  assert.notEqual(one.reveal(), two.reveal());
  assert.ok(isSealKey(one));
  for (const text of ["", "AAAA", `${one.reveal()} `, "!".repeat(44)]) {
    assert.ok(!isSealKey(new Secret(text)), text);
  }
});
