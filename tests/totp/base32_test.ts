import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { SettingsError } from "../../src/errors.ts";
import { decodeBase32, normalizeBase32 } from "../../src/totp/base32.ts";

const ascii = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

Deno.test("decodeBase32() reads the vectors of RFC 4648, section 10", () => {
  const vectors = {
    "MY======": "f",
    "MZXQ====": "fo",
    "MZXW6===": "foo",
    "MZXW6YQ=": "foob",
    "MZXW6YTB": "fooba",
    "MZXW6YTBOI======": "foobar",
  };
  for (const [text, plain] of Object.entries(vectors)) equal(ascii(decodeBase32(text)), plain);
});

Deno.test("decodeBase32() reads base32 as people paste it", () => {
  const ways = [
    "mzxw 6ytb oi",
    "MZXW-6YTB-OI",
    "mzxw\u00a06ytb\u2011oi\n",
    "MZXW6YTBOI",
    "MZXW6YTBOI=",
    "MZXW6YTBOI== ==",
    "\ufeffMZXW_6YTB\u200bOI",
  ];
  for (const text of ways) equal(ascii(decodeBase32(text)), "foobar", JSON.stringify(text));
});

Deno.test("decodeBase32() drops bits that don't fill a byte", () => {
  deepEqual(decodeBase32("MZX"), decodeBase32("MZ"));
  equal(decodeBase32("MZXW6YTBO").length, 5);
});

Deno.test("decodeBase32() returns every byte for every length", () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  for (let length = 1; length <= 40; length++) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
    const text = (bits.match(/.{1,5}/g) ?? [])
      .map((five) => letters[parseInt(five.padEnd(5, "0"), 2)]).join("");
    deepEqual(decodeBase32(text), bytes);
  }
});

Deno.test("normalizeBase32() gives upper case without separators and padding", () => {
  equal(normalizeBase32(" mzxw 6ytb-oi== "), "MZXW6YTBOI");
});

Deno.test("normalizeBase32() reports the position of a wrong character, never the text", () => {
  const cases: [string, RegExp][] = [
    ["JBSWY3DP0HPK3PXP", /character 9 .*0, 1, 8 or 9/],
    ["JBSW Y3DP 1HPK", /character 9 .*0, 1, 8 or 9/],
    ["JBSWY3DP!HPK3PXP", /character 9 .*is not base32/],
    ["JBSWY=3DP", /character 6 /],
    ["JBSWY3DPſſ", /character 9 /],
    ["JBSWY3DPß", /character 9 /],
    ["JBSWY3DP😀", /character 9 /],
  ];
  for (const [text, expected] of cases) {
    throws(() => normalizeBase32(text), (error) => {
      ok(error instanceof SettingsError);
      equal(error.code, "bad_totp_secret");
      ok(expected.test(error.message), error.message);
      ok(!`${error.message} ${error.hint}`.includes("JBSW"));
      return true;
    });
  }
});

Deno.test("normalizeBase32() rejects less than one byte", () => {
  for (const text of ["", " ", "====", "A", "-"]) {
    throws(() => normalizeBase32(text), { code: "bad_totp_secret" });
  }
});
