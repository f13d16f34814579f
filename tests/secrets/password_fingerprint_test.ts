import assert from "node:assert/strict";
import { Secret } from "../../src/secret.ts";
import { fingerprintOf, forgetPassword } from "../../src/secrets/password_fingerprint.ts";
import { openAccountState } from "../../src/store/account_state.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

Deno.test("forgetPassword() knows what an account has noted before another one of its user was added", async () => {
  const files = memoryFiles();
  const key = new Secret("JBSWY3DPEHPK3PXP");
  const password = new Secret("hunter2");
  const first = await openAccountState(files, "/cache", "one");
  const fingerprint = await fingerprintOf(password, key);
  const kept = { item: "env", fingerprint: await fingerprintOf(new Secret("another"), key) };
  const sentPasswords = [{ item: "env", fingerprint }, kept];
  await first.change({ refusedItem: "env", rejectedFingerprint: fingerprint, sentPasswords });
  const added = await openAccountState(files, "/cache", "two", ["one"]);
  await forgetPassword(added, password, key);
  const { rejectedFingerprint, sentPasswords: left } = await first.read();
  assert.equal(rejectedFingerprint, undefined);
  assert.deepEqual(left, [kept]);
});
