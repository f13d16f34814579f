import assert from "node:assert/strict";
import * as commonJs from "yaml";
import * as loaded from "../../src/kube/yaml.ts";

Deno.test("yaml.ts has all that it exports, from the package's ES modules", () => {
  for (const [name, value] of Object.entries(loaded)) {
    assert.equal(typeof value, "function", name);
    assert.notEqual(value, commonJs[name as keyof typeof commonJs], name);
  }
  assert.equal(loaded.parseDocument("a: [1]").toString(), "a: [ 1 ]\n");
});
