/** Okta's auth-js signs in at the simulator. Where it fails, the simulator differs from Okta. */

import assert from "node:assert/strict";
import { ignoreWithoutClients, withClients } from "./clients/run.ts";

Deno.test({
  name: "auth-js: signs in on both engines",
  ignore: await ignoreWithoutClients(),
  async fn() {
    const { code, stdout, stderr } = await withClients(
      "test",
      "auth_js_classic.ts",
      "auth_js_idx.ts",
    ).output();
    const output = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assert.equal(code, 0, output);
    assert.match(output, /^ok \| \d\d passed .*\| 0 failed/m);
  },
});
