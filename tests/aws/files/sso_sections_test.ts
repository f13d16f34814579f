import assert from "node:assert/strict";
import {
  sectionFor,
  sessionOfAccount,
  sessionOfProfile,
} from "../../../src/aws/files/sso_sections.ts";
import { isSamePortal } from "../../../src/aws/start_url.ts";

const START = "https://d-1.awsapps.com/start";
const keys = (values: Record<string, string>) => new Map(Object.entries(values));
const SECTIONS = new Map([
  ["acme", keys({ sso_start_url: `${START}#/`, sso_region: "eu-west-1" })],
  ["half", keys({ sso_start_url: START })],
]);
const ROLE = { sso_account_id: "111122223333", sso_role_name: "ReadOnly" };

Deno.test("profiles name a session, or are of the legacy form", () => {
  const named = sessionOfProfile(keys({ ...ROLE, sso_session: "acme" }), SECTIONS);
  assert.deepEqual(named, {
    name: "acme",
    startUrl: `${START}#/`,
    region: "eu-west-1",
    scopes: ["sso:account:access"],
  });
  const legacy = keys({ ...ROLE, sso_start_url: START, sso_region: "eu-west-1" });
  assert.equal(sessionOfProfile(legacy, SECTIONS)?.name, undefined);
  assert.equal(sessionOfProfile(legacy, undefined)?.startUrl, START);
});

Deno.test("returns undefined for an incomplete profile", () => {
  const incomplete = [
    { sso_session: "acme" },
    { ...ROLE, sso_session: "unknown" },
    { ...ROLE, sso_session: "half" },
    { ...ROLE, sso_start_url: START },
    { ...ROLE, sso_account_id: "1", sso_session: "acme" },
  ];
  for (const profile of incomplete) {
    assert.equal(sessionOfProfile(keys(profile), SECTIONS), undefined);
  }
});

Deno.test("an account has its session in the settings, or by a section of its name", () => {
  const own = { sso_start_url: START, sso_region: "us-east-1" };
  assert.equal(sessionOfAccount("default", own, SECTIONS).name, "default");
  assert.equal(sessionOfAccount("acme", {}, SECTIONS).region, "eu-west-1");
  assert.equal(sessionOfAccount("work", { sso_session: "acme" }, SECTIONS).name, "acme");
  assert.throws(() => sessionOfAccount("work", {}, SECTIONS), { code: "not_set_up" });
});

Deno.test("a portal is the same however its address was pasted", () => {
  assert.equal(sectionFor(START, SECTIONS)?.name, "acme");
  assert.equal(sectionFor("https://d-2.awsapps.com/start", SECTIONS), undefined);
  assert.ok(isSamePortal(`${START}/`, `${START}#/`));
  assert.ok(!isSamePortal(START, "https://d-1.awsapps.com/other"));
});
