import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DEFAULT_PREFIX,
  DEFAULT_TEMPLATE,
  type NamelessRole,
  nameProfiles,
  type Naming,
} from "../../src/roles/profile_names.ts";
import type { ProfileName } from "../../src/roles/role_list.ts";

const NAMING: Naming = { template: DEFAULT_TEMPLATE, prefix: DEFAULT_PREFIX };
const NONE: ReadonlySet<string> = new Set();
const [DEV, PROD] = ["111111111111", "222222222222"];

function role(
  accountId: string,
  path: string,
  alias?: string,
  settingsAlias?: string,
): NamelessRole {
  const roleArn = `arn:aws:iam::${accountId}:role/${path}`;
  const label = settingsAlias ?? alias;
  return { roleArn, accountId, alias: label, settingsAlias, roleName: path.split("/").at(-1)! };
}

type Known = Record<string, ProfileName>;

interface Given {
  naming?: Partial<Naming>;
  known?: Known;
  taken?: ReadonlySet<string>;
  written?: ReadonlySet<string>;
}

function name(roles: NamelessRole[], given: Given = {}): Known {
  const { naming, known = {}, taken = NONE, written = NONE } = given;
  const named = nameProfiles(roles, { naming: { ...NAMING, ...naming }, known, taken, written });
  return Object.fromEntries(named);
}

function profiles(known: Known): string[] {
  return Object.values(known).map(({ profile }) => profile);
}

Deno.test("nameProfiles() uses alias, else account id, and the role's name without its path", () => {
  const named = name([role(DEV, "Admin", "dev"), role(PROD, "team/x/Read")]);
  assert.deepEqual(profiles(named), ["okta-dev-Admin", `okta-${PROD}-Read`]);
  assert.deepEqual(Object.keys(named), [
    `arn:aws:iam::${DEV}:role/Admin`,
    `arn:aws:iam::${PROD}:role/team/x/Read`,
  ]);
});

Deno.test("nameProfiles() fills a template of the person's", () => {
  const template = "{role}@{account}:{account_id}/{alias}.{prefix}";
  assert.deepEqual(profiles(name([role(DEV, "Admin", "dev")], { naming: { template } })), [
    `Admin@dev:${DEV}/dev.okta-`,
  ]);
  assert.deepEqual(profiles(name([role(DEV, "A")], { naming: { template: "x{alias}{role}" } })), [
    "xA",
  ]);
  const odd = { template: "{constructor}{role}" };
  assert.deepEqual(profiles(name([role(DEV, "A")], { naming: odd })), ["-constructor-A"]);
});

Deno.test("nameProfiles() never gives an empty name", () => {
  assert.deepEqual(profiles(name([role(DEV, "A")], { naming: { template: "{alias}" } })), [
    `-${DEV}`,
  ]);
});

Deno.test("nameProfiles() replaces what a profile's name can't hold, one for one", () => {
  const named = name([role(DEV, "A+=,.@-_1"), role(PROD, "B")], {
    naming: { template: "{prefix}{role}", prefix: "o]\n$(x) 😀é'" },
  });
  assert.deepEqual(profiles(named), ["o----x-----A+--.@-_1", "o----x-----B"]);
});

Deno.test("nameProfiles() adds the account id to all names that collide", () => {
  const named = name([
    role(DEV, "Admin", "acme"),
    role(PROD, "Admin", "acme"),
    role(PROD, "Read", "acme"),
  ]);
  assert.deepEqual(profiles(named), [
    `okta-acme-Admin-${DEV}`,
    `okta-acme-Admin-${PROD}`,
    "okta-acme-Read",
  ]);
});

Deno.test("nameProfiles() tells roles of one account apart by their paths", () => {
  assert.deepEqual(profiles(name([role(DEV, "a/Admin"), role(DEV, "b/Admin")])), [
    `okta-${DEV}-a/Admin-${DEV}`,
    `okta-${DEV}-b/Admin-${DEV}`,
  ]);
});

Deno.test("nameProfiles() numbers names that differ only in what a name can't hold", () => {
  const named = profiles(name([role(DEV, "A=B"), role(DEV, "A,B")]));
  assert.equal(new Set(named).size, 2);
  for (const one of named) assert.match(one, /^okta-111111111111-A-B-111111111111(-\d)?/);
});

Deno.test("nameProfiles() keeps names that were given before, also where others collide now", () => {
  const first = name([role(DEV, "Admin", "acme")]);
  const both = [role(PROD, "Admin", "acme"), role(DEV, "Admin", "acme")];
  assert.deepEqual(profiles(name(both, { known: first })), [
    `okta-acme-Admin-${PROD}`,
    "okta-acme-Admin",
  ]);
});

Deno.test("nameProfiles() makes new names when the person changes template, prefix or alias", () => {
  const known = name([role(DEV, "Admin", "dev")]);
  const written = new Set(profiles(known));
  const renamed = (naming: Partial<Naming>, alias?: string) =>
    profiles(name([role(DEV, "Admin", "dev", alias)], { naming, known, written }));
  assert.deepEqual(renamed({ template: "{role}" }), ["Admin"]);
  assert.deepEqual(renamed({ prefix: "o-" }), ["o-dev-Admin"]);
  assert.deepEqual(renamed({}, "mine"), ["okta-mine-Admin"]);
  assert.deepEqual(renamed({}), ["okta-dev-Admin"]);
});

Deno.test("nameProfiles() keeps a written name where an alias is found later, not another one", () => {
  const known = name([role(DEV, "Admin")]);
  const profile = `okta-${DEV}-Admin`;
  const found = [role(DEV, "Admin", "dev")];
  const kept = name(found, { known, written: new Set([profile]) });
  assert.deepEqual(profiles(kept), [profile]);
  assert.deepEqual(profiles(name(found, { known: kept, written: new Set([profile]) })), [profile]);
  assert.deepEqual(profiles(name(found, { known })), ["okta-dev-Admin"]);
});

