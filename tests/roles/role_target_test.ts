import assert from "node:assert/strict";
import { resolveRoleTarget } from "../../src/roles/role_target.ts";
import { parseSharedConfig } from "../../src/aws/files/shared_config.ts";
import { ProfileError, SettingsError } from "../../src/errors.ts";
import type { AwsProfiles } from "../../src/aws/files/aws_files.ts";

const [BASE, NEXT, LAST] = ["Base", "Next", "Last"].map((name) =>
  `arn:aws:iam::123456789012:role/${name}`
) as [string, string, string];

const SAML_URL = "home/amazon_aws/0oa1/272";

function profilesOf(...lines: string[]): AwsProfiles {
  const config = parseSharedConfig(lines.join("\n"), "config");
  const keys = (section?: { properties: Map<string, { value: string }> }) =>
    section && new Map([...section.properties].map(([key, { value }]) => [key, value]));
  return {
    names: () => [...config.profiles.keys()],
    profile: (name) => keys(config.profiles.get(name)),
    okta: keys(config.okta) ?? new Map(),
    ssoSections: new Map([...config.ssoSessions].map(([name, one]) => [name, keys(one)!])),
  };
}

function resolve(name: string, ...lines: string[]) {
  return resolveRoleTarget(name, profilesOf(...lines));
}

function step(roleArn: string, roleSessionName?: string, externalId?: string) {
  return { roleArn, externalId, roleSessionName };
}

Deno.test("resolveRoleTarget() reads aws-okta's plain form", () => {
  const target = resolve(
    "dev",
    "[okta]",
    `aws_saml_url = ${SAML_URL}`,
    "mfa_provider = GOOGLE",
    "mfa_factor_type = token:software:totp",
    "[profile dev]",
    `role_arn = ${BASE}`,
    "region = eu-west-1",
    "session_ttl = 2h",
    "assume_role_ttl = 30m",
    "okta_account_name = work",
  );
  assert.deepEqual(target, {
    chain: [step(BASE)],
    startsFrom: undefined,
    oktaAccount: "work",
    samlUrl: SAML_URL,
    sessionTtl: 7200,
    assumeRoleTtl: 1800,
    region: "eu-west-1",
    mfa: { provider: "GOOGLE", factorType: "token:software:totp", duoDevice: undefined },
  });
});

Deno.test("resolveRoleTarget() prefers okta_aws_role_arn and the profile's own keys", () => {
  const target = resolve(
    "dev",
    "[okta]",
    `aws_saml_url = ${SAML_URL}`,
    `okta_aws_role_arn = ${LAST}`,
    "session_ttl = 1h",
    "region = us-east-1",
    "[profile dev]",
    "aws_saml_url = https://acme.okta.com/home/other/0oa2/272",
    `role_arn = ${NEXT}`,
    `okta_aws_role_arn = ${BASE}`,
    "session_ttl = MAX",
  );
  assert.deepEqual(target?.chain, [step(BASE)]);
  assert.equal(target?.samlUrl, "https://acme.okta.com/home/other/0oa2/272");
  assert.equal(target?.sessionTtl, "max");
  assert.equal(target?.region, "us-east-1");
});

Deno.test("resolveRoleTarget() follows source_profile and inherits along it, then from [okta]", () => {
  const lines = [
    "[okta]",
    "role_session_name = jane",
    "mfa_provider = OKTA",
    "[profile base]",
    `aws_saml_url = ${SAML_URL}`,
    `role_arn = ${BASE}`,
    "duration_seconds = 43200",
    "region = eu-west-1",
    "mfa_provider = GOOGLE",
    "[profile middle]",
    "source_profile = base",
    `role_arn = ${NEXT}`,
    "external_id = abc",
    "role_session_name = middle",
    "[profile last]",
    "source_profile = middle",
    `role_arn = ${LAST}`,
    "external_id = def",
    "duration_seconds = 1800",
  ];
  const target = resolve("last", ...lines);
  assert.deepEqual(target?.chain, [
    step(BASE, "jane"),
    step(NEXT, "middle", "abc"),
    step(LAST, "middle", "def"),
  ]);
  assert.equal(target?.startsFrom, undefined);
  assert.equal(target?.samlUrl, SAML_URL);
  assert.equal(target?.sessionTtl, 43_200);
  assert.equal(target?.assumeRoleTtl, 1800);
  assert.equal(target?.region, "eu-west-1");
  assert.equal(target?.mfa.provider, "GOOGLE");
});

