import assert from "node:assert/strict";
import { InteractionError } from "../../../src/errors.ts";
import {
  assertArguments,
  formatAssertInput,
  parseAssertion,
  parseDevices,
  systemSecurityKeys,
} from "../../../src/platform/processes/security_keys.ts";
import type { SecurityKeyRequest } from "../../../src/ports.ts";
import { neededVariables } from "../../fakes/programs.ts";
import { fakeFido2Tools, newCredential } from "../../fakes/fido2/keys.ts";

const HASH = new Uint8Array(32).fill(7);

function request(changes: Partial<SecurityKeyRequest> = {}): SecurityKeyRequest {
  return {
    clientDataHash: HASH,
    rpId: "acme.okta.com",
    credentialId: Uint8Array.of(1, 2, 3),
    u2f: false,
    touch: true,
    pin: false,
    ...changes,
  };
}

Deno.test("parseDevices() parses the output of fido2-token on every system", () => {
  const listing = `/dev/hidraw5: vendor=0x1050, product=0x0407 (Yubico YubiKey OTP+FIDO+CCID)
ioreg://4295010950: vendor=0x1050, product=0x0402 (Yubico YubiKey FIDO)
windows://hello: vendor=0x045e, product=0x0001 (Microsoft Corporation Windows Hello)
`;
  assert.deepEqual(parseDevices(listing), [
    "/dev/hidraw5",
    "ioreg://4295010950",
    "windows://hello",
  ]);
  assert.deepEqual(parseDevices(""), []);
});

Deno.test("assertArguments() contains how to sign, and nothing of what", () => {
  assert.deepEqual(assertArguments("/dev/x", request()), ["-G", "-t", "up=true", "/dev/x"]);
  assert.deepEqual(
    assertArguments("/dev/x", request({ u2f: true, touch: false })),
    ["-G", "-u", "-t", "up=false", "/dev/x"],
  );
  assert.deepEqual(
    assertArguments("/dev/x", request({ pin: true })),
    ["-G", "-v", "-t", "up=true", "/dev/x"],
  );
});

Deno.test("formatAssertInput() has one line each, as in the manual page", () => {
  assert.equal(formatAssertInput(request()), `${HASH.toBase64()}\nacme.okta.com\nAQID\n`);
});

Deno.test("parseAssertion() unwraps the authenticator data", () => {
  const output = (wrapped: number[], rpId = "acme.okta.com") =>
    `${HASH.toBase64()}\n${rpId}\n${Uint8Array.from(wrapped).toBase64()}\nAQID\n`;
  const long = new Array(300).fill(9);
  const good: [number[], number[]][] = [
    [[0x42, 1, 2], [1, 2]],
    [[0x58, 37, ...long.slice(0, 37)], long.slice(0, 37)],
    [[0x59, 1, 44, ...long], long],
  ];
  for (const [wrapped, data] of good) {
    const parsed = parseAssertion(output(wrapped), request());
    assert.deepEqual([...parsed!.authenticatorData], data);
    assert.deepEqual([...parsed!.signature], [1, 2, 3]);
  }
  for (const wrapped of [[], [0x42, 1], [0x58, 37, 1], [1, 2, 3], [0x40]]) {
    assert.equal(parseAssertion(output(wrapped), request()), undefined);
  }
  assert.equal(parseAssertion(output([0x41, 1], "other"), request()), undefined);
  assert.equal(parseAssertion("", request()), undefined);
});

Deno.test({
  name: "systemSecurityKeys() lists keys, has one sign, and returns libfido2's error code",
  async fn() {
    const { credential, credentialId } = await newCredential("acme.okta.com");
    await using tools = await fakeFido2Tools([{
      device: "/dev/hidraw5",
      credentials: [credential],
    }]);
    const keys = systemSecurityKeys({ all: () => ({ ...Deno.env.toObject(), ...tools.env }) });
    assert.deepEqual(await keys.list(), ["/dev/hidraw5"]);
    const id = Uint8Array.fromBase64(credentialId, { alphabet: "base64url" });
    const signed = await keys.sign("/dev/hidraw5", request({ credentialId: id }));
    assert.ok(signed.kind === "signed");
    assert.equal(signed.authenticatorData.length, 37);
    assert.deepEqual(await keys.sign("/dev/hidraw5", request()), {
      kind: "failed",
      code: "FIDO_ERR_NO_CREDENTIALS",
    });
    assert.deepEqual(await keys.sign("/dev/hidraw9", request()), {
      kind: "failed",
      code: "FIDO_ERR_INTERNAL",
    });
  },
});

Deno.test({
  name: "systemSecurityKeys() says how to install missing tools",
  async fn() {
    const keys = systemSecurityKeys({ all: () => ({ ...neededVariables(), PATH: "/nowhere" }) });
    await assert.rejects(keys.list(), (error) => {
      assert.ok(error instanceof InteractionError);
      assert.equal(error.code, "no_fido2_tools");
      assert.match(error.hint!, /fido2-tools/);
      return true;
    });
  },
});
