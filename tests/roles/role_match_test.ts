import assert from "node:assert/strict";
import { knownRoles, matchRole } from "../../src/roles/role_match.ts";
import { ProfileError } from "../../src/errors.ts";
import type { RoleList } from "../../src/roles/role_list.ts";

const [DEV, PROD] = ["111111111111", "222222222222"];

function arn(accountId: string, path: string): string {
  return `arn:aws:iam::${accountId}:role/${path}`;
}

function listOf(roles: string[], more: Partial<RoleList> = {}): RoleList {
  const granted = roles.map((roleArn) => ({
    roleArn,
    principalArn: "arn:aws:iam::111111111111:saml-provider/Okta",
  }));
  return {
    version: 1,
    account: "default",
    apps: { "https://acme.okta.com/app": { seen: 0, roles: granted } },
    aliases: {},
    names: {},
    written: {},
    ...more,
  };
}

const LIST = listOf([arn(DEV, "Admin"), arn(DEV, "team/Read"), arn(PROD, "Admin")], {
  aliases: { [DEV]: "dev", [PROD]: "prod" },
  names: {
    [arn(DEV, "Admin")]: { profile: "okta-dev-Admin", basis: "" },
    [arn(DEV, "team/Read")]: { profile: "okta-dev-Read", basis: "" },
    [arn(PROD, "Admin")]: { profile: "okta-prod-Admin", basis: "" },
  },
});

const ROLES = knownRoles(LIST, () => undefined);

function match(word: string): string | undefined {
  return matchRole(word, ROLES, "okta-")?.roleArn;
}

Deno.test("knownRoles() tells account, alias, name and profile of each role", () => {
  assert.deepEqual(ROLES[1], {
    oktaAccount: "default",
    app: "https://acme.okta.com/app",
    roleArn: arn(DEV, "team/Read"),
    principalArn: "arn:aws:iam::111111111111:saml-provider/Okta",
    accountId: DEV,
    alias: "dev",
    settingsAlias: undefined,
    roleName: "Read",
    profile: "okta-dev-Read",
  });
});

Deno.test("knownRoles() puts the settings' alias first and skips what is no role's ARN", () => {
  const list = listOf(["arn:aws:iam::1:role/x", arn(DEV, "A]"), arn(DEV, "A")], {
    aliases: { [DEV]: "found" },
  });
  const roles = knownRoles(list, (id) => id === DEV ? "mine" : undefined);
  assert.deepEqual(
    roles.map(({ alias, settingsAlias, roleName, profile }) => [
      alias,
      settingsAlias,
      roleName,
      profile,
    ]),
    [["mine", "mine", "A", undefined]],
  );
});

Deno.test("matchRole() knows profiles with and without their prefix, ARNs, and what picks out one", () => {
  const words: [word: string, roleArn: string | undefined][] = [
    ["okta-dev-Admin", arn(DEV, "Admin")],
    ["dev-Admin", arn(DEV, "Admin")],
    [arn(PROD, "Admin"), arn(PROD, "Admin")],
    ["Read", arn(DEV, "team/Read")],
    ["dev/Read", arn(DEV, "team/Read")],
    [`${PROD}/Admin`, arn(PROD, "Admin")],
    ["prod/Admin", arn(PROD, "Admin")],
    ["prod", arn(PROD, "Admin")],
    [PROD, arn(PROD, "Admin")],
    ["read", undefined],
    ["okta-", undefined],
    ["", undefined],
    ["prod/Read", undefined],
    [arn(PROD, "Read"), undefined],
  ];
  for (const [word, roleArn] of words) assert.equal(match(word), roleArn, word);
});

Deno.test("matchRole() lists the roles when a name matches several", () => {
  for (const word of ["Admin", "dev", DEV]) {
    assert.throws(() => match(word), (error) => {
      assert.ok(error instanceof ProfileError);
      assert.equal(error.code, "ambiguous_profile");
      assert.match(error.message, /matches 2 roles: okta-dev-Admin, okta-(dev-Read|prod-Admin)$/);
      return true;
    });
  }
});

Deno.test("matchRole() takes a profile's whole name before one without its prefix", () => {
  const roles = knownRoles(
    listOf([arn(DEV, "A"), arn(DEV, "B")], {
      names: {
        [arn(DEV, "A")]: { profile: "okta-okta-x", basis: "" },
        [arn(DEV, "B")]: { profile: "okta-x", basis: "" },
      },
    }),
    () => undefined,
  );
  assert.equal(matchRole("okta-x", roles, "okta-")?.roleArn, arn(DEV, "B"));
  assert.equal(matchRole("x", roles, "okta-")?.roleArn, arn(DEV, "B"));
});

Deno.test("matchRole() takes a role that two Okta accounts grant for one", () => {
  const twice = [...ROLES, ...knownRoles({ ...LIST, account: "other" }, () => undefined)];
  assert.equal(matchRole("Read", twice, "okta-")?.oktaAccount, "default");
  assert.throws(() => matchRole("Admin", twice, "okta-"), { message: /matches 2 roles/ });
});

Deno.test("matchRole() lists 10 roles at most and shows words harmlessly", () => {
  const many = Array.from({ length: 30 }, (_, n) => arn(String(n).padStart(12, "0"), "Same"));
  const roles = knownRoles(listOf(many), () => undefined);
  assert.throws(() => matchRole("Same", roles, "okta-"), {
    message: /matches 30 roles: .*, and 20 more$/,
  });
  const hostile = ROLES.map((role) => ({ ...role, alias: "\x1b[31m" }));
  assert.throws(() => matchRole("\x1b[31m", hostile, "okta-"), { message: /^\\x1b\[31m matches/ });
});
