import assert from "node:assert/strict";
import { SettingsError } from "../../src/errors.ts";
import {
  ACCOUNT_NAME,
  BACKENDS,
  parseSettings,
  type Settings,
} from "../../src/settings/settings.ts";

const PATH = "/home/jane/.config/okta-aws/config.ini";

function parse(...lines: string[]): Settings {
  return parseSettings(lines.join("\n"), PATH);
}

function isBad(line: number, ...words: RegExp[]) {
  return (error: unknown) => {
    assert.ok(error instanceof SettingsError);
    assert.equal(error.code, "bad_settings");
    assert.ok(error.message.startsWith(`${PATH}, line ${line}: `), error.message);
    for (const word of words) assert.match(error.message, word);
    return true;
  };
}

Deno.test("parseSettings() reads every key of an account", () => {
  const settings = parse(
    "[account work]",
    "org = https://acme.okta.com",
    "username = jane@acme.example",
    "app = https://acme.okta.com/home/amazon_aws/0oa1/272, https://acme.okta.com/app/b/exk/sso/saml",
    "auth = authn",
    "kind = saml",
    "mfa_provider = GOOGLE",
    "mfa_factor_type = token:software:totp",
    "mfa_duo_device = phone1",
    "remember_device = yes",
    "session_ttl = 1h30m",
    "region = eu-west-1",
    "backend = secret-service",
    "oidc_client_id = 0oaclient",
    "roles = dev/*",
    "    prod/Read*",
    "exclude_roles = */Admin",
  );
  assert.deepEqual(settings.accounts.get("work"), {
    org: "https://acme.okta.com",
    username: "jane@acme.example",
    app: [
      "https://acme.okta.com/home/amazon_aws/0oa1/272",
      "https://acme.okta.com/app/b/exk/sso/saml",
    ],
    auth: "authn",
    kind: "saml",
    mfa_provider: "GOOGLE",
    mfa_factor_type: "token:software:totp",
    mfa_duo_device: "phone1",
    remember_device: true,
    session_ttl: 5400,
    region: "eu-west-1",
    backend: "secret-service",
    oidc_client_id: "0oaclient",
    roles: ["dev/*", "prod/Read*"],
    exclude_roles: ["*/Admin"],
  });
});

Deno.test("parseSettings() reads every key of the program and of AWS accounts", () => {
  const settings = parse(
    "[okta-aws]",
    "default_account = work",
    "profile_name = {prefix}{alias}-{account_id}-{account}-{role}",
    "profile_prefix = o-",
    "concurrency = 7",
    "cache = encrypted",
    "ca_bundle = /etc/ca.pem",
    "interactive = never",
    "legacy_security_token = on",
    "[aws-account 012345678901]",
    "alias = dev-1",
    "region = us-gov-west-1",
    "output = json",
    "app = https://acme.okta.com/home/amazon_aws/0oa1/272",
    "[plugin hello]",
    "anything = goes",
  );
  assert.deepEqual(settings.program, {
    default_account: "work",
    profile_name: "{prefix}{alias}-{account_id}-{account}-{role}",
    profile_prefix: "o-",
    concurrency: 7,
    cache: "encrypted",
    ca_bundle: "/etc/ca.pem",
    interactive: "never",
    legacy_security_token: true,
  });
  assert.deepEqual(Object.fromEntries(settings.awsAccounts), {
    "012345678901": {
      alias: "dev-1",
      region: "us-gov-west-1",
      output: "json",
      app: "https://acme.okta.com/home/amazon_aws/0oa1/272",
    },
  });
});

Deno.test("parseSettings() reads clusters and the default PROFILE", () => {
  const settings = parse(
    "[okta-aws]",
    "default_profile = dev/Admin",
    "[cluster prod_1]",
    "profile = okta-prod-Admin",
    "region = eu-west-1",
    "role_arn = arn:aws:iam::012345678901:role/Kube",
    "alias = prod",
  );
  assert.equal(settings.program.default_profile, "dev/Admin");
  assert.deepEqual(Object.fromEntries(settings.clusters), {
    prod_1: {
      profile: "okta-prod-Admin",
      region: "eu-west-1",
      role_arn: "arn:aws:iam::012345678901:role/Kube",
      alias: "prod",
    },
  });
  assert.throws(() => parse("[cluster a]", "role_arn = Admin"), isBad(2, /the ARN of a role/));
  assert.throws(() => parse("[aws-account 012345678901]", "output = xml"), isBad(2, /json, yaml/));
});

Deno.test("parseSettings() gives empty settings for an empty file", () => {
  const none = {
    program: {},
    accounts: new Map(),
    awsAccounts: new Map(),
    aliases: new Map(),
    clusters: new Map(),
    plugins: new Map(),
  };
  for (const text of ["", "\n", "# comment\n", "\ufeff; comment"]) {
    assert.deepEqual(parseSettings(text, PATH), none);
  }
});

Deno.test("parseSettings() takes comments, CRLF, BOM, upper-case keys, and repeated sections", () => {
  const settings = parseSettings(
    "\ufeff# mine\r\n[account default]\r\nORG = https://acme.okta.com ; the org\r\n\r\n" +
      "[okta-aws]\r\n[account default]\r\nusername = jane\r\nusername = joe\r\n",
    PATH,
  );
  assert.deepEqual(settings.accounts.get("default"), {
    org: "https://acme.okta.com",
    username: "joe",
  });
});

