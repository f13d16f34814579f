import assert from "node:assert/strict";
import { Secret } from "../../src/secret.ts";
import {
  type CacheMode,
  type CredentialKey,
  openCredentialCache,
} from "../../src/credentials/credential_cache.ts";
import { isFresh } from "../../src/credentials/credential_document.ts";
import { newSealKey } from "../../src/store/seal.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { memoryFiles } from "../fakes/memory_files.ts";
import type { IssuedCredentials } from "../../src/aws/session_credentials.ts";

const START = Date.parse("2024-01-01T00:00:00Z");
const MINUTE = 60_000;
const ROLE = "arn:aws:iam::123456789012:role/Admin";

const KEY: CredentialKey = {
  account: "default",
  org: "https://acme.okta.com",
  username: "jane",
  chain: [{ roleArn: ROLE, roleSessionName: undefined, externalId: undefined }],
  duration: 3600,
  endpoint: "https://sts.us-east-1.amazonaws.com/",
};

function cached(minutes: number, accessKeyId = "ASIA1"): IssuedCredentials {
  return {
    issued: START,
    assumedRoleArn: "arn:aws:sts::123456789012:assumed-role/Admin/jane",
    credentials: {
      accessKeyId,
      secretAccessKey: new Secret("the-secret-key"),
      sessionToken: new Secret("the-session-token"),
      expiration: new Date(START + minutes * MINUTE),
    },
  };
}

function world(mode: CacheMode = "file") {
  const files = memoryFiles();
  const clock = new FakeClock(START);
  const asked: string[] = [];
  const sealKeys = new Map([["default", newSealKey()], ["other", newSealKey()]]);
  const open = (openMode: CacheMode) =>
    openCredentialCache({
      files,
      cacheDirectory: "/cache",
      mode: openMode,
      now: () => clock.now(),
      sealKey(account) {
        asked.push(account);
        return Promise.resolve(sealKeys.get(account)!);
      },
    });
  return { files, clock, asked, open, cache: open(mode) };
}

function revealed(one: IssuedCredentials | undefined) {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = one?.credentials ?? {};
  return [
    accessKeyId,
    secretAccessKey?.reveal(),
    sessionToken?.reveal(),
    expiration?.getTime(),
    one?.issued,
    one?.assumedRoleArn,
  ];
}

Deno.test("isFresh() is true while min(15 minutes, a quarter of the lifetime) is left", () => {
  const cases: [lifeMinutes: number, leastMinutes: number][] = [
    [60, 15],
    [720, 15],
    [61, 15],
    [59, 14.75],
    [40, 10],
    [15, 3.75],
    [1, 0.25],
  ];
  for (const [life, least] of cases) {
    const end = START + life * MINUTE;
    assert.equal(isFresh(START, end, end - least * MINUTE), true, `${life} at the line`);
    assert.equal(isFresh(START, end, end - least * MINUTE + 1), false, `${life} behind it`);
    assert.equal(isFresh(START, end, START), true, `${life} new`);
  }
});

Deno.test("isFresh() is false after the expiry, also for odd dates", () => {
  assert.equal(isFresh(START, START, START), false);
  assert.equal(isFresh(START + MINUTE, START + 60 * MINUTE, START), false, "issued later than now");
  assert.equal(isFresh(START + MINUTE, START, START), false);
  assert.equal(isFresh(START, START + 60 * MINUTE, START + 61 * MINUTE), false);
});

for (const mode of ["file", "encrypted"] as const) {
  Deno.test(`openCredentialCache() gives back what was kept, mode ${mode}`, async () => {
    const { cache, clock } = world(mode);
    await cache.write(KEY, cached(60));
    const expected = revealed(cached(60));
    assert.deepEqual(revealed(await cache.read(KEY)), expected);
    clock.advance(45 * MINUTE);
    assert.deepEqual(revealed(await cache.read(KEY)), expected);
    clock.advance(1);
    assert.equal(await cache.read(KEY), undefined);
  });

  Deno.test(`openCredentialCache() tells requests apart by all that makes them, mode ${mode}`, async () => {
    const { cache } = world(mode);
    await cache.write(KEY, cached(60));
    const step = KEY.chain[0]!;
    const others: Partial<CredentialKey>[] = [
      { account: "other" },
      { endpoint: "http://127.0.0.1:4566/" },
      { duration: 7200 },
      { duration: "max" },
      { chain: [{ ...step, roleArn: `${ROLE}2` }] },
      { chain: [{ ...step, roleSessionName: "jane" }] },
      { chain: [{ ...step, externalId: "abc" }] },
      { chain: [step, step] },
      { chain: [] },
    ];
    for (const other of others) {
      assert.equal(await cache.read({ ...KEY, ...other }), undefined, JSON.stringify(other));
    }
    await cache.write({ ...KEY, duration: "max" }, cached(720, "ASIA2"));
    assert.equal((await cache.read(KEY))?.credentials.accessKeyId, "ASIA1");
  });

  Deno.test(`openCredentialCache() keeps 0600 files whose names say nothing, mode ${mode}`, async () => {
    const { cache, files } = world(mode);
    await cache.write(KEY, cached(60));
    const [path] = files.contents.keys();
    assert.match(path!, /^\/cache\/credentials\/[0-9a-f]{32}\.json$/);
    assert.equal(await cache.path(KEY), path);
    assert.equal(files.contents.get(path!)?.mode, 0o600);
    assert.equal(files.text(path!).includes("the-secret-key"), mode === "file");
  });
}

