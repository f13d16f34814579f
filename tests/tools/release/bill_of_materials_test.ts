import assert from "node:assert/strict";
import { billOfMaterials } from "../../../tools/release/bill_of_materials.ts";

const INTEGRITY = `sha512-${new Uint8Array(64).fill(0xab).toBase64()}`;
const materials = {
  version: "1.2.3",
  deno: "2.9.6",
  packages: {
    "b@2.0.0": { name: "b", version: "2.0.0", dependencies: [] },
    "@a/core@1.0.0": { name: "@a/core", version: "1.0.0", dependencies: ["b@2.0.0"] },
  },
  locked: { "b@2.0.0": { integrity: INTEGRITY }, "@a/core@1.0.0": { integrity: INTEGRITY } },
};

Deno.test("billOfMaterials() lists every package with URL, checksum and dependents", () => {
  const { components, dependencies, metadata } = billOfMaterials(materials);
  assert.deepEqual(components.map(({ purl }) => purl), [
    "pkg:github/denoland/deno@v2.9.6",
    "pkg:npm/%40a/core@1.0.0",
    "pkg:npm/b@2.0.0",
  ]);
  assert.deepEqual(components[2]?.hashes, [{ alg: "SHA-512", content: "ab".repeat(64) }]);
  assert.deepEqual(dependencies, [
    {
      ref: "pkg:generic/okta-aws@1.2.3",
      dependsOn: ["pkg:github/denoland/deno@v2.9.6", "pkg:npm/%40a/core@1.0.0"],
    },
    { ref: "pkg:npm/%40a/core@1.0.0", dependsOn: ["pkg:npm/b@2.0.0"] },
    { ref: "pkg:npm/b@2.0.0", dependsOn: [] },
  ]);
  const known = new Set([metadata.component, ...components].map((one) => one["bom-ref"]));
  for (const { ref, dependsOn } of dependencies) {
    for (const one of [ref, ...dependsOn]) assert.ok(known.has(one), one);
  }
});

Deno.test("billOfMaterials() rejects a package that is not in deno.lock", () => {
  assert.throws(() => billOfMaterials({ ...materials, locked: {} }), /deno\.lock/);
});
