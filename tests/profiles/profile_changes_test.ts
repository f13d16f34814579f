import assert from "node:assert/strict";
import {
  describeChanges,
  livingProfiles,
  profileChanges,
} from "../../src/profiles/profile_changes.ts";
import { AwsError } from "../../src/errors.ts";

const at = (profile: string, hour: number) => ({
  profile,
  roleArn: `arn:aws:iam::111122223333:role/${profile}`,
  expiration: new Date(Date.UTC(2024, 0, 1, hour)),
});

Deno.test("tells renewed, new and gone profiles apart", () => {
  const before = [at("a", 1), at("b", 1), at("c", 1)];
  const after = [at("a", 2), at("b", 1), at("d", 2)];
  const changes = profileChanges(before, after);
  assert.deepEqual(changes, { renewed: ["a"], added: ["d"], gone: ["c"] });
  assert.equal(describeChanges(changes), "renewed a; new d; gone c");
  assert.equal(describeChanges(profileChanges(before, before)), "");
});

Deno.test("a role that failed once is not gone", () => {
  const before = [at("a", 1), at("b", 1), at("c", 1)];
  const failed = [{ roleArn: before[1]!.roleArn, error: new AwsError("later", { code: "x" }) }];
  const after = livingProfiles({ profiles: [at("a", 2)], failed }, before);
  assert.deepEqual(profileChanges(before, after), { renewed: ["a"], added: [], gone: ["c"] });
  assert.deepEqual(livingProfiles({ profiles: [at("a", 2)], failed }), [at("a", 2)]);
});

Deno.test("a line has five names", () => {
  const many = Array.from({ length: 7 }, (_, index) => at(`p${index}`, 1));
  assert.equal(describeChanges(profileChanges([], many)), "new p0, p1, p2, p3, p4 and 2 more");
});
