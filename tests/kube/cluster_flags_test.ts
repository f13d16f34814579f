import assert from "node:assert/strict";
import { parseSettings } from "../../src/settings/settings.ts";
import { type ClusterFlags, withClusterSettings } from "../../src/kube/cluster_flags.ts";

const ROLE = "arn:aws:iam::123456789012:role/Deploy";
const SECTION =
  `[cluster prod]\nprofile = dev\nregion = eu-west-1\nrole_arn = ${ROLE}\nalias = p\n` +
  "[cluster bare]\nregion = eu-west-1\n";

function filled(flags: ClusterFlags): ClusterFlags {
  return withClusterSettings({ settings: parseSettings(SECTION, "config.ini") }, flags);
}

Deno.test("[cluster NAME] sets missing flags, and a flag wins", () => {
  const all = { profile: "dev", region: "eu-west-1", roleArn: ROLE, alias: "p" };
  assert.deepEqual(filled({ cluster: "prod" }), { cluster: "prod", ...all });
  const own = { cluster: "prod", profile: "Admin", region: "us-east-1", roleArn: "x", alias: "y" };
  assert.deepEqual(filled(own), own);
  assert.deepEqual(filled({ cluster: "bare" }), { cluster: "bare", region: "eu-west-1" });
});

Deno.test("flags stay unchanged without a [cluster NAME] section", () => {
  assert.deepEqual(filled({ cluster: "other" }), { cluster: "other" });
  assert.deepEqual(filled({ profile: "dev" }), { profile: "dev" });
});
