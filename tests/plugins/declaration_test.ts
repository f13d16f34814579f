import assert from "node:assert/strict";
import { readDeclaration } from "../../src/plugins/declaration.ts";
import { NO_PERMISSIONS } from "../../src/plugins/permissions.ts";

const GOOD = {
  name: "hello",
  apiVersion: 1,
  permissions: {},
  hooks: ["postRefresh"],
  commands: {},
};

Deno.test("readDeclaration() sorts hooks and escapes briefs", () => {
  const declared = readDeclaration({
    ...GOOD,
    hooks: ["preExec", "postRefresh", "preExec"],
    commands: { shout: { brief: "a\x1b[2Jb", args: "WORD" } },
  }, "/home/me");
  assert.deepEqual(declared, {
    name: "hello",
    permissions: NO_PERMISSIONS,
    hooks: ["postRefresh", "preExec"],
    commands: { shout: { brief: "a\\x1b[2Jb", args: "WORD" } },
  });
});

const BAD: Record<string, unknown> = {
  "null": null,
  "a list": [],
  "no name": { ...GOOD, name: undefined },
  "a name with a slash": { ...GOOD, name: "../x" },
  "another version": { ...GOOD, apiVersion: 2 },
  "an unknown hook": { ...GOOD, hooks: ["onEverything"] },
  "a hook for secrets without the permission": { ...GOOD, hooks: ["mfa"] },
  "a command of another form": { ...GOOD, commands: { "--x": { brief: "x" } } },
  "a command without a function": { ...GOOD, commands: { x: null } },
  "a command without a brief": { ...GOOD, commands: { x: {} } },
};

for (const [name, value] of Object.entries(BAD)) {
  Deno.test(`readDeclaration() refuses ${name}`, () => {
    assert.throws(() => readDeclaration(value, "/home/me"), { code: "bad_plugin" });
  });
}
