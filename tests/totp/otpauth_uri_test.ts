import { deepEqual, equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { SettingsError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import { formatTotpUri, parseTotpSecret } from "../../src/totp/otpauth_uri.ts";
import type { TotpParameters } from "../../src/totp/totp.ts";

const KEY = "JBSWY3DPEHPK3PXP";

/** The parameters with the key laid open, to compare. */
function open(parameters: TotpParameters): Record<string, unknown> {
  return { ...parameters, key: parameters.key.reveal() };
}

const DEFAULTS = {
  key: KEY,
  algorithm: "SHA-1",
  digits: 6,
  periodSeconds: 30,
  issuer: undefined,
  account: undefined,
};

Deno.test("parseTotpSecret() accepts base32 with the default parameters", () => {
  for (const text of [KEY, "jbsw y3dp ehpk 3pxp", ` ${KEY}==\n`]) {
    deepEqual(open(parseTotpSecret(text)), DEFAULTS);
  }
});

Deno.test("parseTotpSecret() accepts all variants of otpauth URIs", () => {
  const cases: [string, Record<string, unknown>][] = [
    [`otpauth://totp/x?secret=${KEY}`, { account: "x" }],
    [`otpauth://totp/?secret=${KEY}`, {}],
    [`otpauth://totp?secret=${KEY}`, {}],
    [`OTPAUTH://TOTP/x?SECRET=${KEY.toLowerCase()}`, { account: "x" }],
    [`otpauth://totp/Okta:me@x.org?secret=${KEY}`, { issuer: "Okta", account: "me@x.org" }],
    [`otpauth://totp/Okta%3Ame?secret=${KEY}`, { issuer: "Okta", account: "me" }],
    [`otpauth://totp/Okta%3a%20me?secret=${KEY}`, { issuer: "Okta", account: "me" }],
    [`otpauth://totp/Big Corp: me?secret=${KEY}`, { issuer: "Big Corp", account: "me" }],
    [`otpauth://totp/A:b:c?secret=${KEY}`, { issuer: "A", account: "b:c" }],
    [`otpauth://totp/A:b?secret=${KEY}&issuer=C%26D`, { issuer: "C&D", account: "b" }],
    [`otpauth://totp/A:b?secret=${KEY}&amp;issuer=C`, { issuer: "C", account: "b" }],
    [`otpauth://totp/A:b?secret=${KEY}&issuer=`, { issuer: "A", account: "b" }],
    [`otpauth://totp/100%:b?secret=${KEY}`, { issuer: "100%", account: "b" }],
    [`otpauth://totp/a?secret=JBSW%20Y3DP+EHPK-3PXP%3D%3D`, { account: "a" }],
    [`otpauth://totp/a?secret=${KEY}&secret=${KEY}`, { account: "a" }],
    [`otpauth://totp/a?secret=${KEY}&image=1&image=2`, { account: "a" }],
    [`otpauth://totp/a?secret=${KEY}&algorithm=SHA1`, { account: "a" }],
    [`otpauth://totp/a?secret=${KEY}&algorithm=sha-1`, { account: "a" }],
    [`otpauth://totp/a?secret=${KEY}&algorithm=`, { account: "a" }],
    [`otpauth://totp/a?secret=${KEY}&algorithm=HMAC-SHA256`, {
      account: "a",
      algorithm: "SHA-256",
    }],
    [`otpauth://totp/a?secret=${KEY}&algorithm=HmacSHA512`, { account: "a", algorithm: "SHA-512" }],
    [`otpauth://totp/a?secret=${KEY}&algorithm=sha_256`, { account: "a", algorithm: "SHA-256" }],
    [`otpauth://totp/a?secret=${KEY}&digits=8&period=60`, {
      account: "a",
      digits: 8,
      periodSeconds: 60,
    }],
    [`otpauth://totp/a?secret=${KEY}&digits=&period=1`, { account: "a", periodSeconds: 1 }],
  ];
  for (const [text, expected] of cases) {
    deepEqual(open(parseTotpSecret(text)), { ...DEFAULTS, ...expected }, text);
  }
});

Deno.test("parseTotpSecret() rejects unusable secrets without quoting them", () => {
  const cases: [string, RegExp][] = [
    [`otpauth://hotp/a?secret=${KEY}&counter=1`, /counter-based codes/],
    [`otpauth://steam/a?secret=${KEY}`, /not of type totp/],
    [`otpauth-migration://offline?data=${KEY}`, /export of an app/],
    [`https://x.org/?secret=${KEY}`, /neither base32 nor/],
    [`otpauth://[/a?secret=${KEY}`, /neither base32 nor/],
    [`otpauth://totp/${KEY}`, /no secret/],
    [`otpauth://totp/a?secret=`, /empty/],
    [`otpauth://totp/a?secret=${KEY}&secret=${KEY}AA`, /different values for secret/],
    [`otpauth://totp/a?secret=${KEY}&Digits=6&digits=8`, /different values for digits/],
    [`otpauth://totp/a?secret=${KEY}1`, /character 17/],
    [`otpauth://totp/a?secret=${KEY}&algorithm=MD5`, /algorithm other/],
    [`otpauth://totp/a?secret=${KEY}&digits=5`, /6, 7 or 8 digits/],
    [`otpauth://totp/a?secret=${KEY}&digits=06`, /6, 7 or 8 digits/],
    [`otpauth://totp/a?secret=${KEY}&period=0`, /period/],
    [`otpauth://totp/a?secret=${KEY}&period=-30`, /period/],
    [`otpauth://totp/a?secret=${KEY}&period=1.5`, /period/],
    ["123456", /one-time code/],
    ["", /empty/],
  ];
  for (const [text, expected] of cases) {
    throws(() => parseTotpSecret(text), (error) => {
      ok(error instanceof SettingsError);
      equal(error.code, "bad_totp_secret");
      ok(expected.test(error.message), `${text}: ${error.message}`);
      ok(error.hint);
      equal(error.cause, undefined);
      ok(!Deno.inspect(error).includes(KEY), text);
      return true;
    }, text);
  }
});

Deno.test("formatTotpUri() spells out every parameter", () => {
  const parameters = parseTotpSecret(`otpauth://totp/Big%20Corp:me@x.org?secret=${KEY}`);
  const uri = formatTotpUri(parameters);
  equal(`${uri}`, "[secret]");
  equal(
    uri.reveal(),
    `otpauth://totp/Big%20Corp:me%40x.org?secret=${KEY}&issuer=Big%20Corp&algorithm=SHA1&digits=6&period=30`,
  );
});

Deno.test("parseTotpSecret() reverses formatTotpUri()", () => {
  const name = fc.option(
    fc.string({ unit: "grapheme" }).map((text) => text.trim()).filter((text) => text !== ""),
    { nil: undefined },
  );
  const parameters = fc.record({
    key: fc.stringMatching(/^[A-Z2-7]{2,64}$/),
    algorithm: fc.constantFrom("SHA-1", "SHA-256", "SHA-512"),
    digits: fc.constantFrom(6, 7, 8),
    periodSeconds: fc.integer({ min: 1, max: 999_999_999 }),
    issuer: name,
    account: name,
  });
  fc.assert(fc.property(parameters, (given) => {
    const uri = formatTotpUri({ ...given, key: new Secret(given.key) } as TotpParameters);
    deepEqual(open(parseTotpSecret(uri.reveal())), { ...given });
  }));
});
