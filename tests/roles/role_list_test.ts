import assert from "node:assert/strict";
import { grantedRoles, openRoleList, type RoleList } from "../../src/roles/role_list.ts";
import { memoryFiles } from "../fakes/memory_files.ts";

const EMPTY: RoleList = {
  version: 1,
  account: "default",
  apps: {},
  aliases: {},
  names: {},
  written: {},
};

function granted(name: string, principal = "p") {
  return { roleArn: `arn:aws:iam::123456789012:role/${name}`, principalArn: principal };
}

const FULL: RoleList = {
  ...EMPTY,
  apps: {
    "https://acme.okta.com/one": { seen: 1, roles: [granted("B"), granted("A")] },
    "https://acme.okta.com/two": { seen: 2, roles: [granted("A", "q"), granted("C")] },
  },
  aliases: { "123456789012": "dev" },
  names: { [granted("A").roleArn]: { profile: "okta-dev-A", basis: "x" } },
  written: { "okta-dev-A": { app: "https://acme.okta.com/one", roleArn: granted("A").roleArn } },
};

Deno.test("openRoleList() gives back what was written, for each account its own", async () => {
  const files = memoryFiles();
  const file = await openRoleList(files, "/cache", "default");
  assert.deepEqual(await file.read(), EMPTY);
  await file.change(() => FULL);
  assert.deepEqual(await file.read(), FULL);
  assert.equal(files.contents.get(file.path)?.mode, 0o600);
  assert.match(file.path, /^\/cache\/roles\/[0-9a-f]{32}\.json$/);
  const other = await openRoleList(files, "/cache", "other");
  assert.deepEqual(await other.read(), { ...EMPTY, account: "other" });
  assert.equal(await file.remove(), true);
  assert.deepEqual(await file.read(), EMPTY);
});

Deno.test("openRoleList() gives an empty list of the caller's own", async () => {
  const file = await openRoleList(memoryFiles(), "/cache", "default");
  (await file.read()).aliases["123456789012"] = "mine";
  assert.deepEqual(await file.read(), EMPTY);
});

Deno.test("openRoleList() takes a damaged file for an empty list", async () => {
  const files = memoryFiles();
  const file = await openRoleList(files, "/cache", "default");
  const damaged: unknown[] = [
    null,
    [],
    { ...FULL, version: 2 },
    { ...FULL, account: undefined },
    { ...FULL, apps: null },
    { ...FULL, apps: { x: null } },
    { ...FULL, apps: { x: { seen: 1 } } },
    { ...FULL, apps: { x: { seen: 1, roles: [null] } } },
    { ...FULL, apps: { x: { seen: 1, roles: [{ roleArn: 7, principalArn: "p" }] } } },
    { ...FULL, aliases: { "123456789012": 7 } },
    { ...FULL, aliases: [] },
    { ...FULL, names: { x: "okta-x" } },
    { ...FULL, written: { x: {} } },
  ];
  for (const document of damaged) {
    files.put(file.path, JSON.stringify(document));
    assert.deepEqual(await file.read(), EMPTY, JSON.stringify(document));
  }
  files.put(file.path, JSON.stringify(FULL).slice(0, 99));
  assert.deepEqual(await file.read(), EMPTY);
});

Deno.test("grantedRoles() gives each role once, with the first app that grants it", () => {
  assert.deepEqual(
    grantedRoles(FULL).map(({ roleArn, principalArn, app }) => [
      roleArn.split("/")[1],
      principalArn,
      app.split("/").at(-1),
    ]),
    [["B", "p", "one"], ["A", "p", "one"], ["C", "p", "two"]],
  );
  assert.deepEqual(grantedRoles(EMPTY), []);
});
