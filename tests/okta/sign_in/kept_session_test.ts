import assert from "node:assert/strict";
import type { StoredCookie } from "../../../src/okta/client/cookie_jar.ts";
import { newSealKey } from "../../../src/store/seal.ts";
import { openSessionStore } from "../../../src/okta/sign_in/kept_session.ts";
import { type MemoryFiles, memoryFiles } from "../../fakes/memory_files.ts";

const ORG = "https://acme.okta.com";
const OWNER = { cacheDirectory: "/cache", account: "default", org: ORG, username: "jane" };
const NOW = Date.parse("2024-01-01T00:00:00Z");
const KEY = newSealKey();

const COOKIES: StoredCookie[] = [
  { host: "acme.okta.com", name: "sid", value: "102secret", path: "/" },
  { host: "acme.okta.com", name: "DT", value: "DI0", path: "/", expires: NOW + 1000 },
];

async function stored(files: MemoryFiles) {
  const store = await openSessionStore(files, OWNER);
  await store.write(KEY, { signedInAt: NOW, cookies: COOKIES });
  const [path] = files.contents.keys();
  return { store, path: path! };
}

Deno.test("openSessionStore() gives back the session that was kept", async () => {
  const files = memoryFiles();
  const { store } = await stored(files);
  assert.deepEqual(await store.read(KEY), { signedInAt: NOW, cookies: COOKIES });
  assert.equal(await store.signedInAt(), NOW);
  assert.equal(await store.remove(), true);
  assert.equal(await store.remove(), false);
  assert.equal(await store.read(KEY), undefined);
  assert.equal(await store.signedInAt(), undefined);
});

Deno.test("openSessionStore() keeps it sealed, 0600, in a file whose name says nothing", async () => {
  const files = memoryFiles();
  const { path } = await stored(files);
  assert.match(path, /^\/cache\/sessions\/[0-9a-f]{32}\.json$/);
  assert.equal(files.contents.get(path)?.mode, 0o600);
  assert.ok(!/secret|sid|acme/.test(files.text(path)));
});

Deno.test("openSessionStore() opens for no other key, account or org", async () => {
  const files = memoryFiles();
  const { store, path } = await stored(files);
  assert.equal(await store.read(newSealKey()), undefined);
  for (const [account, org] of [["other", ORG], ["default", "https://evil.okta.com"]] as const) {
    const another = await openSessionStore(files, { ...OWNER, account, org });
    assert.equal(await another.read(KEY), undefined);
    // Not even where its file is put in place of the other's.
    const moved = memoryFiles();
    const { path: place } = await stored(await emptyFor(moved, account, org));
    moved.put(place, files.text(path));
    assert.equal(
      await (await openSessionStore(moved, { ...OWNER, account, org })).read(KEY),
      undefined,
    );
  }
});

/** Makes the file of another account or org, so that its name is known. */
async function emptyFor(files: MemoryFiles, account: string, org: string): Promise<MemoryFiles> {
  const store = await openSessionStore(files, { ...OWNER, account, org });
  await store.write(KEY, { signedInAt: NOW, cookies: [] });
  return files;
}

Deno.test("openSessionStore() takes a damaged file for none", async () => {
  const files = memoryFiles();
  const { store, path } = await stored(files);
  const whole = files.text(path);
  const { sealed } = JSON.parse(whole);
  const damaged = [
    "",
    "{",
    "null",
    "[]",
    whole.slice(0, 40),
    JSON.stringify({ version: 2, signedInAt: NOW, sealed }),
    JSON.stringify({ version: 1, signedInAt: NOW }),
    JSON.stringify({ version: 1, signedInAt: "now", sealed }),
  ];
  for (const text of damaged) {
    files.put(path, text);
    assert.equal(await store.read(KEY), undefined, text);
    assert.equal(await store.signedInAt(), undefined, text);
  }
  files.put(path, whole.replace(sealed, `AAAA${sealed.slice(4)}`));
  assert.equal(await store.read(KEY), undefined);
});

Deno.test("openSessionStore() takes another user's session for none, whatever the case of a name", async () => {
  const files = memoryFiles();
  await stored(files);
  const same = await openSessionStore(files, { ...OWNER, username: "JANE" });
  assert.equal(await same.signedInAt(), NOW);
  assert.notEqual(await same.read(KEY), undefined);
  for (const username of ["joe", undefined]) {
    const other = await openSessionStore(files, { ...OWNER, username });
    assert.equal(await other.isKept(), false);
    assert.equal(await other.signedInAt(), undefined);
    assert.equal(await other.read(KEY), undefined);
  }
});
