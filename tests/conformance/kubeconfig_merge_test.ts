/** Merging into kubeconfigs, compared with the test cases of `aws eks update-kubeconfig`. */

import assert from "node:assert/strict";
import { parse } from "yaml";
import { type KubeEntry } from "../../src/kube/kubeconfig.ts";
import { mergeKubeconfig } from "../../src/kube/kubeconfig_merge.ts";
import { FIXTURES, ignoreWithoutData } from "./fixtures.ts";

const DATA = new URL("aws-cli/tests/functional/eks/testdata/", FIXTURES);

function names(prefix: string): string[] {
  try {
    return [...Deno.readDirSync(DATA)].map(({ name }) => name).filter((name) =>
      name.startsWith(prefix)
    );
  } catch {
    return [];
  }
}

const read = (name: string) => Deno.readTextFileSync(new URL(name, DATA));

interface Config {
  clusters: { cluster: { server: string; "certificate-authority-data": string }; name: string }[];
  contexts: { context: { cluster: string; user: string }; name: string }[];
  users: { name: string; user: unknown }[];
  "current-context": string;
}

const ARN = "arn:aws:eks:region:111222333444:cluster/ExampleCluster";

/** The entries that the AWS CLI writes, from its expected result. */
function wanted(): KubeEntry[] {
  const { clusters, users } = parse(read("output_single")) as Config;
  const exec = (users[0]!.user as { exec: Record<string, string> }).exec;
  return [
    { list: "clusters", name: ARN, values: clusters[0]!.cluster },
    { list: "contexts", name: ARN, values: { cluster: ARN, user: ARN } },
    { list: "users", name: ARN, values: { exec } },
  ];
}

const merged = (name: string) =>
  mergeKubeconfig(read(name), { path: name, entries: wanted(), currentContext: ARN });

Deno.test({
  name: "mergeKubeconfig() writes what the AWS CLI writes",
  ignore: ignoreWithoutData(names("output_").length === 0),
  fn() {
    for (
      const [input, output] of [
        ["valid_empty_existing", "output_single"],
        ["valid_existing", "output_combined"],
        ["valid_old_data", "output_combined"],
        ["valid_changed_ordering", "output_combined_changed_ordering"],
        ["valid_old_api_version", "valid_old_api_version_updated"],
      ] as const
    ) {
      const text = merged(input);
      assert.deepEqual(parse(text), parse(read(output)), input);
      // In kubectl's layout we write the same bytes as the AWS CLI.
      assert.equal(text, read(output), input);
    }
  },
});

Deno.test({
  name: "mergeKubeconfig() keeps every other entry of the AWS CLI's cases unchanged",
  ignore: ignoreWithoutData(names("valid_").length === 0),
  fn() {
    for (const name of names("valid_")) {
      const before = (parse(read(name)) ?? {}) as Partial<Config>;
      const text = merged(name);
      const after = parse(text) as Config;
      assert.equal(after["current-context"], ARN, name);
      for (const list of ["clusters", "contexts", "users"] as const) {
        const others = (before[list] ?? []).filter((entry) => entry.name !== ARN);
        assert.deepEqual(after[list].filter((entry) => entry.name !== ARN), others, name);
        assert.equal(after[list].filter((entry) => entry.name === ARN).length, 1, name);
      }
      if (read(name).includes(ARN)) continue;
      const lines = text.split("\n");
      const isGone = /^current-context:|: null$/;
      for (const line of read(name).split("\n").filter((line) => !isGone.test(line))) {
        const at = lines.indexOf(line);
        assert.ok(at >= 0, `${name}: ${line}`);
        lines.splice(0, at + 1);
      }
    }
  },
});

Deno.test({
  name: "mergeKubeconfig() rejects the AWS CLI's invalid cases",
  ignore: ignoreWithoutData(names("invalid_").length === 0),
  fn() {
    assert.ok(names("invalid_").length >= 7);
    for (const name of names("invalid_")) {
      assert.throws(() => merged(name), { code: "bad_kubeconfig" }, name);
    }
  },
});
