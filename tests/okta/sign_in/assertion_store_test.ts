import assert from "node:assert/strict";
import { Secret } from "../../../src/secret.ts";
import { openAssertionStore } from "../../../src/okta/sign_in/assertion_store.ts";
import { newSealKey } from "../../../src/store/seal.ts";
import { memoryFiles } from "../../fakes/memory_files.ts";

const ORG = "https://acme.okta.com";
const OWNER = { cacheDirectory: "/cache", account: "default", org: ORG, username: "jane" };
const KEPT = {
  fetched: 1_700_000_000_000,
  action: "https://signin.aws.amazon.com/saml",
  samlResponse: new Secret("UEQ5NGJX"),
  relayState: undefined,
};

Deno.test("openAssertionStore() keeps an assertion for each app, sealed", async () => {
  const [files, key] = [memoryFiles(), newSealKey()];
  const store = await openAssertionStore(files, OWNER);
  await store.write(key, "app-1", KEPT);
  await store.write(key, "app-2", { ...KEPT, fetched: 5, relayState: "there" });
  assert.deepEqual([await store.fetchedAt("app-1"), await store.fetchedAt("app-2")], [
    KEPT.fetched,
    5,
  ]);
  const read = await store.read(key, "app-1");
  assert.equal(read!.samlResponse.reveal(), "UEQ5NGJX");
  assert.equal((await store.read(key, "app-2"))!.relayState, "there");
  const [path] = [...files.contents.keys()];
  assert.equal(files.contents.get(path!)!.mode, 0o600);
  assert.doesNotMatch(files.text(path!), /UEQ5NGJX|app-1|signin/);
});

Deno.test("openAssertionStore() gives nothing for another key, org, or app", async () => {
  const [files, key] = [memoryFiles(), newSealKey()];
  const store = await openAssertionStore(files, OWNER);
  await store.write(key, "app", KEPT);
  assert.equal(await store.read(newSealKey(), "app"), undefined);
  assert.equal(await store.read(key, "other"), undefined);
  const other = await openAssertionStore(files, { ...OWNER, org: "https://other.okta.com" });
  assert.equal(await other.read(key, "app"), undefined);
});

Deno.test("openAssertionStore() does not open what was moved to another time", async () => {
  const [files, key] = [memoryFiles(), newSealKey()];
  const store = await openAssertionStore(files, OWNER);
  await store.write(key, "app", KEPT);
  const [path] = [...files.contents.keys()];
  files.put(path!, files.text(path!).replace("1700000000000", "1800000000000"));
  assert.equal(await store.fetchedAt("app"), 1_800_000_000_000);
  assert.equal(await store.read(key, "app"), undefined);
});

Deno.test("openAssertionStore() forgets them all", async () => {
  const [files, key] = [memoryFiles(), newSealKey()];
  const store = await openAssertionStore(files, OWNER);
  await store.write(key, "app", KEPT);
  assert.equal(await store.remove(), true);
  assert.equal(await store.fetchedAt("app"), undefined);
});
