/** What AWS would refuse in a chain of roles is refused before anything is sent. @module */

import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const BASE = "[profile base]\nrole_arn = arn:aws:iam::123456789012:role/Developer\n";
const NEXT =
  "[profile next]\nsource_profile = base\nrole_arn = arn:aws:iam::210987654321:role/Next\n";

Deno.test("a chain with a bad session name, external id or duration ends with 2, unsent", async (t) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const cases: [key: string, args: string[], said: RegExp][] = [
    ["role_session_name = x y", [], /role_session_name in the AWS config file can't be x y/],
    ["role_session_name = x", [], /2 to 64/],
    ["external_id = a b", [], /external_id in the AWS config file can't be a b/],
    ["duration_seconds = 60", [], /60 seconds is out of range[^]*duration_seconds/],
    ["region = eu-west-1", ["-a", "10m"], /600 seconds is out of range[^]*--assume-role-ttl/],
    ["region = eu-west-1", ["-a", "13h"], /out of range/],
  ];
  for (const [key, args, said] of cases) {
    await t.step([key, ...args].join(" "), async () => {
      await home.write(".aws/config", `${BASE}${NEXT}${key}\n`);
      const { code, stdout, stderr } = await home.run(["cred-process", "next", ...args]);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, said);
    });
  }
  assert.equal(sim.requests.length, 0);
  const { code, stderr } = await home.run(["cred-process", "base", "-a", "10m"]);
  assert.equal(code, 0, `a role of the assertion has no such limit: ${stderr}`);
});