Deno.test("openCredentialCache() asks for the key in mode encrypted alone", async () => {
  const plain = world("file");
  await plain.cache.write(KEY, cached(60));
  await plain.cache.read(KEY);
  assert.deepEqual(plain.asked, []);
  const sealed = world("encrypted");
  await sealed.cache.read(KEY);
  assert.deepEqual(sealed.asked, []);
  await sealed.cache.write(KEY, cached(60));
  await sealed.cache.read(KEY);
  assert.deepEqual(sealed.asked, ["default", "default"]);
  sealed.clock.advance(50 * MINUTE);
  await sealed.cache.read(KEY);
  assert.equal(sealed.asked.length, 2);
});

Deno.test("openCredentialCache() takes what was kept in another mode for none", async () => {
  for (const [before, after] of [["file", "encrypted"], ["encrypted", "file"]] as const) {
    const { open, asked } = world();
    await open(before).write(KEY, cached(60));
    asked.length = 0;
    assert.equal(await open(after).read(KEY), undefined);
    assert.deepEqual(asked, []);
    await open(after).write(KEY, cached(60));
    assert.notEqual(await open(after).read(KEY), undefined);
  }
});

Deno.test("openCredentialCache() keeps and gives nothing in mode none, and still forgets", async () => {
  const { open, files } = world();
  await open("file").write(KEY, cached(60));
  const cache = open("none");
  assert.equal(await cache.read(KEY), undefined);
  await cache.write({ ...KEY, duration: 900 }, cached(15));
  assert.equal(files.contents.size, 1);
  assert.equal(await cache.clear("default"), 1);
  assert.equal(files.contents.size, 0);
});

Deno.test("openCredentialCache() opens no sealed credentials for another request, even if files are renamed", async () => {
  const { cache, files } = world("encrypted");
  const longer = { ...KEY, chain: [...KEY.chain, ...KEY.chain] };
  await cache.write(KEY, cached(60));
  const [path] = [...files.contents.keys()];
  const text = files.text(path!);
  await cache.write(longer, cached(60));
  const other = [...files.contents.keys()].find((one) => one !== path)!;
  files.put(other, text);
  assert.equal(await cache.read(longer), undefined);
  files.put(path!, text.replace(`"expiration":`, `"expiration":9`));
  assert.equal(await cache.read(KEY), undefined);
});

Deno.test("openCredentialCache() takes a damaged file for none", async () => {
  const { cache, files } = world();
  await cache.write(KEY, cached(60));
  const [path] = [...files.contents.keys()];
  const whole = JSON.parse(files.text(path!));
  const damaged = [
    "",
    "{",
    "null",
    "[]",
    JSON.stringify(whole).slice(0, 80),
    JSON.stringify({ ...whole, version: 2 }),
    JSON.stringify({ ...whole, issued: null }),
    JSON.stringify({ ...whole, expiration: "soon" }),
    JSON.stringify({ ...whole, endpoint: undefined }),
    JSON.stringify({ ...whole, assumedRoleArn: undefined }),
    JSON.stringify({ ...whole, open: undefined }),
    JSON.stringify({ ...whole, open: { ...whole.open, sessionToken: "" } }),
    JSON.stringify({ ...whole, open: { ...whole.open, secretAccessKey: 7 } }),
    JSON.stringify({ ...whole, open: undefined, sealed: "AAAA" }),
  ];
  for (const text of damaged) {
    files.put(path!, text);
    assert.equal(await cache.read(KEY), undefined, text);
  }
});

Deno.test("openCredentialCache().list() tells what there is and nothing secret", async () => {
  for (const mode of ["file", "encrypted"] as const) {
    const { cache, asked, clock } = world(mode);
    await cache.write(KEY, cached(60));
    asked.length = 0;
    clock.advance(120 * MINUTE);
    assert.deepEqual(await cache.list(), [{
      account: "default",
      roleArn: ROLE,
      endpoint: KEY.endpoint,
      expiration: START + 60 * MINUTE,
    }]);
    assert.deepEqual(asked, []);
  }
  assert.deepEqual(await world().cache.list(), []);
});

Deno.test("openCredentialCache().clear() forgets one account's, and what can't be read", async () => {
  const { cache, files } = world();
  await cache.write(KEY, cached(60));
  await cache.write({ ...KEY, duration: 900 }, cached(15));
  await cache.write({ ...KEY, account: "other" }, cached(60));
  files.put(`/cache/credentials/${"0".repeat(32)}.json`, "{damaged");
  files.put("/cache/credentials/.x.json.tmp123", "somebody is writing this");
  assert.equal(await cache.clear("default"), 2);
  assert.deepEqual((await cache.list()).map(({ account }) => account), ["other"]);
  assert.equal(files.contents.size, 2);
  assert.ok(files.contents.has("/cache/credentials/.x.json.tmp123"));
});
