import assert from "node:assert/strict";
import { formatKubeconfigDiff } from "../../src/kube/kubeconfig_diff.ts";
import { mergeKubeconfig } from "../../src/kube/kubeconfig.ts";

const BEFORE = `apiVersion: v1
clusters:
- cluster:
    server: https://old
  name: a
contexts:
- context:
    cluster: a
    user: a
  name: a
users:
- name: a
  user:
    token: hunter2
`;

Deno.test("formatKubeconfigDiff() shows entries that come and lines that change, no secret", () => {
  const after = mergeKubeconfig(BEFORE, "f", [
    { list: "clusters", name: "a", values: { server: "https://new" } },
    { list: "clusters", name: "b", values: { server: "https://b" } },
    { list: "users", name: "a", values: { exec: { command: "okta-aws", args: ["x"] } } },
  ], "a");
  assert.equal(
    formatKubeconfigDiff("f", BEFORE, after),
    `--- f
+++ f
@@ -4,1 +4,1 @@ - cluster:
-    server: https://old
+    server: https://new
@@ -14,1 +17,4 @@ - name: a
-    token: [secret]
+    exec:
+      command: okta-aws
+      args:
+      - x
@@ -15,0 +6,3 @@
+- cluster:
+    server: https://b
+  name: b
@@ -15,0 +21,1 @@
+current-context: a
`,
  );
});

Deno.test("formatKubeconfigDiff() hides secrets in JSON too", () => {
  const before = '{"users":[{"name":"a","user":{"token":"hunter2","client-key-data":"k3y"}}]}';
  const after = mergeKubeconfig(before, "f", [], "a");
  const diff = formatKubeconfigDiff("f", before, after);
  assert.doesNotMatch(diff, /hunter2|k3y/);
  assert.match(diff, /\[secret\]/);
  assert.equal(formatKubeconfigDiff("f", before, before), "");
});
