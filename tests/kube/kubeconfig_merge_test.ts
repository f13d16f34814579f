import assert from "node:assert/strict";
import { parse } from "yaml";
import { type KubeEntry, parseKubeconfig } from "../../src/kube/kubeconfig.ts";
import { formatKubeconfigDiff, mergeKubeconfig } from "../../src/kube/kubeconfig_merge.ts";

const EXEC = {
  apiVersion: "client.authentication.k8s.io/v1beta1",
  command: "/opt/okta-aws",
  args: ["kube", "token", "--cluster", "new", "--region", "no"],
};

function entries(name: string, server = "https://new"): KubeEntry[] {
  return [
    { list: "clusters", name, values: { "certificate-authority-data": "Q0E=", server } },
    { list: "contexts", name, values: { cluster: name, user: name } },
    { list: "users", name, values: { exec: EXEC } },
  ];
}

const merge = (text: string, name = "new", current: string | undefined = name) =>
  mergeKubeconfig(text, { path: "config", entries: entries(name), currentContext: current });

interface Read {
  clusters: { name: string; cluster: Record<string, unknown> }[];
  contexts: { name: string; context: Record<string, unknown> }[];
  users: { name: string; user: Record<string, unknown> }[];
  "current-context": string;
}

/** Reads it again with the parser, and checks that the new entries are as they should be. */
function read(text: string, name = "new"): Read {
  const config = parse(text, { version: "1.1" }) as Read;
  const [cluster, context, user] = [config.clusters, config.contexts, config.users].map((list) =>
    (list as { name: string }[]).filter((one) => one.name === name)
  );
  assert.deepEqual([cluster, context, user].map((found) => found!.length), [1, 1, 1], text);
  const found = (cluster as Read["clusters"])[0]!.cluster;
  assert.deepEqual([found.server, found["certificate-authority-data"]], ["https://new", "Q0E="]);
  const { cluster: of, user: by } = (context as Read["contexts"])[0]!.context;
  assert.deepEqual([of, by], [name, name]);
  assert.deepEqual((user as Read["users"])[0]!.user, { exec: EXEC });
  assert.equal(merge(text, name), text, "the second time nothing changes");
  return config;
}

const EXISTING = `# my clusters
apiVersion: v1
kind: Config
preferences: {}   # none
current-context: "old" # for now
clusters:
  # the old one
  - name: old
    cluster:
        server: https://old   # do not touch
        insecure-skip-tls-verify: true

contexts:
  - {name: old, context: {cluster: old, user: old, namespace: kube-system}}
users:
  - name: old
    user:
      token: 'abc'
  # the end
`;

Deno.test("mergeKubeconfig() writes a new file in kubectl's order", () => {
  for (const text of ["", "# mine\n", "---\n"]) {
    const merged = merge(text);
    assert.ok(merged.startsWith(text));
    assert.equal(read(merged)["current-context"], "new");
    const keys = Object.keys(parse(merged));
    assert.deepEqual(keys, [...keys].sort());
  }
});

Deno.test("mergeKubeconfig() keeps every other byte", () => {
  const merged = merge(EXISTING);
  read(merged);
  const old = EXISTING.replace('"old" #', "new #").split("\n");
  const rest = merged.split("\n");
  for (const line of old) {
    const at = rest.indexOf(line);
    assert.ok(at >= 0, `missing, or out of order: ${line}`);
    rest.splice(0, at + 1);
  }
  assert.match(merged, /^ {2}- cluster:\n {6}certificate-authority-data: Q0E=\n/m);
  assert.match(merged, /^ {2}- name: new\n {4}user:\n {6}exec:\n/m);
});

Deno.test("mergeKubeconfig() keeps line ends, a byte order mark and a missing end of line", () => {
  const crlf = merge(`\ufeff${EXISTING.replaceAll("\n", "\r\n")}`);
  assert.equal(crlf.replaceAll("\r\n", "").includes("\n"), false);
  assert.equal(crlf.replaceAll("\r\n", "\n"), `\ufeff${merge(EXISTING)}`);
  const open = "apiVersion: v1\nusers:\n- name: a\n  user: {}";
  assert.ok(merge(open).startsWith(`${open}\n`));
  read(merge(open));
});

