import assert from "node:assert/strict";
import { NO_PERMISSIONS } from "../../src/plugins/permissions.ts";
import { describePermissions } from "../../src/plugins/describe_permissions.ts";

const PLACES = { home: "/home/me", sensitive: ["/etc/kube.conf"] };

function described(asked: Partial<typeof NO_PERMISSIONS>): string[] {
  const permissions = { ...NO_PERMISSIONS, ...asked };
  const declaration = { name: "x", permissions, hooks: [], commands: {} };
  return describePermissions(declaration, PLACES);
}

Deno.test("describePermissions() warns where a plugin could run programs", () => {
  const paths = ["~/.aws/config", "~/.kube/config", "~/.bashrc", "~/.zshrc", "/etc/kube.conf"];
  for (const path of paths) {
    assert.deepEqual(described({ write: [path] }), [`writes ${path}: can run programs as you`]);
  }
  assert.deepEqual(described({ run: ["git"] }), ["runs git: can run programs as you"]);
});

Deno.test("describePermissions() lists harmless permissions plainly, and each path once", () => {
  assert.deepEqual(described({}), ["has no permissions"]);
  assert.deepEqual(
    described({ write: ["~/a.txt", "~/.profile"], read: ["~/.bashrc"], console: true }),
    [
      "reads ~/.bashrc",
      "writes ~/a.txt",
      "gets signed links to the AWS console",
      "writes ~/.profile: can run programs as you",
    ],
  );
});
