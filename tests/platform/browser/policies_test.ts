import assert from "node:assert/strict";
import { isDebuggingForbidden, policyFolders } from "../../../src/platform/browser/policies.ts";

Deno.test("policyFolders() are those of the browser itself", () => {
  assert.deepEqual(policyFolders("/usr/bin/google-chrome-stable", "linux"), [
    "/etc/opt/chrome/policies/managed",
  ]);
  assert.deepEqual(policyFolders("/snap/bin/chromium", "linux"), [
    "/etc/chromium/policies/managed",
    "/etc/chromium-browser/policies/managed",
  ]);
  assert.deepEqual(policyFolders("/usr/bin/microsoft-edge", "linux"), [
    "/etc/opt/edge/policies/managed",
  ]);
  assert.deepEqual(policyFolders("/Applications/Google Chrome.app", "darwin"), []);
});

Deno.test("isDebuggingForbidden() reads every policy file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "okta-aws-policies-" });
  const folders = ["/nowhere", folder];
  await Deno.writeTextFile(`${folder}/a.json`, `{"RemoteDebuggingAllowed": true}`);
  assert.equal(await isDebuggingForbidden(folders), false);
  await Deno.writeTextFile(
    `${folder}/b.json`,
    `{"HomepageLocation": "", "RemoteDebuggingAllowed":false}`,
  );
  assert.equal(await isDebuggingForbidden(folders), true);
  await Deno.remove(folder, { recursive: true });
});
