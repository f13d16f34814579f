import assert from "node:assert/strict";
import type { KnownRole } from "../../src/roles/role_match.ts";
import { byLabel, editDistance, searchRoles, suggestNames } from "../../src/roles/role_search.ts";

function role(accountId: string, alias: string | undefined, roleName: string): KnownRole {
  return {
    oktaAccount: "default",
    app: "https://acme.okta.com/app",
    roleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
    principalArn: "",
    accountId,
    alias,
    settingsAlias: undefined,
    roleName,
    profile: `okta-${alias ?? accountId}-${roleName}`,
  };
}

const ROLES = [
  role("111111111111", "acme-dev", "Admin"),
  role("111111111111", "acme-dev", "Developer"),
  role("222222222222", "acme-prod", "Admin"),
  role("222222222222", "acme-prod", "DBAdmin"),
  role("333333333333", undefined, "ReadOnly"),
];

function search(word: string): string[] {
  return searchRoles(word, ROLES).map(({ alias, accountId, roleName }) =>
    `${alias ?? accountId}/${roleName}`
  );
}

Deno.test("byLabel() orders by account and name, in any case, numbers by value", () => {
  const ordered = [
    role("111111111111", undefined, "Admin"),
    role("222222222222", "acme-dev", "admin"),
    role("222222222222", "acme-dev", "Team"),
    role("222222222222", "acme-dev", "Team-x"),
    role("222222222222", "acme-dev", "Team2"),
    role("222222222222", "acme-dev", "team10"),
    role("222222222222", "acme-dev", "Team10-b"),
    role("222222222222", "acme-dev", "Teams"),
    role("444444444444", "acme-dev-eu", "Admin"),
    role("555555555555", "acme-dev2", "Admin"),
    role("666666666666", "acme-dev10", "Admin"),
    role("333333333333", "Acme-prod", "Admin"),
  ];
  assert.deepEqual(ordered.toReversed().toSorted(byLabel), ordered);
});

Deno.test("searchRoles() finds a part of profile, alias, account id and role, in any case", () => {
  assert.deepEqual(search("DEV"), ["acme-dev/Admin", "acme-dev/Developer"]);
  assert.deepEqual(search("elop"), ["acme-dev/Developer"]);
  assert.deepEqual(search("3333"), ["333333333333/ReadOnly"]);
  assert.deepEqual(search("okta-acme-p"), ["acme-prod/Admin", "acme-prod/DBAdmin"]);
  assert.deepEqual(search("nothing"), []);
  assert.deepEqual(search(""), []);
});

Deno.test("searchRoles() takes parts of account and role around a slash", () => {
  assert.deepEqual(search("dev/adm"), ["acme-dev/Admin"]);
  assert.deepEqual(search("prod/adm"), ["acme-prod/Admin", "acme-prod/DBAdmin"]);
});

Deno.test("searchRoles() prefers a whole name in another case over parts", () => {
  assert.deepEqual(search("admin"), ["acme-dev/Admin", "acme-prod/Admin"]);
  assert.deepEqual(search("acme-DEV/admin"), ["acme-dev/Admin"]);
});

Deno.test("searchRoles() returns a role once that two Okta accounts grant", () => {
  const twice = [...ROLES, { ...ROLES[1]!, oktaAccount: "other" }];
  assert.equal(searchRoles("developer", twice).length, 1);
});

Deno.test("suggestNames() returns the closest names first, and none that is far off", () => {
  assert.deepEqual(suggestNames("devloper", ROLES), ["Developer"]);
  assert.deepEqual(suggestNames("acme-dve", ROLES), ["acme-dev"]);
  assert.deepEqual(suggestNames("acme-dev/Admni", ROLES)[0], "acme-dev/Admin");
  assert.deepEqual(suggestNames("stagign", ROLES, ["staging", "sandbox"]), ["staging"]);
  assert.deepEqual(suggestNames("completely-else", ROLES), []);
});

Deno.test("editDistance() counts insertions, deletions, replacements and swaps", () => {
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("abc", "abc"), 0);
  assert.equal(editDistance("abcd", "acbd"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
});