Deno.test("resolveRoleTarget() takes [okta] for a source_profile, as aws-okta did", () => {
  const role = [`[profile dev]`, "source_profile = okta", `role_arn = ${NEXT}`];
  const withRole = resolve("dev", "[okta]", `role_arn = ${BASE}`, ...role);
  assert.deepEqual(withRole?.chain, [step(BASE), step(NEXT)]);
  const without = resolve("dev", "[okta]", `aws_saml_url = ${SAML_URL}`, ...role);
  assert.deepEqual(without?.chain, [step(NEXT)]);
  assert.equal(without?.startsFrom, "okta");
  const profile = resolve(
    "dev",
    "[okta]",
    `role_arn = ${LAST}`,
    "[profile okta]",
    `role_arn = ${BASE}`,
    ...role,
  );
  assert.deepEqual(profile?.chain, [step(BASE), step(NEXT)]);
});

Deno.test("resolveRoleTarget() starts from a profile of ours, in the config file or not", () => {
  const dev = ["[profile dev]", "source_profile = okta-x-Admin", `role_arn = ${NEXT}`];
  const ours = [
    "[profile okta-x-Admin]",
    "credential_process = okta-aws cred-process okta-x-Admin",
  ];
  for (const lines of [dev, [...dev, ...ours]]) {
    const target = resolve("dev", ...lines);
    assert.deepEqual(target?.chain, [step(NEXT)]);
    assert.equal(target?.startsFrom, "okta-x-Admin");
  }
});

Deno.test("resolveRoleTarget() doesn't take the role of a foreign source for a base role", () => {
  const sources = [
    "aws_access_key_id = AKIA",
    "region = eu-west-1",
    "credential_process = other",
    "sso_session = corp",
    `role_arn = ${BASE}\ncredential_source = Ec2InstanceMetadata`,
    `role_arn = ${BASE}\nweb_identity_token_file = /token`,
  ];
  for (const source of sources) {
    const target = resolve(
      "dev",
      "[profile dev]",
      "source_profile = keys",
      `role_arn = ${NEXT}`,
      "[profile keys]",
      source,
    );
    assert.deepEqual(target?.chain, [step(NEXT)], source);
    assert.equal(target?.startsFrom, "keys", source);
  }
});

Deno.test("resolveRoleTarget() leaves the role open where only the app is known", () => {
  const own = resolve("dev", "[profile dev]", `aws_saml_url = /${SAML_URL}`);
  assert.deepEqual(own?.chain, []);
  assert.equal(own?.samlUrl, `/${SAML_URL}`);
  const inherited = resolve(
    "dev",
    "[okta]",
    `aws_saml_url = ${SAML_URL}`,
    "[profile dev]",
    "output = json",
  );
  assert.deepEqual(inherited?.chain, []);
  const ofOkta = resolve(
    "dev",
    "[okta]",
    `role_arn = ${BASE}`,
    `aws_saml_url = ${SAML_URL}`,
    "[profile dev]",
  );
  assert.deepEqual(ofOkta?.chain, [step(BASE)]);
});

Deno.test("resolveRoleTarget() leaves alone what is not for us", () => {
  assert.equal(resolve("dev"), undefined);
  assert.equal(resolve("dev", "[profile dev]", "region = eu-west-1"), undefined);
  assert.equal(resolve("okta", "[okta]", `role_arn = ${BASE}`), undefined);
  const okta = ["[okta]", `aws_saml_url = ${SAML_URL}`, "[profile okta-x-Admin]"];
  const process = "credential_process = okta-aws cred-process okta-x-Admin";
  assert.equal(resolve("okta-x-Admin", ...okta, process), undefined);
  assert.equal(resolve("okta-x-Admin", ...okta, "aws_access_key_id = AKIA"), undefined);
});

Deno.test("resolveRoleTarget() names what else gives a profile its credentials", () => {
  for (
    const key of [
      "credential_source",
      "web_identity_token_file",
      "sso_session",
      "sso_start_url",
      "sso_account_id",
    ]
  ) {
    assert.throws(
      () => resolve("dev", "[profile dev]", `role_arn = ${BASE}`, `${key} = x`),
      (error) =>
        error instanceof ProfileError && error.code === "foreign_profile" &&
        error.message.includes(key),
    );
  }
});

