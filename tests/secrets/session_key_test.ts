import assert from "node:assert/strict";
import { SecretStoreError } from "../../src/errors.ts";
import { Secret } from "../../src/secret.ts";
import type { AccountSecrets } from "../../src/secrets/secret_item.ts";
import { sessionKeyOf } from "../../src/secrets/session_key.ts";
import { newSealKey, seal, unseal } from "../../src/store/seal.ts";

const TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

function secrets(given: Partial<AccountSecrets>): AccountSecrets {
  const password = new Secret("hunter2");
  return { id: undefined, password, totp: undefined, sessionKey: undefined, ...given };
}

function totp(text: string): AccountSecrets {
  return secrets({ totp: new Secret(text) });
}

Deno.test("sessionKeyOf() returns the stored key", async () => {
  const sessionKey = newSealKey();
  assert.equal(await sessionKeyOf(secrets({ sessionKey, totp: new Secret(TOTP) })), sessionKey);
});

Deno.test("sessionKeyOf() derives the same key from a URI and from its base32", async () => {
  const one = (await sessionKeyOf(totp(TOTP.toLowerCase())))!;
  const two = (await sessionKeyOf(totp(`otpauth://totp/x?secret=${TOTP}&issuer=y`)))!;
  const sealed = await seal(one, "x", "text");
  assert.equal(await unseal(two, "x", sealed), "text");
  assert.notEqual(await seal(one, "x", "text"), sealed);
});

Deno.test("sessionKeyOf() derives another key from another password or TOTP secret", async () => {
  const sealed = await seal((await sessionKeyOf(totp(TOTP)))!, "x", "text");
  const password = new Secret("other");
  const others = [secrets({ password, totp: new Secret(TOTP) }), totp(TOTP.replace("J", "K"))];
  for (const other of others) {
    assert.equal(await unseal((await sessionKeyOf(other))!, "x", sealed), undefined);
  }
});

Deno.test("sessionKeyOf() returns undefined below 80 bits", async () => {
  assert.notEqual(await sessionKeyOf(totp("JBSWY3DPEHPK3PXP")), undefined);
  assert.equal(await sessionKeyOf(totp("JBSWY3DPEHPK3P")), undefined);
});

Deno.test("sessionKeyOf() takes a secret from another program, and no code", async () => {
  const from = (text: string) =>
    secrets({ lastOneTimeCode: () => Promise.resolve(new Secret(text)) });
  assert.notEqual(await sessionKeyOf(from(TOTP)), undefined);
  assert.equal(await sessionKeyOf(from("123456")), undefined);
  const locked = new SecretStoreError("totp_command failed", { code: "unavailable", hint: "" });
  const failing = secrets({ lastOneTimeCode: () => Promise.reject(locked) });
  assert.equal(await sessionKeyOf(failing), undefined);
  assert.equal(await sessionKeyOf(secrets({})), undefined);
});