Deno.test("nameProfiles() takes no name of another Okta account's", () => {
  const taken = new Set(["okta-dev-Admin"]);
  assert.deepEqual(profiles(name([role(DEV, "Admin", "dev")], { taken })), [
    `okta-dev-Admin-${DEV}`,
  ]);
  const known = name([role(DEV, "Admin", "dev")]);
  assert.deepEqual(profiles(name([role(DEV, "Admin", "dev")], { taken, known })), [
    `okta-dev-Admin-${DEV}`,
  ]);
});

Deno.test("nameProfiles() gives nobody the name of a role that is away", () => {
  const known = name([role(DEV, "Admin", "acme")]);
  const other = name([role(PROD, "Admin", "acme")], { known });
  assert.deepEqual(profiles(other), [`okta-acme-Admin-${PROD}`]);
  const back = name([role(PROD, "Admin", "acme"), role(DEV, "Admin", "acme")], {
    known: { ...known, ...other },
  });
  assert.deepEqual(profiles(back), [`okta-acme-Admin-${PROD}`, "okta-acme-Admin"]);
});

Deno.test("nameProfiles() doesn't believe names of a damaged list", () => {
  const [one, two] = [role(DEV, "A", "x"), role(PROD, "B", "x")];
  const good = name([one, two]);
  const evil = (profile: string): Known =>
    Object.fromEntries(Object.entries(good).map(([arn, { basis }]) => [arn, { profile, basis }]));
  assert.deepEqual(profiles(name([one, two], { known: evil("a]\n[default") })), profiles(good));
  const twice = profiles(name([one, two], { known: evil("okta-same") }));
  assert.deepEqual(twice, ["okta-same", "okta-x-B"]);
});

const anyRole = fc.record({
  accountId: fc.constantFrom("111111111111", "222222222222", "333333333333"),
  path: fc.stringMatching(/^([ab]\/)?[abAB+=,.@-]{1,3}$/),
  alias: fc.option(fc.constantFrom("dev", "a", "222222222222"), { nil: undefined }),
  settingsAlias: fc.option(fc.constantFrom("dev", "b]\n", "é"), { nil: undefined }),
}).map(({ accountId, path, alias, settingsAlias }) => role(accountId, path, alias, settingsAlias));

const anyRoles = fc.uniqueArray(anyRole, { selector: ({ roleArn }) => roleArn, maxLength: 12 });

const anyNaming = fc.record({
  template: fc.constantFrom(
    DEFAULT_TEMPLATE,
    "{role}",
    "{alias}",
    "{account_id}",
    "x]{role} {alias}",
  ),
  prefix: fc.constantFrom("okta-", "", "é[", "a\n"),
});

const anyTaken = fc.array(
  fc.constantFrom("okta-dev-a", "okta-a-b", "a", "b", "okta-dev-a-111111111111"),
)
  .map((names) => new Set(names));

function assertUsable(roles: NamelessRole[], named: Known, taken: ReadonlySet<string>): void {
  const all = profiles(named);
  assert.deepEqual(Object.keys(named), roles.map(({ roleArn }) => roleArn));
  assert.equal(new Set(all).size, roles.length, "unique");
  for (const one of all) {
    assert.match(one, /^[A-Za-z0-9_.@:+/-]+$/);
    assert.ok(!taken.has(one));
  }
}

Deno.test("nameProfiles() gives unique, valid, stable names for any roles", () => {
  fc.assert(fc.property(anyRoles, anyNaming, anyTaken, (roles, naming, taken) => {
    const first = name(roles, { naming, taken });
    assertUsable(roles, first, taken);
    assert.deepEqual(name(roles, { naming, taken, known: first }), first);
    const shuffled = name(roles.toReversed(), { naming, taken, known: first });
    assert.deepEqual(shuffled, first);
  }));
});

Deno.test("nameProfiles() keeps every name when roles come and go", () => {
  fc.assert(fc.property(anyRoles, fc.nat(12), anyNaming, anyTaken, (roles, cut, naming, taken) => {
    const some = roles.slice(0, cut);
    const first = name(some, { naming, taken });
    const all = name(roles, { naming, taken, known: first });
    assertUsable(roles, all, taken);
    for (const { roleArn } of some) assert.deepEqual(all[roleArn], first[roleArn]);
    const rest = name(roles.slice(cut), { naming, taken, known: all });
    for (const [arn, one] of Object.entries(rest)) assert.deepEqual(one, all[arn]);
  }));
});

Deno.test("nameProfiles() gives unique, valid names whatever was known before", () => {
  const anyKnown = (roles: NamelessRole[], naming: Naming) =>
    fc.array(fc.constantFrom("okta-dev-a", "x", "bad]name", "")).map((names) => {
      const named = name(roles, { naming });
      const entries = names.flatMap((profile, index) => {
        const arn = roles[index]?.roleArn;
        return arn === undefined ? [] : [[arn, { profile, basis: named[arn]!.basis }] as const];
      });
      return Object.fromEntries(entries) as Known;
    });
  const cases = fc.tuple(anyRoles, anyNaming).chain(([roles, naming]) =>
    fc.tuple(fc.constant(roles), fc.constant(naming), anyKnown(roles, naming))
  );
  fc.assert(fc.property(cases, anyTaken, ([roles, naming, known], taken) => {
    const written = new Set(["okta-dev-a"]);
    assertUsable(roles, name(roles, { naming, known, taken, written }), taken);
  }));
});
