import assert from "node:assert/strict";
import {
  applyTeamChanges,
  isHeld,
  takenSections,
  teamChanges,
} from "../../../src/settings/team/team_changes.ts";
import type { TeamSection } from "../../../src/settings/team/team_keys.ts";

function team(sections: Record<string, Record<string, string>>): TeamSection[] {
  return Object.entries(sections).map(([section, keys]) => ({
    section,
    keys: Object.entries(keys),
  }));
}

const FILE = `; mine
[account default]
org = https://acme.okta.com
username = jane@acme.example
region = eu-west-1

[aws-account 123456789012]
alias = mine
`;

Deno.test("teamChanges() returns every difference for init --from", () => {
  const next = team({
    "account default": { org: "https://acme.okta.com", region: "us-east-1" },
    "aws-account 123456789012": { alias: "dev", output: "json" },
  });
  const changes = teamChanges(FILE, undefined, next);
  assert.deepEqual(changes.map(({ key, before, after }) => [key, before, after]), [
    ["region", "eu-west-1", "us-east-1"],
    ["alias", "mine", "dev"],
    ["output", undefined, "json"],
  ]);
  assert.equal(
    applyTeamChanges(FILE, changes),
    FILE.replace("eu-west-1", "us-east-1").replace(
      "alias = mine\n",
      "alias = dev\noutput = json\n",
    ),
  );
});

Deno.test("teamChanges() skips what the user changed, and what the team did not", () => {
  const last = team({
    "account default": { region: "eu-west-1", session_ttl: "1h" },
    "aws-account 123456789012": { alias: "dev" },
  });
  const same = teamChanges(FILE, last, last);
  assert.deepEqual(same, []);
  const next = team({
    "account default": { region: "us-east-1", session_ttl: "2h" },
    "aws-account 123456789012": { alias: "development" },
  });
  const keys = teamChanges(FILE, last, next).map(({ key }) => key);
  // The user removed session_ttl and changed the alias.
  assert.deepEqual(keys, ["region"]);
});

Deno.test("teamChanges() removes a key that the team removed", () => {
  const last = team({ "account default": { region: "eu-west-1" } });
  const changes = teamChanges(FILE, last, []);
  assert.deepEqual(changes.map(({ key, after }) => [key, after]), [["region", undefined]]);
  assert.equal(applyTeamChanges(FILE, changes), FILE.replace("region = eu-west-1\n", ""));
});

Deno.test("applyTeamChanges() removes the user name when the org changes", () => {
  const last = team({ "account default": { org: "https://acme.okta.com" } });
  const next = team({ "account default": { org: "https://evil.example" } });
  const changes = teamChanges(FILE, last, next);
  assert.ok(changes.every(isHeld));
  const text = applyTeamChanges(FILE, changes);
  assert.match(text, /org = https:\/\/evil\.example/);
  assert.doesNotMatch(text, /username/);
});

Deno.test("isHeld() is true for keys that decide where a password goes", () => {
  const table: [section: string, key: string, held: boolean][] = [
    ["account default", "org", true],
    ["account x", "app", true],
    ["account x", "auth", true],
    ["account x", "kind", true],
    ["account x", "oidc_client_id", true],
    ["account x", "backend", true],
    ["aws-account 123456789012", "app", true],
    ["aws-account 123456789012", "alias", false],
    ["account x", "region", false],
    ["okta-aws", "profile_name", false],
    ["cluster a", "role_arn", false],
  ];
  for (const [section, key, held] of table) {
    assert.equal(isHeld({ section, key }), held, `${section} ${key}`);
  }
});

Deno.test("takenSections() keeps the old values of waiting changes, so that they come up again", () => {
  const last = team({
    "account default": { org: "https://a.example" },
    "account gone": { org: "x" },
  });
  const next = team({ "account default": { org: "https://b.example", auth: "idx", region: "r" } });
  const waiting = teamChanges("", undefined, next).filter(isHeld);
  const gone = { section: "account gone", key: "org", before: "x", after: undefined };
  assert.deepEqual(takenSections(last, next, [...waiting, gone]), [
    { section: "account default", keys: [["org", "https://a.example"], ["region", "r"]] },
    { section: "account gone", keys: [["org", "x"]] },
  ]);
});
