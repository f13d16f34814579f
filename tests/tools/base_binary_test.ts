import assert from "node:assert/strict";
import { stripCompiled } from "../../tools/base_binary.ts";

/** Magic number, hash of the section's name, length of the appended data. */
function trailer(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x501e, true);
  view.setBigUint64(8, BigInt(length), true);
  return bytes;
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

const BASE = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 1, 2, 3]);
const BUNDLE = new Uint8Array(40).fill(9);

Deno.test("stripCompiled() returns the base binary of a compiled program", () => {
  assert.deepEqual(stripCompiled(join(BASE, BUNDLE, trailer(40 + 16))), BASE);
});

Deno.test("stripCompiled() throws when the file was not compiled", () => {
  assert.throws(() => stripCompiled(join(BASE, BUNDLE)), /not a program made by deno compile/);
  assert.throws(
    () => stripCompiled(join(BASE, trailer(4000))),
    /not a program made by deno compile/,
  );
});
