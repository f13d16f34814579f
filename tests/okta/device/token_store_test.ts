import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { newSealKey } from "../../../src/store/seal.ts";
import { openTokenStore } from "../../../src/okta/device/token_store.ts";
import { type MemoryFiles, memoryFiles } from "../../fakes/memory_files.ts";

const TOKENS = {
  signedInAt: 1_700_000_000_000,
  expiresAt: 1_700_003_600_000,
  accessToken: new Secret("access"),
  idToken: new Secret("id"),
};

function open(files: MemoryFiles, account = "default", org = "https://acme.okta.com", id = "0oa1") {
  return openTokenStore(files, { cacheDirectory: "/cache", account, org, clientId: id });
}

Deno.test("tokens come back under the same key, times without any", async () => {
  const files = memoryFiles();
  const key = newSealKey();
  const store = await open(files);
  assert.equal(await store.read(key), undefined);
  await store.write(key, TOKENS);
  const read = await store.read(key);
  assert.equal(read?.accessToken.reveal(), "access");
  assert.equal(read?.idToken.reveal(), "id");
  const { signedInAt, expiresAt } = (await store.times())!;
  assert.deepEqual([signedInAt, expiresAt], [TOKENS.signedInAt, TOKENS.expiresAt]);
  assert.equal(await store.read(newSealKey()), undefined);
  assert.equal(await store.remove(), true);
  assert.equal(await store.times(), undefined);
});

Deno.test("another account, org or OIDC app never gets them", async () => {
  const files = memoryFiles();
  const key = newSealKey();
  await (await open(files)).write(key, TOKENS);
  const others = [open(files, "work"), open(files, "default", "https://b.okta.com")];
  for (const other of await Promise.all([...others, open(files, "default", undefined, "0oa2")])) {
    assert.equal(await other.read(key), undefined);
  }
});
