import assert from "node:assert/strict";
import { teamKeyProblem } from "../../../src/settings/team/team_keys.ts";

Deno.test("teamKeyProblem() leaves the browser to each user", () => {
  assert.match(teamKeyProblem("account", "auth", "browser")!, /each user/);
  assert.match(teamKeyProblem("account", "auth", "Browser")!, /each user/);
  assert.equal(teamKeyProblem("account", "auth", "device"), undefined);
  assert.match(teamKeyProblem("account", "browser_fill", "true")!, /can't set this/);
  assert.match(teamKeyProblem("okta-aws", "browser_path", "/bin/sh")!, /can't set this/);
  assert.match(teamKeyProblem("okta-aws", "browser_args", "--lang=de")!, /can't set this/);
});
