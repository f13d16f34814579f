import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { emptyHome, setUpHome } from "./program.ts";

Deno.test("status: reads its own records and does not open the secret store", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["cred-process", "Developer"]);
  sim.requests.length = 0;
  const broken = { env: { OKTA_AWS_FILE_PASSPHRASE: "not the one" } };
  assert.equal((await home.run(["totp"], broken)).code, 7, "that one does open it");
  const { code, stdout, stderr } = await home.run(["status"], broken);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^default · jane@example\.com · 127\.0\.0\.1:\d+\n/);
  assert.match(stdout, /Secrets +✓ password, TOTP \(file\)/);
  assert.match(stdout, /Okta session +✓ signed in since \d/);
  assert.match(
    stdout,
    /Credentials +1 live\n +PROFILE.*\n {2}okta-\S+-Developer +\S+\/Developer +59m \((\d{4}-\d\d-\d\d )?\d\d:\d\d\) +127\.0\.0\.1/,
  );
  const missing = { env: { OKTA_AWS_FILE_PASSPHRASE: undefined } };
  const json = JSON.parse((await home.run(["status", "--json"], missing)).stdout);
  assert.equal(json.length, 1);
  assert.deepEqual(json[0].secrets, ["password", "totp"]);
  assert.equal(json[0].backend, "file");
  assert.equal(json[0].credentials.length, 1);
  assert.deepEqual(sim.requests, []);
});

Deno.test("status: exits with 2 and a hint without an account or for an unknown one", async () => {
  await using sim = await startSimulator();
  await using home = await emptyHome();
  const { code, stderr } = await home.run(["status"]);
  assert.equal(code, 2);
  assert.match(stderr, /^okta-aws: .+\n {2}run: okta-aws init\n$/);
  await using other = await setUpHome(sim, { args: ["--no-verify"] });
  const unknown = await other.run(["status", "--account", "work"]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /work.*known: default/);
});
