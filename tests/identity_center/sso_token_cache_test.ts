import assert from "node:assert/strict";
import type { SsoSession } from "../../src/aws/sso_session.ts";
import { Secret } from "../../src/secret.ts";
import { openSsoTokenCache, tokenFileName } from "../../src/identity_center/sso_token_cache.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const SESSION: SsoSession = {
  name: "dev",
  startUrl: "https://d-1.awsapps.com/start",
  region: "us-east-1",
  scopes: ["sso:account:access"],
};
/** As botocore names it: sha1("dev"). */
const FILE = "/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json";
const CLIENT = {
  clientId: "id",
  clientSecret: new Secret("eyJ"),
  expiresAt: Date.parse("2024-04-01T00:00:00Z"),
};

Deno.test("the file is the AWS CLI's, names and fields", async () => {
  const files = memoryFiles();
  const cache = await openSsoTokenCache(files, "/cache", SESSION);
  await cache.write({
    accessToken: new Secret("aoa"),
    expiresAt: Date.parse("2024-01-01T00:00:00.999Z"),
    refreshToken: new Secret("aor"),
    client: CLIENT,
  });
  assert.deepEqual(JSON.parse(files.text(FILE)!), {
    startUrl: SESSION.startUrl,
    region: "us-east-1",
    accessToken: "aoa",
    expiresAt: "2024-01-01T00:00:00Z",
    clientId: "id",
    clientSecret: "eyJ",
    registrationExpiresAt: "2024-04-01T00:00:00Z",
    refreshToken: "aor",
  });
  const read = await cache.read();
  assert.equal(read?.accessToken.reveal(), "aoa");
  assert.equal(read?.client?.clientSecret.reveal(), "eyJ");
  assert.equal(await cache.remove(), true);
  assert.equal(await cache.read(), undefined);
});

Deno.test("reads what the AWS CLI wrote, old times and no client too", async () => {
  const document = { accessToken: "aoa", expiresAt: "2024-01-01T00:00:00UTC", region: "us-east-1" };
  const files = memoryFiles({ [FILE]: JSON.stringify(document) });
  const token = await (await openSsoTokenCache(files, "/cache", SESSION)).read();
  assert.equal(token?.expiresAt, Date.parse("2024-01-01T00:00:00Z"));
  assert.equal(token?.client, undefined);
});

Deno.test("a file that is half written, or of another region or portal, is as none", async () => {
  const good = { accessToken: "aoa", expiresAt: "2024-01-01T00:00:00Z", region: "us-east-1" };
  const broken = [
    JSON.stringify(good).slice(0, 40),
    "",
    "null",
    "[]",
    JSON.stringify({ ...good, region: "eu-west-1" }),
    JSON.stringify({ ...good, startUrl: "https://d-2.awsapps.com/start" }),
    JSON.stringify({ ...good, expiresAt: "soon" }),
    JSON.stringify({ ...good, accessToken: 1 }),
  ];
  for (const text of broken) {
    const cache = await openSsoTokenCache(memoryFiles({ [FILE]: text }), "/cache", SESSION);
    assert.equal(await cache.read(), undefined, text);
  }
});

Deno.test("a sign-in by a profile of the legacy form counts", async () => {
  const legacy = `/cache/${await tokenFileName(SESSION.startUrl)}`;
  const document = { accessToken: "old", expiresAt: "2024-01-01T00:00:00Z", region: "us-east-1" };
  const files = memoryFiles({ [legacy]: JSON.stringify(document) });
  const token = await (await openSsoTokenCache(files, "/cache", SESSION)).read();
  assert.equal(token?.accessToken.reveal(), "old");
});

Deno.test("so does one to another session of the portal; what renews it is written there", async () => {
  const other = `/cache/${await tokenFileName("other")}`;
  const document = { accessToken: "a", expiresAt: "2024-01-01T00:00:00Z", region: "us-east-1" };
  const files = memoryFiles({ [other]: JSON.stringify(document) });
  const cache = await openSsoTokenCache(files, "/cache", { ...SESSION, also: ["other"] });
  const token = (await cache.read())!;
  await cache.write({ ...token, accessToken: new Secret("b") });
  assert.equal(JSON.parse(files.text(other)).accessToken, "b");
  assert.ok(!files.contents.has(FILE));
  assert.equal(await cache.remove(), true);
});

Deno.test("a client is kept where botocore looks for it", async () => {
  const files = memoryFiles();
  const cache = await openSsoTokenCache(files, "/cache", SESSION);
  const grantTypes = ["authorization_code", "refresh_token"];
  await cache.writeClient({ ...CLIENT, grantTypes });
  // hashlib.sha1(json.dumps({...}, sort_keys=True).encode()).hexdigest()
  const [path] = [...files.contents.keys()];
  assert.equal(path, "/cache/2282394e28a398e9aa733acf9e148c2c90a261e2.json");
  const read = await cache.readClient();
  assert.equal(read?.expiresAt, CLIENT.expiresAt);
  assert.deepEqual(read?.grantTypes, grantTypes);
  await cache.removeClient();
  assert.equal(await cache.readClient(), undefined);
});
