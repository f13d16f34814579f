import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { OktaAwsError, SettingsError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { encodeBase32 } from "../../src/totp/base32.ts";
import { parseTotpExport } from "../../src/totp/otpauth_migration.ts";
import { protobuf, type ProtobufField } from "../fakes/qr_pictures.ts";

/** The examples of https://pub.dev/packages/otpauth_migration, and a batch id below zero. */
const ONE = "CjEKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZTAC";
const TWO =
  "CkMKFD3GyqSCSm0oh2eyMx4gtDFmy4XZEhxBQ01FIENvOmpvaG4uZG9lQGV4YW1wbGUuY29tGgdBQ01FIENvIA" +
  "EoATACCjUKCkhlbGxvId6tvu8SGEV4YW1wbGU6YWxpY2VAZ29vZ2xlLmNvbRoHRXhhbXBsZSABKAEwAhABGAEgACjr4J" +
  "KK%2B%2F%2F%2F%2F%2F8B";

function uri(payload: Uint8Array, encode: (data: string) => string = encodeURIComponent): Secret {
  return new Secret(`otpauth-migration://offline?data=${encode(payload.toBase64())}`);
}

const KEY = Uint8Array.from([0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x21, 0xde, 0xad, 0xbe, 0xef]);
const ENTRY: ProtobufField[] = [
  [1, KEY],
  [2, "Okta:jane@example.com"],
  [3, "Okta"],
  [4, 1],
  [5, 1],
  [
    6,
    2,
  ],
];

function entry(...changes: ProtobufField[]): ProtobufField {
  const changed = new Map<number, ProtobufField>(
    [...ENTRY, ...changes].map((field) => [field[0], field]),
  );
  return [1, protobuf([...changed.values()])];
}

const ALICE = ["JBSWY3DPEHPK3PXP", "Example", "alice@google.com", "SHA-1", 6, 30];
const JOHN = [
  "HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ",
  "ACME Co",
  "john.doe@example.com",
  "SHA-1",
  6,
  30,
];

Deno.test("parseTotpExport() reads what other programs exported", () => {
  for (const [data, expected] of [[ONE, [ALICE]], [TWO, [JOHN, ALICE]]] as const) {
    const text = new Secret(`otpauth-migration://offline?data=${data}`);
    const { secrets, skipped, pictures } = parseTotpExport(text);
    deepEqual(
      secrets.map((one) => [
        one.key.reveal(),
        one.issuer,
        one.account,
        one.algorithm,
        one.digits,
        one.periodSeconds,
      ]),
      expected,
    );
    deepEqual([skipped, pictures], [0, 1]);
  }
});

Deno.test("parseTotpExport() reads every entry, and counts those that can't be used", () => {
  const payload = protobuf([
    entry(),
    entry([3, ""], [2, "jane"], [4, 3], [5, 2]),
    entry([6, 1]),
    entry([4, 4]),
    entry([1, new Uint8Array()]),
    [3, 2],
    [77, "something new"],
  ]);
  const { secrets, skipped, pictures } = parseTotpExport(uri(payload));
  deepEqual(
    secrets.map(({ issuer, account, algorithm, digits }) => [
      issuer,
      account,
      algorithm,
      digits,
    ]),
    [["Okta", "jane@example.com", "SHA-1", 6], [undefined, "jane", "SHA-512", 8]],
  );
  deepEqual([skipped, pictures], [3, 2]);
});

Deno.test("parseTotpExport() accepts every variant of base64", () => {
  const payload = protobuf([entry([1, Uint8Array.from([0xfb, 0xef, 0xff, 0xfe])])]);
  const spellings: ((data: string) => string)[] = [
    encodeURIComponent,
    (data) => data,
    (data) => data.replace(/=+$/, ""),
    (data) => data.replaceAll("+", "-").replaceAll("/", "_"),
  ];
  ok(payload.toBase64().includes("+") || payload.toBase64().includes("/"));
  for (const spelling of spellings) {
    equal(parseTotpExport(uri(payload, spelling)).secrets[0]?.key.reveal(), "7PX777Q");
  }
});

Deno.test("parseTotpExport() accepts an otpauth URI as an export of one", () => {
  const text = new Secret("otpauth://totp/x?secret=JBSWY3DPEHPK3PXP");
  const { secrets } = parseTotpExport(text);
  deepEqual(secrets.map(({ key }) => key.reveal()), ["JBSWY3DPEHPK3PXP"]);
});

Deno.test("parseTotpExport() rejects a damaged export without quoting it", () => {
  const whole = protobuf([entry()]).toBase64();
  for (const data of ["!!!!", "", whole.slice(0, 20), "CgA", "AAAA", "Cv///////////w8"]) {
    const text = new Secret(`otpauth-migration://offline?data=${data}`);
    if (data === "" || data === "CgA") {
      equal(parseTotpExport(text).secrets.length, 0);
      continue;
    }
    throws(() => parseTotpExport(text), (error) => {
      ok(error instanceof SettingsError);
      equal(error.code, "bad_totp_secret");
      equal(error.cause, undefined);
      return true;
    });
  }
});

Deno.test("parseTotpExport() returns or throws a SettingsError for any bytes", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
    try {
      parseTotpExport(uri(Uint8Array.from(bytes)));
    } catch (error) {
      ok(error instanceof OktaAwsError);
    }
  }));
});

Deno.test("encodeBase32() is RFC 4648's", () => {
  const vectors = [
    ["f", "MY"],
    ["fo", "MZXQ"],
    ["foo", "MZXW6"],
    ["foob", "MZXW6YQ"],
    [
      "fooba",
      "MZXW6YTB",
    ],
    ["foobar", "MZXW6YTBOI"],
    ["", ""],
  ];
  for (const [text, base32] of vectors) {
    equal(encodeBase32(new TextEncoder().encode(text)), base32);
  }
});