Deno.test("parseSettings() takes an org as people write it", () => {
  const org = (value: string) => parse("[account a]", `org = ${value}`).accounts.get("a")?.org;
  for (
    const value of ["https://acme.okta.com/", "acme.okta.com", "https://acme-admin.okta.com/x"]
  ) {
    assert.equal(org(value), "https://acme.okta.com");
  }
  assert.equal(org("http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
});

Deno.test("parseSettings() reads session_ttl = max, kwallet, and words in any case", () => {
  const account = parse("[account a]", "session_ttl = MAX", "backend = KWallet", "auth = IDX")
    .accounts.get("a");
  assert.deepEqual(account, { session_ttl: "max", backend: "secret-service", auth: "idx" });
});

Deno.test("parseSettings() knows every backend", () => {
  for (const backend of BACKENDS) {
    assert.equal(parse("[account a]", `backend = ${backend}`).accounts.get("a")?.backend, backend);
  }
});

Deno.test("parseSettings() names an unknown key with its line", () => {
  const lines = ["# one", "[account a]", "org = https://acme.okta.com", "", "usernme = jane"];
  assert.throws(
    () => parse(...lines),
    isBad(5, /unknown key usernme in \[account a\]/, /username/),
  );
  assert.throws(() => parse("[okta-aws]", "constructor = 1"), isBad(2, /unknown key constructor/));
  assert.throws(() => parse("[okta-aws]", "__proto__ = 1"), isBad(2, /unknown key __proto__/));
  assert.throws(() => parse("[aws-account 012345678901]", "org = x"), isBad(2, /unknown key org/));
});

Deno.test("parseSettings() shows no value of an unknown key: it may be a secret", () => {
  assert.throws(() => parse("[account a]", "password = hunter2"), (error) => {
    assert.ok(error instanceof SettingsError);
    assert.ok(!`${error.message}${error.hint}`.includes("hunter2"));
    return true;
  });
});

Deno.test("parseSettings() names an unknown section with its line", () => {
  const sections = [
    "acount a",
    "account",
    "account two words",
    "account -a",
    "account __proto__",
    "aws-account 12345",
    "aws-account",
    "okta-aws x",
    "plugin",
    "okta",
    "Okta-AWS",
  ];
  for (const section of sections) {
    assert.throws(() => parse("", `[${section}]`), isBad(2, /unknown section/), section);
  }
});

Deno.test("parseSettings() says what a value should be", () => {
  const cases: [section: string, line: string, word: RegExp][] = [
    ["okta-aws", "concurrency = 0", /whole number/],
    ["okta-aws", "concurrency = many", /whole number/],
    ["okta-aws", "cache = disk", /file, encrypted, none/],
    ["okta-aws", "interactive = maybe", /tty, always, never/],
    ["okta-aws", "legacy_security_token = perhaps", /true or false/],
    ["okta-aws", "profile_name = fixed", /\{role\}/],
    ["okta-aws", "profile_name = {rolle}", /\{role\}/],
    ["okta-aws", "profile_name = {}", /\{role\}/],
    ["okta-aws", "default_account =", /a value/],
    ["account a", "auth = password", /auto, authn, idx, device, browser/],
    ["account a", "kind = sso", /saml, identity-center/],
    ["account a", "session_ttl = long", /duration/],
    ["account a", "backend = vault", /keychain/],
    ["account a", "org = http://acme.okta.com", /https:\/\/acme\.okta\.com/],
    ["account a", "region = eu west", /region/],
    ["account a", "region = evil.example/", /region/],
    ["aws-account 012345678901", "alias = Dev]", /alias/],
  ];
  for (const [section, line, word] of cases) {
    assert.throws(() => parse(`[${section}]`, line), isBad(2, word), line);
  }
});

Deno.test("parseSettings() refuses lines without a meaning, with their number", () => {
  assert.throws(() => parse("org = x"), isBad(1, /before the first section/));
  assert.throws(() => parse("[okta-aws]", "cache"), isBad(2));
  assert.throws(() => parse("[okta-aws]", "= x"), isBad(2));
  assert.throws(() => parse("[okta-aws"), isBad(1, /bracket/));
  assert.throws(
    () => parse("[account a]", "username = jane", "  [account b]"),
    isBad(2, /one line/),
  );
});

Deno.test("parseSettings() shows hostile text harmlessly", () => {
  assert.throws(() => parse("[\x1b[31m\u202e]"), (error) => {
    assert.ok(error instanceof SettingsError);
    return !/[\p{Cc}\p{Cf}]/u.test(error.message);
  });
});

Deno.test("ACCOUNT_NAME accepts plain names of up to 63 characters", () => {
  for (const name of ["default", "a", "A.b_c-9", "x".repeat(63)]) {
    assert.ok(ACCOUNT_NAME.test(name));
  }
  for (const name of ["", "-a", ".a", "a b", "a/b", "x".repeat(64), "a\n", "é"]) {
    assert.ok(!ACCOUNT_NAME.test(name), name);
  }
});
