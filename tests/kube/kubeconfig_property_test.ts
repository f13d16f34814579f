import assert from "node:assert/strict";
import fc from "fast-check";
import { Document, isScalar, parse, visit } from "yaml";
import { parseYaml } from "../../src/kube/yaml_edit.ts";
import { type KubeEntry, type ListName } from "../../src/kube/kubeconfig.ts";
import { mergeKubeconfig } from "../../src/kube/kubeconfig_merge.ts";

const LISTS: ListName[] = ["clusters", "contexts", "users"];
const EXEC = { apiVersion: "v1beta1", args: ["kube", "token", "no", "12"], command: "C:\\x y" };

const wanted = (name: string): KubeEntry[] => [
  { list: "clusters", name, values: { "certificate-authority-data": "Q0E=", server: "https://n" } },
  { list: "contexts", name, values: { cluster: name, user: name } },
  { list: "users", name, values: { exec: EXEC } },
];

type Entry = Record<string, unknown> & { name?: string };
type Config = Record<string, Entry[] | null | undefined>;

const CONTENTS: Record<ListName, unknown[]> = {
  clusters: [{ server: "https://o" }, { server: "s", "proxy-url": "p" }, {}, null],
  contexts: [{ cluster: "a", user: "b" }, { cluster: "x", user: "x", namespace: "n" }, null, {}],
  users: [{ token: "x" }, { exec: { command: "aws", env: null } }, { exec: EXEC }, null, {}],
};

const entry = (list: ListName) =>
  fc.record({
    name: fc.constantFrom("new", "a", "b: c"),
    [list.slice(0, -1)]: fc.constantFrom(...CONTENTS[list]),
  }, { requiredKeys: [] });

const list = (name: ListName) =>
  fc.option(fc.uniqueArray(entry(name), { selector: (one) => one.name, maxLength: 3 }));

const config = fc.record({
  apiVersion: fc.constant("v1"),
  clusters: list("clusters"),
  contexts: list("contexts"),
  users: list("users"),
  "current-context": fc.constantFrom("", "a"),
  extra: fc.constantFrom({ deep: [1, { a: 2 }] }, "multi\nline\n", [1, 2]),
}, { requiredKeys: [] }).chain((whole) =>
  fc.shuffledSubarray(Object.keys(whole) as (keyof typeof whole)[]).map((keys) =>
    Object.fromEntries(keys.map((key) => [key, whole[key]]))
  )
);

const layout = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  crlf: fc.boolean(),
  open: fc.boolean(),
  start: fc.constantFrom("", "\ufeff", "---\n", "# head\n"),
  /** What is done to each node in turn: a comment, brackets, an empty line. */
  marks: fc.array(fc.constantFrom(0, 0, 0, 0, 1, 2, 3, 4, 5), { minLength: 1, maxLength: 40 }),
});

function write(value: unknown, { indent, indentSeq, crlf, open, start, marks }: {
  indent: number;
  indentSeq: boolean;
  crlf: boolean;
  open: boolean;
  start: string;
  marks: number[];
}): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  let at = 0;
  visit(document, {
    Value(key, node) {
      const mark = marks[at++ % marks.length];
      if (key === "key") return;
      if (mark === 1) node.comment = " beside";
      if (mark === 2) node.commentBefore = " before";
      if (mark === 3 && !isScalar(node)) node.flow = true;
      if (mark === 4) node.spaceBefore = true;
      if (mark === 5 && isScalar(node) && typeof node.value === "string") {
        node.type = "QUOTE_DOUBLE";
      }
    },
  });
  let text = start + document.toString({ indent, indentSeq, lineWidth: 0 });
  if (crlf) text = text.replaceAll("\n", "\r\n");
  return open ? text.trimEnd() : text;
}

Deno.test("mergeKubeconfig() sets only our entries, in any layout", () => {
  fc.assert(
    fc.property(config, layout, fc.boolean(), (value, how, select) => {
      const text = write(value, how);
      // The library that writes these texts does not always read them again.
      fc.pre(!("reason" in parseYaml(text)));
      const entries = ["new", "other"].flatMap(wanted);
      const current = select ? "new" : undefined;
      const merged = mergeKubeconfig(text, { path: "f", entries, currentContext: current });
      const [before, after] = [parse(text) as Config, parse(merged) as Config];
      for (const key of Object.keys(before ?? {})) {
        if (key === "extra" || key === "apiVersion") assert.deepEqual(after[key], before[key]);
      }
      assert.deepEqual(
        after["current-context"],
        current ?? before?.["current-context"] ??
          (Object.keys(before ?? {}).length === 0 ? "" : undefined),
      );
      for (const name of LISTS) {
        const isOther = (one: Entry) => !["new", "other"].includes(one.name ?? "");
        assert.deepEqual(after[name]!.filter(isOther), (before?.[name] ?? []).filter(isOther));
        const old = before?.[name]?.find((one) => one.name === "new")?.[name.slice(0, -1)];
        const now = after[name]!.find((one) => one.name === "new")![name.slice(0, -1)];
        const { values } = wanted("new").find((one) => one.list === name)!;
        const kept = name === "users" ? {} : old as object;
        assert.deepEqual(now, { ...kept, ...values });
      }
      const again = mergeKubeconfig(merged, { path: "f", entries, currentContext: current });
      assert.equal(again, merged);
    }),
    { numRuns: 150 },
  );
});
