import { equal } from "node:assert/strict";
import { Secret } from "../../src/secret.ts";
import {
  hotpCode,
  type TotpAlgorithm,
  totpCode,
  type TotpParameters,
} from "../../src/totp/totp.ts";

const KEYS: Record<TotpAlgorithm, string> = {
  "SHA-1": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
  "SHA-256": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA",
  "SHA-512":
    "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA",
};

function parameters(algorithm: TotpAlgorithm, changes: Partial<TotpParameters> = {}) {
  return {
    key: new Secret(KEYS[algorithm]),
    algorithm,
    digits: 8 as const,
    periodSeconds: 30,
    issuer: undefined,
    account: undefined,
    ...changes,
  };
}

/** RFC 6238, appendix B: seconds, then the codes for SHA-1, SHA-256 and SHA-512. */
const VECTORS: [number, string, string, string][] = [
  [59, "94287082", "46119246", "90693936"],
  [1111111109, "07081804", "68084774", "25091201"],
  [1111111111, "14050471", "67062674", "99943326"],
  [1234567890, "89005924", "91819424", "93441116"],
  [2000000000, "69279037", "90698825", "38618901"],
  [20000000000, "65353130", "77737706", "47863826"],
];

Deno.test("totpCode() returns the codes of RFC 6238, appendix B", async () => {
  for (const [seconds, ...codes] of VECTORS) {
    for (const [index, algorithm] of (["SHA-1", "SHA-256", "SHA-512"] as const).entries()) {
      const { code } = await totpCode(parameters(algorithm), seconds * 1000);
      equal(code.reveal(), codes[index], `${algorithm} at ${seconds}`);
    }
  }
});

Deno.test("totpCode() returns the time step and its remaining seconds", async () => {
  const cases: [number, number, number][] = [
    [0, 0, 30],
    [1, 0, 30],
    [29_000, 0, 1],
    [29_999, 0, 1],
    [30_000, 1, 30],
    [59_500, 1, 1],
  ];
  for (const [now, counter, secondsLeft] of cases) {
    const shown = await totpCode(parameters("SHA-1"), now);
    equal(shown.counter, counter, `counter at ${now}`);
    equal(shown.secondsLeft, secondsLeft, `seconds left at ${now}`);
  }
});

Deno.test("totpCode() counts right beyond 2^32 steps", async () => {
  const shown = await totpCode(parameters("SHA-1", { periodSeconds: 1 }), (2 ** 32 + 1) * 1000);
  equal(shown.counter, 2 ** 32 + 1);
  // Computed by Python's hmac over struct.pack(">Q", 2**32 + 1).
  equal(shown.code.reveal(), "39108930");
});

Deno.test("totpCode() supports 6 and 7 digits, and other periods", async () => {
  const six = await totpCode(parameters("SHA-1", { digits: 6 }), 59_000);
  equal(six.code.reveal(), "287082");
  const seven = await totpCode(parameters("SHA-1", { digits: 7, periodSeconds: 59 }), 59_000);
  equal(seven.code.reveal(), "4287082");
});

const key = new TextEncoder().encode("12345678901234567890");

Deno.test("hotpCode() returns the codes of RFC 4226, appendix D", async () => {
  const codes = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(" ");
  for (const [counter, expected] of codes.entries()) {
    equal((await hotpCode(key, counter, { algorithm: "SHA-1", digits: 6 })).reveal(), expected);
  }
});

Deno.test("hotpCode() keeps leading zeros", async () => {
  // Truncated values of RFC 4226, appendix D: counter 3 is 1726969429.
  equal((await hotpCode(key, 3, { algorithm: "SHA-1", digits: 8 })).reveal(), "26969429");
  for (let counter = 0; counter < 100; counter++) {
    equal((await hotpCode(key, counter, { algorithm: "SHA-1", digits: 7 })).reveal().length, 7);
  }
});

Deno.test("hotpCode() counts all 64 bits of the counter", async () => {
  const low = await hotpCode(key, 1, { algorithm: "SHA-1", digits: 8 });
  const high = await hotpCode(key, 2 ** 32 + 1, { algorithm: "SHA-1", digits: 8 });
  equal(low.reveal(), "94287082");
  equal(high.reveal() === low.reveal(), false);
});

Deno.test("hotpCode() hides the code wherever it is shown", async () => {
  equal(`${await hotpCode(key, 0, { algorithm: "SHA-1", digits: 6 })}`, "[secret]");
});