Deno.test("mergeKubeconfig() updates an entry in place and keeps what others put there", () => {
  const text = `apiVersion: v1
clusters:
- cluster:
    server: https://moved # where
    proxy-url: http://proxy
    certificate-authority-data: b2xk
  name: new
contexts:
- context:
    cluster: new
    namespace: shop # mine
    user: new
  name: new
current-context: new
users:
- name: new
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1alpha1
      args:
      - token
      command: aws-iam-authenticator
- name: other
  user: {token: x}
`;
  const merged = merge(text);
  read(merged);
  assert.equal(
    merged.slice(0, merged.indexOf("users:")),
    text.slice(0, text.indexOf("users:")).replace("moved", "new").replace("b2xk", "Q0E="),
  );
  assert.ok(merged.endsWith("- name: other\n  user: {token: x}\n"));
  const client = "    client-key-data: c2VjcmV0\n";
  const other = text.replace("  user:\n    exec", `  user:\n${client}    exec`);
  assert.ok(!merge(other).includes("c2VjcmV0"), "another way to sign in");
  read(merge(other));
});

Deno.test("mergeKubeconfig() fills lists that are empty, null or in brackets", () => {
  const shapes = ["clusters:\n", "clusters: null # none\n", "clusters: []\n", "clusters: ~\n"];
  const others = ["", "contexts:\nusers:\n", "contexts: []\nusers: null\n"];
  for (const clusters of shapes) {
    for (const rest of others) {
      for (const text of [clusters + rest, `${rest}${clusters}`, `${rest}x: 1\n${clusters}`]) {
        read(merge(text));
      }
    }
  }
  const nulls = "clusters:\n- name: new\n  cluster:\ncontexts:\n- name: new\n  context: {}\n" +
    "users:\n- user: null\n  name: new\n";
  read(merge(nulls));
});

Deno.test("mergeKubeconfig() writes into JSON as JSON", () => {
  const json = '{"apiVersion":"v1","clusters":[{"name":"a","cluster":{}}],"contexts":[],' +
    '"users":[{"name":"new","user":{"exec":{"command":"aws"}}}],"kind":"Config"}';
  const merged = merge(json);
  JSON.parse(merged);
  read(merged);
  const pretty = JSON.stringify(JSON.parse(json), undefined, 2);
  JSON.parse(merge(pretty));
  read(merge(pretty));
});

Deno.test("mergeKubeconfig() quotes what YAML would misread", () => {
  for (const name of ["no", "1e3", "C:\\Program Files", "a: b", "# x", "'", "ü\u0007", "~"]) {
    const made = mergeKubeconfig("", {
      path: "config",
      entries: entries(name),
      currentContext: name,
    });
    assert.equal(read(made, name)["current-context"], name);
  }
});

Deno.test("parseKubeconfig() rejects files that it could damage", () => {
  for (
    const text of [
      "This is not a yaml file\nThis is a text document which should not be parsed\n",
      "clusters: String\n",
      "clusters:\n- String\n",
      "users: {a: b}\n",
      "a: 1\n---\nb: 2\n",
      "a: [1\n",
      "- a\n",
      "a: 1\na: 2\n",
    ]
  ) {
    assert.throws(() => parseKubeconfig(text, "config"), { code: "bad_kubeconfig" }, text);
  }
});

Deno.test("parseKubeconfig() says in plain words that a file holds several documents", () => {
  assert.throws(() => parseKubeconfig("kind: Config\n---\nkind: Config\n", "config"), {
    message: /more than one YAML document \(---\)/,
  });
});

Deno.test("mergeKubeconfig() rejects a change to what another entry refers to", () => {
  const text = "contexts:\n- name: new\n  context: &c {cluster: a, user: a}\n" +
    "- name: other\n  context: *c\n";
  assert.throws(() => merge(text), { code: "bad_kubeconfig" });
  read(merge(text, "fresh"), "fresh");
});

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

Deno.test("formatKubeconfigDiff() shows new entries and changed lines, but no secret", () => {
  const after = mergeKubeconfig(BEFORE, {
    path: "f",
    entries: [
      { list: "clusters", name: "a", values: { server: "https://new" } },
      { list: "clusters", name: "b", values: { server: "https://b" } },
      { list: "users", name: "a", values: { exec: { command: "okta-aws", args: ["x"] } } },
    ],
    currentContext: "a",
  });
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
  const after = mergeKubeconfig(before, { path: "f", entries: [], currentContext: "a" });
  const diff = formatKubeconfigDiff("f", before, after);
  assert.doesNotMatch(diff, /hunter2|k3y/);
  assert.match(diff, /\[secret\]/);
  assert.equal(formatKubeconfigDiff("f", before, before), "");
});
