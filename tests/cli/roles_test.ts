import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome, signIns } from "./program.ts";

Deno.test("roles: lists what the last assertion granted without a request", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const command of ["roles", "list"]) {
    const { code, stdout } = await home.run([command]);
    assert.equal(code, 0);
    const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
    assert.deepEqual(rows, [
      ["ACCOUNT", "ROLE", "PROFILE", "EXPIRES"],
      ["210987654321", "ReadOnly", "okta-210987654321-ReadOnly"],
      ["acme-production", "Administrator", "okta-acme-production-Administrator"],
      ["acme-production", "Developer", "okta-acme-production-Developer"],
    ]);
  }
  assert.deepEqual(sim.requests, []);
});

Deno.test("roles --json: prints only the documented fields", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["cred-process", "Developer"]);
  const { stdout } = await home.run(["roles", "--json"]);
  const [administrator, developer, readOnly, ...more] = JSON.parse(stdout);
  assert.deepEqual(more, []);
  assert.deepEqual(administrator, {
    accountId: "123456789012",
    accountAlias: "acme-production",
    roleName: "Administrator",
    roleArn: "arn:aws:iam::123456789012:role/Administrator",
    principalArn: "arn:aws:iam::123456789012:saml-provider/Okta",
    profile: "okta-acme-production-Administrator",
    expiration: null,
  });
  assert.match(developer.expiration, /^\d{4}-\d\d-\d\dT.+Z$/);
  assert.equal(readOnly.accountAlias, null);
  assert.equal(readOnly.roleArn, "arn:aws:iam::210987654321:role/audit/ReadOnly");
});

Deno.test("roles --refresh: fetches the roles from Okta", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const [app] = sim.world.apps;
  app!.grants = app!.grants.slice(0, 1);
  assert.match((await home.run(["roles"])).stdout, /Developer/);
  const { stdout } = await home.run(["roles", "--refresh"]);
  assert.match(stdout, /Administrator/);
  assert.doesNotMatch(stdout, /Developer/);
  assert.doesNotMatch((await home.run(["roles"])).stdout, /Developer/);
  assert.equal(signIns(sim), 0);
});

Deno.test("roles: fetches the roles from Okta when none are known", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  assert.match((await home.run(["roles"])).stdout, /okta-acme-production-Developer/);
});
