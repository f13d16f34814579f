import assert from "node:assert/strict";
import { type Grant, type GrantContext, grantFile, hashOf } from "../../src/plugins/grants.ts";
import { NO_PERMISSIONS } from "../../src/plugins/permissions.ts";
import { fakeEnvironment } from "../fakes/fake_environment.ts";
import { memoryFiles } from "../fakes/memory_files.ts";
import type { Files } from "../../src/ports.ts";

function contextOf(files: Files): GrantContext {
  return {
    ports: { files, environment: fakeEnvironment({}, { home: "/home/me" }) },
    paths: { settingsDirectory: "/settings" },
  };
}

const GRANT: Grant = {
  name: "hello",
  permissions: { ...NO_PERMISSIONS, write: ["~/hello.txt"] },
  hooks: ["postRefresh"],
  commands: { hello: { brief: "says hello", args: "" } },
  source: { file: "/home/me/hello.ts" },
  sha256: "0".repeat(64),
};

Deno.test("grantFile() reads what it wrote, and nothing if there is no file", async () => {
  const files = memoryFiles();
  const grants = grantFile(contextOf(files));
  assert.deepEqual(await grants.read(), []);
  await grants.write([GRANT]);
  assert.deepEqual(await grants.read(), [GRANT]);
});

Deno.test("grantFile() refuses damaged files, and permissions that can't be granted", async () => {
  const files = memoryFiles();
  const grants = grantFile(contextOf(files));
  const whole = { version: 1, plugins: { hello: GRANT } };
  const broken = [
    "",
    "[]",
    JSON.stringify({ ...whole, version: 2 }),
    JSON.stringify({ version: 1, plugins: { hello: { ...GRANT, sha256: "x" } } }),
    JSON.stringify({ version: 1, plugins: { hello: { ...GRANT, permissions: { write: ["/"] } } } }),
    JSON.stringify({ version: 1, plugins: { "../x": GRANT } }),
  ];
  for (const text of broken) {
    await files.writeAtomic(grants.path, new TextEncoder().encode(text));
    await assert.rejects(grants.read(), { code: "bad_grants" }, text);
  }
});

Deno.test("hashOf() returns SHA-256 in hexadecimal", async () => {
  const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  assert.equal(await hashOf(new Uint8Array()), empty);
});
