import assert from "node:assert/strict";
import {
  blockOf,
  mergeSharedConfig,
  parseSharedConfig,
  propertyOf,
  type SharedFileKind,
  type SharedSection,
} from "../../../src/aws/files/shared_config.ts";

function plain(sections: Map<string, SharedSection>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    [...sections].map(([name, { properties }]) => [
      name,
      Object.fromEntries([...properties].map(([key, { value }]) => [key, value])),
    ]),
  );
}

function profiles(text: string, kind: SharedFileKind = "config"): unknown {
  return plain(parseSharedConfig(text, kind).profiles);
}

Deno.test("parseSharedConfig() reads the config file's headers", () => {
  const headers: [string, string[]][] = [
    ["[profile foo]", ["foo"]],
    ["[ \tprofile\t foo \t] # c", ["foo"]],
    ["[profile foo];c", ["foo"]],
    ["[default]", ["default"]],
    ["[profile default]", ["default"]],
    ['[profile "my profile"]', ["my profile"]],
    ["[profile 'foo']", ["foo"]],
    ["[profile a-z_./%@:+9]", ["a-z_./%@:+9"]],
    ["[foo]", []],
    ["[profilefoo]", []],
    ["[profile]", []],
    ["[profile foo bar]", []],
    ['[profile "a" "b"]', []],
    ['[profile "open]', []],
    ["[profile f\u00f6\u00f6]", []],
    ['[profile "a#b"]', []],
    ["[profile foo", []],
    ["[Default]", []],
    ["[PROFILE foo]", []],
  ];
  for (const [header, names] of headers) {
    const parsed = parseSharedConfig(`${header}\nk = v\n`, "config");
    assert.deepEqual([...parsed.profiles.keys()], names, header);
  }
});

Deno.test("parseSharedConfig() reads the credentials file's headers", () => {
  const text = "[a]\nk=1\n[default]\nk=2\n[profile b]\nk=3\n[in valid]\nk=4\n[okta]\nk=5\n";
  assert.deepEqual(profiles(text, "credentials"), {
    a: { k: "1" },
    default: { k: "2" },
    okta: { k: "5" },
  });
});

Deno.test("parseSharedConfig() lets [profile default] replace [default] entirely", () => {
  const plainFirst = "[default]\na = 1\n[profile default]\nb = 2\n[default]\nc = 3\n";
  const prefixFirst = "[profile default]\nb = 2\n[default]\na = 1\n";
  assert.deepEqual(profiles(plainFirst), { default: { b: "2" } });
  assert.deepEqual(profiles(prefixFirst), { default: { b: "2" } });
});

Deno.test("parseSharedConfig() merges sections that stand twice; the last key wins", () => {
  const text = "[profile a]\nk = 1\nk = 2\nl = 3\n[profile b]\n[profile 'a']\nl = 4\n";
  assert.deepEqual(profiles(text), { a: { k: "2", l: "4" }, b: {} });
});

Deno.test("parseSharedConfig() leaves out keys and lines that SDKs refuse, and says where", () => {
  const text =
    "x = 1\n[profile a]\nin valid = 1\n= 2\nk: 3\n[profile b c]\nl = 4\n[profile d\nm = 5\n";
  const parsed = parseSharedConfig(text, "config");
  assert.deepEqual(plain(parsed.profiles), { a: {} });
  assert.deepEqual(parsed.problems, [
    { code: "no_section", kind: "config", line: 1 },
    { code: "invalid_key", kind: "config", line: 3 },
    { code: "empty_key", kind: "config", line: 4 },
    { code: "no_equals", kind: "config", line: 5 },
    { code: "invalid_section_name", kind: "config", line: 6 },
    { code: "no_bracket", kind: "config", line: 8 },
  ]);
});

Deno.test("parseSharedConfig() reads aws-okta's section, sso-sessions and services", () => {
  const text =
    "[okta]\nAWS_SAML_URL = home/x\n[sso-session s]\nsso_region = r\n[services t]\ns3 =\n a=1\n";
  const parsed = parseSharedConfig(text, "config");
  assert.equal(propertyOf(parsed.okta, "aws_saml_url"), "home/x");
  assert.deepEqual(plain(parsed.ssoSessions), { s: { sso_region: "r" } });
  assert.deepEqual(plain(parsed.services), { t: { s3: "\na=1" } });
  assert.equal(parsed.profiles.size, 0);
  assert.equal(parseSharedConfig(text, "credentials").okta, undefined);
});

Deno.test("parseSharedConfig() returns the line of each property", () => {
  const { profiles } = parseSharedConfig("\ufeff# c\r\n[profile a]\r\n\r\nk = 1\r\n", "config");
  assert.deepEqual(profiles.get("a"), {
    name: "a",
    line: 2,
    properties: new Map([["k", { value: "1", kind: "config", line: 4 }]]),
  });
});

Deno.test("parseSharedConfig() is not fooled by names that objects have", () => {
  const text = "[profile __proto__]\n__proto__ = 1\n[profile constructor]\ntoString = 2\n";
  const parsed = parseSharedConfig(text, "config");
  assert.equal(parsed.profiles.get("__proto__")?.properties.get("__proto__")?.value, "1");
  assert.equal(parsed.profiles.get("constructor")?.properties.get("tostring")?.value, "2");
});

Deno.test("mergeSharedConfig() lets the credentials file win for each property", () => {
  const config = parseSharedConfig("[okta]\n[profile a]\nk = 1\nl = 2\n=\n[profile b]\n", "config");
  const credentials = parseSharedConfig("[c]\nn = 4\n[a]\nk = 3\nk2\n", "credentials");
  const merged = mergeSharedConfig(config, credentials);
  assert.deepEqual(plain(merged.profiles), { a: { k: "3", l: "2" }, b: {}, c: { n: "4" } });
  assert.equal(merged.profiles.get("a")?.properties.get("k")?.kind, "credentials");
  assert.equal(merged.okta, config.okta);
  assert.deepEqual(merged.problems.map(({ kind, line }) => [kind, line]), [
    ["config", 5],
    ["credentials", 5],
  ]);
  assert.deepEqual(plain(config.profiles), { a: { k: "1", l: "2" }, b: {} });
});

Deno.test("propertyOf() takes an empty value for none", () => {
  const { profiles } = parseSharedConfig("[profile a]\nk =\n", "config");
  assert.equal(propertyOf(profiles.get("a"), "k"), undefined);
  assert.equal(propertyOf(profiles.get("b"), "k"), undefined);
});

Deno.test("blockOf() reads the lines of a block", () => {
  const value = "\nEndpoint_URL = http://x/#a # c\n# c = d\njunk\n= e\nempty =\na = b = c";
  assert.deepEqual([...blockOf(value)], [
    ["endpoint_url", "http://x/#a"],
    ["empty", ""],
    ["a", "b = c"],
  ]);
  assert.equal(blockOf("a = b\nc = d").size, 0);
});
