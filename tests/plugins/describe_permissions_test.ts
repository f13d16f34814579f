import assert from "node:assert/strict";
import { NO_PERMISSIONS } from "../../src/plugins/permissions.ts";
import { tellPermissions } from "../../src/plugins/describe_permissions.ts";

const AROUND = { home: "/home/me", sensitive: ["/etc/kube.conf"] };

function told(asked: Partial<typeof NO_PERMISSIONS>): string[] {
  const permissions = { ...NO_PERMISSIONS, ...asked };
  const declaration = { name: "x", permissions, hooks: [], commands: {} };
  return tellPermissions(declaration, AROUND);
}

Deno.test("tellPermissions() says where a plugin could run programs", () => {
  const paths = ["~/.aws/config", "~/.kube/config", "~/.bashrc", "~/.zshrc", "/etc/kube.conf"];
  for (const path of paths) {
    assert.deepEqual(told({ write: [path] }), [`writes ${path}: can run programs as you`]);
  }
  assert.deepEqual(told({ run: ["git"] }), ["starts git: can run programs as you"]);
});

Deno.test("tellPermissions() says what is harmless plainly, and each thing once", () => {
  assert.deepEqual(told({}), ["touches nothing"]);
  assert.deepEqual(told({ write: ["~/a.txt", "~/.profile"], read: ["~/.bashrc"], console: true }), [
    "reads ~/.bashrc",
    "writes ~/a.txt",
    "gets signed links to the AWS console",
    "writes ~/.profile: can run programs as you",
  ]);
});
