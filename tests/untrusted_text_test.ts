import assert from "node:assert/strict";
import fc from "fast-check";
import { SHOWN_CHARACTERS, showUntrusted } from "../src/untrusted_text.ts";

Deno.test("showUntrusted() returns ordinary text of any language unchanged", () => {
  for (
    const text of ["O’Reilly", "日本", "naïve café", "a=b; $(c) `d` ]", "😀", "עברית", "\\x1b"]
  ) {
    assert.equal(showUntrusted(text), text);
  }
});

Deno.test("showUntrusted() escapes characters that move the cursor, change colours or add lines", () => {
  const cases: [text: string, shown: string][] = [
    ["a\nb", "a\\nb"],
    ["a\r\nb", "a\\r\\nb"],
    ["a\tb", "a\\tb"],
    ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
    ["a\x00b\x07c\x08d\x7fe", "a\\x00b\\x07c\\x08d\\x7fe"],
    ["a\x9b31mb", "a\\x9b31mb"],
    ["a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c"],
  ];
  for (const [text, shown] of cases) assert.equal(showUntrusted(text), shown);
});

Deno.test("showUntrusted() escapes characters that reorder or hide text", () => {
  const marks = "\u061c\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067" +
    "\u2068\u2069\ufeff\u00ad\u{e0041}\u{e007f}\u{1d173}";
  for (const mark of marks) {
    const hex = mark.codePointAt(0)!.toString(16);
    const shown = hex.length <= 2 ? `\\x${hex}` : `\\u{${hex}}`;
    assert.equal(showUntrusted(`a${mark}b`), `a${shown}b`);
  }
});

Deno.test("showUntrusted() escapes lone surrogates and keeps pairs", () => {
  assert.equal(showUntrusted("a\ud83db"), "a\\u{d83d}b");
  assert.equal(showUntrusted("a\ude00b"), "a\\u{de00}b");
  assert.equal(showUntrusted("a\ud83d\ude00b"), "a😀b");
});

Deno.test("showUntrusted() shows no password of a URL", () => {
  const cases: [text: string, shown: string][] = [
    ["https://jane:s3cret@acme.okta.com/x", "https://[secret]@acme.okta.com/x"],
    ["a HTTP://:s3cret@x b socks5://u:p@y", "a HTTP://[secret]@x b socks5://[secret]@y"],
    ["https://acme.okta.com/a:b@c", "https://acme.okta.com/a:b@c"],
    ["https://s3cret@acme.okta.com", "https://[secret]@acme.okta.com"],
    ["https://acme.okta.com?a=b@c https://acme.okta.com#b@c", "same"],
    ["jane:x@acme.okta.com", "jane:x@acme.okta.com"],
  ];
  for (const [text, shown] of cases) {
    assert.equal(showUntrusted(text), shown === "same" ? text : shown);
  }
});

Deno.test("showUntrusted() cuts at 300 characters, ending in …", () => {
  assert.equal(SHOWN_CHARACTERS, 300);
  assert.equal(showUntrusted("x".repeat(300)), "x".repeat(300));
  assert.equal(showUntrusted("x".repeat(301)), "x".repeat(299) + "…");
  assert.equal(showUntrusted("😀".repeat(300)), "😀".repeat(300));
  assert.equal(showUntrusted("😀".repeat(301)), "😀".repeat(299) + "…");
  assert.equal([...showUntrusted("\x1b".repeat(10_000))].length, 300);
});

Deno.test("showUntrusted() shows anything but a string as JSON", () => {
  assert.equal(showUntrusted({ a: "\x1b" }), '{"a":"\\u001b"}');
  assert.equal(showUntrusted(null), "null");
  assert.equal(showUntrusted(undefined), "");
  assert.equal(showUntrusted(12n), "12");
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  assert.equal(showUntrusted(circle), "[object Object]");
});

Deno.test("showUntrusted() returns one harmless line of at most 300 characters for any text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 1000 }), (text) => {
    const shown = showUntrusted(text);
    assert.ok([...shown].length <= 300);
    assert.ok(shown.isWellFormed());
    assert.ok(!/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(shown));
  }));
});
