import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeLossless, encodeLossless } from "../../src/ini/lossless_text.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

Deno.test("decodeLossless() reads valid UTF-8 as itself", () => {
  const text = "\ufeffkey = żółć 漢字 🙂\r\n";
  assert.equal(decodeLossless(new TextEncoder().encode(text)), text);
});

Deno.test("decodeLossless() escapes each byte of a malformed sequence, and nothing else", () => {
  const cases: [Uint8Array, string][] = [
    [bytes(0x61, 0xff, 0x62), "a\udcffb"],
    [bytes(0xc0, 0xaf), "\udcc0\udcaf"], // overlong "/"
    [bytes(0xe0, 0x80, 0xaf), "\udce0\udc80\udcaf"], // overlong, three bytes
    [bytes(0xf0, 0x8f, 0xbf, 0xbf), "\udcf0\udc8f\udcbf\udcbf"], // overlong, four bytes
    [bytes(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80), "\udced\udca0\udcbd\udced\udcb8\udc80"], // CESU-8
    [bytes(0xed, 0xb2, 0x80), "\udced\udcb2\udc80"], // what an escape itself would encode to
    [bytes(0xf4, 0x90, 0x80, 0x80), "\udcf4\udc90\udc80\udc80"], // above U+10FFFF
    [bytes(0xf0, 0x9f, 0x99), "\udcf0\udc9f\udc99"], // truncated at the end
    [bytes(0xe6, 0xbc, 0x41), "\udce6\udcbcA"], // truncated before ASCII
    [bytes(0xf0, 0x9f, 0x99, 0x82, 0x80), "🙂\udc80"], // a stray continuation behind a pair
    [bytes(0xed, 0x9f, 0xbf, 0xff), "\ud7ff\udcff"],
    [bytes(0xf4, 0x8f, 0xbf, 0xbf, 0xff), "\u{10ffff}\udcff"],
  ];
  for (const [input, text] of cases) {
    assert.equal(decodeLossless(input), text);
    assert.deepEqual(encodeLossless(text), input);
  }
});

Deno.test("encodeLossless() undoes decodeLossless() for any bytes", () => {
  const tricky = fc.constantFrom(0x0a, 0x41, 0x80, 0xa0, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4);
  const input = fc.array(fc.oneof(tricky, fc.nat(255)), { maxLength: 60 });
  fc.assert(fc.property(input, (values) => {
    const data = Uint8Array.from(values);
    assert.deepEqual(encodeLossless(decodeLossless(data)), data);
  }));
});

Deno.test("decodeLossless() reads what TextDecoder reads wherever that accepts the bytes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.uint8Array(), (text, junk) => {
    const valid = new TextEncoder().encode(text.toWellFormed());
    assert.equal(decodeLossless(valid), text.toWellFormed());
    const escaped = decodeLossless(Uint8Array.of(...valid, 0xff, ...junk));
    assert.ok(escaped.startsWith(`${text.toWellFormed()}\udcff`));
  }));
});

Deno.test("encodeLossless() keeps escapes apart from surrogate pairs", () => {
  assert.deepEqual(
    encodeLossless("🙂\udcff🙂"),
    bytes(240, 159, 153, 130, 255, 240, 159, 153, 130),
  );
});
