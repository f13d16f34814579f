import { equal } from "node:assert/strict";
import { hotpCode } from "../../src/totp/hotp.ts";

const key = new TextEncoder().encode("12345678901234567890");

Deno.test("hotpCode() gives the codes of RFC 4226, appendix D", async () => {
  const codes = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" ");
  for (const [counter, expected] of codes.entries()) {
    equal((await hotpCode(key, counter, "SHA-1", 6)).reveal(), expected);
  }
});

Deno.test("hotpCode() keeps leading zeros", async () => {
  // Truncated values of RFC 4226, appendix D: counter 3 is 1726969429.
  equal((await hotpCode(key, 3, "SHA-1", 8)).reveal(), "26969429");
  for (let counter = 0; counter < 100; counter++) {
    equal((await hotpCode(key, counter, "SHA-1", 7)).reveal().length, 7);
  }
});

Deno.test("hotpCode() counts all 64 bits of the counter", async () => {
  const low = await hotpCode(key, 1, "SHA-1", 8);
  const high = await hotpCode(key, 2 ** 32 + 1, "SHA-1", 8);
  equal(low.reveal(), "94287082");
  equal(high.reveal() === low.reveal(), false);
});

Deno.test("hotpCode() hides the code wherever it is shown", async () => {
  equal(`${await hotpCode(key, 0, "SHA-1", 6)}`, "[secret]");
});