Deno.test("resolveRoleTarget() finds loops and names the profiles in them", () => {
  const lines = ["a", "b", "c"].flatMap((name, index) => [
    `[profile ${name}]`,
    `role_arn = ${BASE}`,
    `source_profile = ${["b", "c", "b"][index]}`,
  ]);
  for (const [name, circle] of [["a", "a → b → c → b"], ["b", "b → c → b"]] as const) {
    assert.throws(() => resolve(name, ...lines), (error) => {
      assert.ok(error instanceof ProfileError);
      assert.equal(error.code, "profile_loop");
      assert.ok(error.message.endsWith(`: ${circle}`), error.message);
      return true;
    });
  }
  const self = ["[profile a]", `role_arn = ${BASE}`, "source_profile = a"];
  assert.throws(() => resolve("a", ...self), { code: "profile_loop" });
});

Deno.test("resolveRoleTarget() lets a profile with static keys name itself", () => {
  const target = resolve(
    "a",
    "[profile a]",
    `role_arn = ${BASE}`,
    "source_profile = a",
    "aws_access_key_id = AKIA",
  );
  assert.deepEqual(target?.chain, [step(BASE)]);
  assert.equal(target?.startsFrom, "a");
});

Deno.test("resolveRoleTarget() follows a chain of hundreds of profiles", () => {
  const lines = Array.from({ length: 300 }, (_, n) => [
    `[profile p${n}]`,
    `role_arn = arn:aws:iam::123456789012:role/R${n}`,
    n === 0 ? "" : `source_profile = p${n - 1}`,
  ]).flat();
  const chain = resolve("p299", ...lines)?.chain;
  assert.equal(chain?.length, 300);
  assert.match(chain?.[0]?.roleArn ?? "", /R0$/);
});

Deno.test("resolveRoleTarget() rejects invalid durations", () => {
  for (const key of ["session_ttl", "assume_role_ttl", "duration_seconds"]) {
    assert.throws(
      () => resolve("a", "[profile a]", `role_arn = ${BASE}`, `${key} = soon\x1b`),
      (error) =>
        error instanceof SettingsError && error.code === "bad_duration" &&
        error.message.endsWith("soon\\x1b"),
      key,
    );
  }
});

const SSO_ROLE = ["sso_account_id = 111122223333", "sso_role_name = ReadOnly"];
const SSO_SESSION = [
  "[sso-session acme]",
  "sso_start_url = https://d-1.awsapps.com/start",
  "sso_region = us-gov-west-1",
];
const SSO_ARN = "arn:aws-us-gov:iam::111122223333:role/aws-reserved/sso.amazonaws.com/ReadOnly";

Deno.test("resolveRoleTarget() takes a role of IAM Identity Center for a base role", () => {
  const named = ["[profile gov]", "sso_session = acme", ...SSO_ROLE, "region = us-gov-east-1"];
  const target = resolve("gov", ...SSO_SESSION, ...named);
  assert.deepEqual(target?.chain, [step(SSO_ARN)]);
  assert.equal(target?.sso?.name, "acme");
  assert.equal(target?.region, "us-gov-east-1");
  const [, ...legacy] = SSO_SESSION;
  assert.deepEqual(resolve("old", "[profile old]", ...legacy, ...SSO_ROLE)?.chain, [step(SSO_ARN)]);
  const chained = ["[profile top]", "source_profile = gov", `role_arn = ${NEXT}`];
  const above = resolve("top", ...SSO_SESSION, ...named, ...chained);
  assert.deepEqual(above?.chain, [step(SSO_ARN), step(NEXT)]);
  assert.equal(above?.sso?.startUrl, "https://d-1.awsapps.com/start");
});

Deno.test("resolveRoleTarget() leaves a profile alone whose session is not there", () => {
  const lines = ["[profile gov]", "sso_session = other", ...SSO_ROLE];
  assert.throws(() => resolve("gov", ...SSO_SESSION, ...lines), { code: "foreign_profile" });
});

Deno.test("resolveRoleTarget() stops at a source that has keys and a role, as the SDKs do", () => {
  const lines = [
    "[profile top]",
    `role_arn = ${LAST}`,
    "source_profile = keys",
    "[profile keys]",
    `role_arn = ${NEXT}`,
    "source_profile = base",
    "[profile base]",
    `role_arn = ${BASE}`,
  ];
  const own = resolve("top", ...lines.with(3, "[profile keys]\naws_access_key_id = AKIA1"));
  assert.deepEqual([own!.chain, own!.startsFrom], [[step(LAST)], "keys"]);
  const aws = { ...profilesOf(...lines), hasKeys: (name: string) => name === "keys" };
  const stored = resolveRoleTarget("top", aws)!;
  assert.deepEqual([stored.chain, stored.startsFrom], [[step(LAST)], "keys"]);
  assert.equal(resolve("top", ...lines)!.chain.length, 3);
});
