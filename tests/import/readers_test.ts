import assert from "node:assert/strict";
import type { Found } from "../../src/import/found.ts";
import { parseProperties } from "../../src/import/readers/okta_aws_cli_assume_role.ts";
import { found, planFor } from "./context.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";
const APP = "https://acme.okta.com/home/amazon_aws/0oa1/272";

/** An object without the keys that are undefined. */
function defined(value: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}

function reasons({ leftOut }: Found): string[] {
  return leftOut.map(({ what, why }) => `${what}: ${why}`);
}

Deno.test("saml2aws: reads every key of an Okta account, in any case, with CRLF and quotes", async () => {
  const text = [
    "[default]",
    "URL = `https://acme.okta.com/home/amazon_aws/0oa1/272`",
    'username = "jane@example.com"',
    "Provider = okta",
    "mfa = YUBICO TOKEN:HARDWARE",
    "mfa_ip_address = ",
    "skip_verify = true",
    "timeout = 0",
    "aws_urn = urn:amazon:webservices:govcloud",
    "aws_session_duration = 28800",
    "aws_profile = gov",
    "role_arn = arn:aws-us-gov:iam::123456789012:role/Dev",
    "credentials_file = ~/other",
    "disable_remember_device = true",
    "",
  ].join("\r\n");
  const result = await found("saml2aws", { ".saml2aws": text });
  const [{ password, ...entry }] = result.entries as [Found["entries"][0]];
  assert.deepEqual(defined(entry), {
    tool: "saml2aws",
    label: "default",
    org: "https://acme.okta.com",
    app: APP,
    username: "jane@example.com",
    mfaProvider: "YUBICO",
    mfaFactorType: "token:hardware",
    rememberDevice: false,
    sessionTtl: 28800,
    region: "us-gov-west-1",
    profiles: [{
      name: "gov",
      roleArn: "arn:aws-us-gov:iam::123456789012:role/Dev",
      region: "us-gov-west-1",
    }],
  });
  assert.equal(password?.kind, "keyring");
  assert.deepEqual(reasons(result), [
    "[default] skip_verify: certificates are always checked; see ca_bundle",
    "[default] credentials_file: profiles go to the AWS config file",
  ]);
});

Deno.test("saml2aws: says which accounts are left, and never guesses a role with a policy", async () => {
  const result = await found("saml2aws", {
    ".saml2aws": `url = lost\n[one]\nprovider = KeyCloak\nurl = https://id.acme.com\n` +
      `[two]\nprovider = Okta\n[three]\nprovider = Okta\nurl = ftp://x\n` +
      `[four]\nprovider = Okta\nurl = ${APP}\nmfa = Carrier pigeon\npolicy_arn_list = arn:x\nhalf a li`,
  });
  assert.deepEqual(result.entries.map(({ label, profiles }) => [label, profiles]), [["four", []]]);
  assert.deepEqual(reasons(result), [
    "/home/jane/.saml2aws, line 1: a key before the first section",
    "/home/jane/.saml2aws, line 15: neither a section nor a key = value",
    "[one]: its provider is KeyCloak, not Okta",
    "[two]: no url",
    "[three]: its url is not an https address",
    "[four] mfa = Carrier pigeon: unknown factor",
    "[four] policy_file, policy_arn_list: no profile, since it would have more rights than now",
  ]);
});

const GIMME = `[DEFAULT]
okta_org_url = https://acme.okta.com
okta_auth_server =
client_id = 0oaclient
gimme_creds_server = appurl
app_url = ${APP}
okta_username = jane%%acme@example.com
write_aws_creds = True
aws_appname = AWS
preferred_mfa_type = push
preferred_mfa_provider = okta
aws_default_duration = 7200
remember_device = y
include_path = n
output_format = export
open_browser =
force_classic =
enable_keychain = n
`;

Deno.test("gimme-aws-creds: reads every key, with [DEFAULT], inherits and interpolation", async () => {
  const other = ARN.replace("Developer", "team/Admin");
  const result = await found("gimme-aws-creds", {
    ".okta_aws_login_config": `${GIMME}
[two]
inherits = base
aws_rolename = ${ARN},${other}
cred_profile = acc-role
resolve_aws_alias = n
[base]
aws_default_duration = 900
include_path = y
[lost]
inherits = nowhere
[circle]
inherits = circle
`,
  });
  const two = result.entries.find(({ label }) => label === "two")!;
  assert.deepEqual(defined(two), {
    tool: "gimme-aws-creds",
    label: "two",
    org: "https://acme.okta.com",
    app: APP,
    username: "jane%acme@example.com",
    mfaProvider: "OKTA",
    mfaFactorType: "push",
    rememberDevice: true,
    sessionTtl: 7200,
    roles: ["123456789012/Developer", "123456789012/Admin"],
    profiles: [
      { name: "123456789012-Developer", roleArn: ARN },
      { name: "123456789012-Admin", roleArn: other },
    ],
  });
  assert.deepEqual(reasons(result), [
    "[lost] inherits = nowhere: no such section",
    "[circle] inherits = circle: goes in a circle",
  ]);
});

for (
  const [rule, alias, roles, expected] of [
    ["role", "n", "all", { profileName: "{role}", profiles: [] }],
    ["acc", "y", "all", { profileName: "{account}", profiles: [] }],
    ["acc-role", "n", "", { profileName: "{account_id}-{role}", profiles: [] }],
    ["acc-role", "y", ARN, { profileName: "{account}-{role}", profiles: [] }],
    ["role", "n", ARN, { profiles: [{ name: "Developer", roleArn: ARN }] }],
    ["acc", "n", ARN, { profiles: [{ name: "123456789012", roleArn: ARN }] }],
    ["default", "n", ARN, { profiles: [{ name: "default", roleArn: ARN }] }],
    ["work", "n", "", { profiles: [{ name: "work" }] }],
  ] as const
) {
  Deno.test(`gimme-aws-creds: cred_profile = ${rule}, alias ${alias}, roles "${roles}"`, async () => {
    const { entries: [entry] } = await found("gimme-aws-creds", {
      ".okta_aws_login_config": `${GIMME}cred_profile = ${rule}\nresolve_aws_alias = ${alias}\n` +
        `aws_rolename = ${roles}\n`,
    });
    const { profileName, profiles } = entry!;
    assert.deepEqual(defined({ profileName, profiles }), expected);
  });
}

Deno.test("gimme-aws-creds: force_classic = False means the device grant; others are named", async () => {
  const { entries: [entry], ...rest } = await found("gimme-aws-creds", {
    ".okta_aws_login_config": GIMME.replace("force_classic =", "force_classic = False")
      .replace("write_aws_creds = True", "write_aws_creds = False") + "aws_rolename = /:dev/\n",
  });
  assert.equal(entry!.oidcClientId, "0oaclient");
  assert.deepEqual(entry!.profiles, []);
  assert.deepEqual(reasons(rest as Found), [
    "[DEFAULT] aws_rolename = /:dev/: not a role's ARN",
    "[DEFAULT] output_format = export: okta-aws env PROFILE prints credentials",
  ]);
});

Deno.test("okta-aws-cli: reads profiles, variables, labels and the command line", async () => {
  const result = await found("okta-aws-cli", {
    ".okta/okta.yaml": `awscli:
  idps:
    "arn:aws:iam::072668187369:saml-provider/okta": "Data Production"
  roles: {"arn:aws:iam::.*:role/admin": Admin}
  profiles:
    staging:
      org-domain: acme.okta.com
      oidc-client-id: 0oaclient
      aws-acct-fed-app-id: 0oafed
      aws-iam-role: ${ARN}
      aws-session-duration: 7200
      aws-region: eu-west-1
      write-aws-credentials: true
    robot: {org-domain: acme.okta.com, private-key: x}
    broken: {oidc-client-id: y, password: hunter2}
`,
    ".aws/config": `[profile cli]\ncredential_process = "/opt/okta aws/okta-aws-cli" web ` +
      `--format process-credentials -o acme.okta.com --oidc-client-id=0oaclient -r ${ARN}\n`,
  });
  assert.deepEqual(defined(result.entries), [
    {
      tool: "okta-aws-cli",
      label: "staging",
      org: "https://acme.okta.com",
      app: "https://acme.okta.com/home/amazon_aws/0oafed/272",
      oidcClientId: "0oaclient",
      sessionTtl: 7200,
      region: "eu-west-1",
      profiles: [{ name: "staging", roleArn: ARN, region: "eu-west-1" }],
    },
    {
      tool: "okta-aws-cli",
      label: "cli",
      org: "https://acme.okta.com",
      oidcClientId: "0oaclient",
      profiles: [{ name: "cli", roleArn: ARN }],
    },
  ]);
  assert.deepEqual([...result.accountNames], [["072668187369", "Data Production"]]);
  assert.deepEqual(reasons(result), [
    "profile robot: m2m (a private key) signs no person in",
    "profile broken: a password in plain text: not copied; delete it there",
    "profile broken: no org-domain",
    "labels of 1 roles: roles keep their own names in menus and profiles",
  ]);
});

Deno.test("okta-aws-cli: reads the variables alone, the old names too", async () => {
  const { entries } = await found("okta-aws-cli", {}, {
    OKTA_AWSCLI_OIDC_CLIENT_ID: "0oaclient",
    OKTA_ORG_DOMAIN: "acme.okta.com",
    OKTA_AWSCLI_IAM_ROLE: ARN,
    OKTA_AWSCLI_PROFILE: "work",
  });
  assert.deepEqual(entries.map(({ org, profiles: [one] }) => [org, one!.name, one!.roleArn]), [
    ["https://acme.okta.com", "work", ARN],
  ]);
});

for (
  const text of ["awscli: [1, 2\n", "a: &a [*a]\nb: *b\n", "\ttabs: no\n", "awscli: 3\n", "", "%"]
) {
  Deno.test(`okta-aws-cli: reports or skips ${JSON.stringify(text)}`, async () => {
    const { entries } = await found("okta-aws-cli", { ".okta/okta.yaml": text });
    assert.deepEqual(entries, []);
  });
}

Deno.test("okta-aws-cli-assume-role: reads properties, a profile's overrides and commands", async () => {
  const result = await found("okta-aws-cli-assume-role", {
    ".okta/config.properties":
      `# comment\n! comment\nOKTA_ORG=acme.okta.com\nOKTA_AWS_APP_URL : ${
        APP.replace(":", "\\:")
      }\nOKTA_USERNAME jane@example.com\nOKTA_PASSWORD_CMD=pass show \\\n    okta\n` +
      `OKTA_MFA_CHOICE=OKTA.push\nOKTA_STS_DURATION=7200\nOKTA_AWS_REGION=eu-west-1\n` +
      `OKTA_AWS_ROLE_TO_ASSUME=${ARN}\nOKTA_PROFILE=main\nOKTA_BROWSER_AUTH=true\n`,
    ".okta/config.prod.properties": "OKTA_ORG=prod.okta.com\nOKTA_AWS_APP_URL=\n",
    ".aws/config": `[profile ops]\ncredential_process = okta-credential_process ${ARN}\n`,
  });
  const [main, prod] = result.entries;
  assert.deepEqual(defined(main!), {
    tool: "okta-aws-cli-assume-role",
    label: "default",
    org: "https://acme.okta.com",
    app: APP,
    username: "jane@example.com",
    mfaProvider: "OKTA",
    mfaFactorType: "push",
    sessionTtl: 7200,
    region: "eu-west-1",
    inBrowser: true,
    passwordCommand: "pass show okta",
    profiles: [
      { name: "main", roleArn: ARN, region: "eu-west-1" },
      { name: "ops", roleArn: ARN, region: "eu-west-1" },
    ],
  });
  assert.deepEqual([prod!.org, prod!.profiles[0]!.name], ["https://prod.okta.com", "prod"]);
  assert.deepEqual(reasons(result), []);
});

Deno.test("parseProperties() reads Java's format", () => {
  const text = "\ufeffa=1\r\n b : 2\n c 3\nd\n\\#e=\\u0041\\tx\n#no=1\nf = a\\\n   b\n";
  assert.deepEqual([...parseProperties(text)], [
    ["a", "1"],
    ["b", "2"],
    ["c", "3"],
    ["d", ""],
    ["#e", "A\tx"],
    ["f", "ab"],
  ]);
});

Deno.test("okta-awscli: reads every key and falls back on [default]", async () => {
  const result = await found("okta-awscli", {
    ".okta-aws": `[default]\nbase-url = acme.okta.com\nusername = jane\npassword = hunter2\n` +
      `factor = okta\nrole = ${ARN}\nprofile = main\napp-link = ${APP}\nduration = 7200\n` +
      `[prod]\nprofile = prod\nrole = nonsense\n`,
  });
  assert.deepEqual(result.entries.map((one) => defined({ ...one, tool: undefined })), [
    {
      label: "default",
      org: "https://acme.okta.com",
      app: APP,
      username: "jane",
      mfaProvider: "OKTA",
      sessionTtl: 7200,
      profiles: [{ name: "main", roleArn: ARN }],
      password: { kind: "file", path: "/home/jane/.okta-aws", section: "default", key: "password" },
    },
    {
      label: "prod",
      org: "https://acme.okta.com",
      app: APP,
      username: "jane",
      mfaProvider: "OKTA",
      sessionTtl: 7200,
      profiles: [{ name: "prod" }],
      password: { kind: "file", path: "/home/jane/.okta-aws", section: "default", key: "password" },
    },
  ]);
  assert.ok(!JSON.stringify(result).includes("hunter2"));
});

Deno.test("aws-okta-processor: reads quoted, glued and short options, its file and variables", async () => {
  const result = await found("aws-okta-processor", {
    ".awsoktaprocessor":
      "[defaults]\nuser = nobody\nduration = 7200\n[authenticate]\nuser = jane\n",
    ".aws/credentials":
      `[one]\ncredential_process = '/opt/my tools/aws-okta-processor' authenticate ` +
      `--organization="acme.okta.com" -a '${APP}' -r${ARN} --secondary-role ${ARN}2 ` +
      `-f token:software:totp:google -R eu-west-1 -p "hunter 2" --silent --no-okta-cache -k one\n` +
      `[two]\ncredential_process = aws-okta-processor authenticate --role "unclosed\n`,
  }, { AWS_OKTA_ACCOUNT_ALIAS: "dev*" });
  assert.deepEqual(defined(result.entries[0]!), {
    tool: "aws-okta-processor",
    label: "one",
    org: "https://acme.okta.com",
    app: APP,
    username: "jane",
    mfaProvider: "GOOGLE",
    mfaFactorType: "token:software:totp",
    sessionTtl: 7200,
    region: "eu-west-1",
    profiles: [{ name: "one", roleArn: ARN, nextRoleArn: `${ARN}2`, region: "eu-west-1" }],
  });
  assert.equal(result.entries.length, 1);
  assert.ok(!JSON.stringify(result).includes("hunter"));
  assert.match(reasons(result).join("\n"), /--pass: a password in plain text/);
});

Deno.test("tokendito: reads every key; a tile wins over the org", async () => {
  const { entries } = await found("tokendito", {
    ".config/tokendito/tokendito.ini": `[default]\nokta_org = https://acme.okta.com/\n` +
      `okta_username = jane\nokta_mfa = push\naws_output = json\naws_region = eu-west-1\n` +
      `[dev]\nokta_tile = ${APP}?fromHome=true\naws_role_arn = ${ARN}\nokta_mfa = sms\n`,
  });
  assert.deepEqual(entries.map((one) => defined({ ...one, tool: undefined })), [
    {
      label: "default",
      org: "https://acme.okta.com",
      username: "jane",
      mfaFactorType: "push",
      region: "eu-west-1",
      profiles: [],
    },
    {
      label: "dev",
      org: "https://acme.okta.com",
      app: `${APP}?fromHome=true`,
      username: "jane",
      mfaFactorType: "sms",
      region: "eu-west-1",
      profiles: [{ name: "Developer", roleArn: ARN, region: "eu-west-1", output: "json" }],
    },
  ]);
});

Deno.test("clisso: reads providers, apps and account names; OneLogin is left", async () => {
  const result = await found("clisso", {
    ".clisso.yaml": `apps:
  dev: {provider: okta, url: "${APP}", arn: "${ARN}", duration: 7200, aws-region: eu-west-1}
  old: {provider: one, app-id: "1"}
global: {aws-region: us-east-2, accounts: {"012345678901": Dev}}
providers:
  okta: {type: okta, base-url: "https://acme.okta.com", username: jane}
  one: {type: onelogin, client-secret: hunter2}
`,
  });
  const [{ password, ...entry }] = result.entries as [Found["entries"][0]];
  assert.deepEqual(defined(entry), {
    tool: "clisso",
    label: "dev",
    org: "https://acme.okta.com",
    app: APP,
    username: "jane",
    sessionTtl: 7200,
    region: "eu-west-1",
    profiles: [{ name: "dev", roleArn: ARN, region: "eu-west-1" }],
  });
  assert.equal(password?.kind, "keyring");
  assert.deepEqual([...result.accountNames], [["012345678901", "Dev"]]);
  assert.deepEqual(reasons(result), [
    "provider one: its type is onelogin, not okta",
    "app old: its provider is not Okta",
  ]);
});

const PORTAL = { startUrl: "https://d-1234567890.awsapps.com/start", region: "eu-west-1" };
const SSO_ROLE = "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/ReadOnly";

Deno.test("granted: reads its own keys, and those of an sso-session", async () => {
  const result = await found("granted", {
    ".aws/config": `[sso-session acme]
sso_start_url = ${PORTAL.startUrl}/
sso_region = ${PORTAL.region}
[profile a]
granted_sso_start_url = ${PORTAL.startUrl}
granted_sso_region = ${PORTAL.region}
granted_sso_account_id = 123456789012
granted_sso_role_name = ReadOnly
credential_process = granted credential-process --profile a
[profile b]
sso_session = acme
granted_sso_account_id = 123456789012
granted_sso_role_name = ReadOnly
region = us-west-2
credential_process = /opt/granted credential-process --profile b
[profile iam]
credential_process = granted credential-process --profile=iam
[profile half]
granted_sso_account_id = 1
credential_process = granted credential-process --profile half
`,
  });
  assert.deepEqual(defined(result.entries), [{
    tool: "granted",
    label: "granted",
    portal: PORTAL,
    profiles: [
      { name: "a", roleArn: SSO_ROLE },
      { name: "b", roleArn: SSO_ROLE, region: "us-west-2" },
    ],
  }]);
  assert.deepEqual(reasons(result), [
    "profile half: no start URL and region of IAM Identity Center",
    "profile iam: granted keeps its keys, which don't come from Identity Center",
  ]);
});

Deno.test("aws-sso-cli: reads portals, names, profiles and commands; chains are left", async () => {
  const result = await found("aws-sso-cli", {
    ".config/aws-sso/config.yaml": `SSOConfig:
  Default:
    SSORegion: ${PORTAL.region}
    StartUrl: ${PORTAL.startUrl}
    Accounts:
      012345678901:
        Name: Acme Dev
        Roles:
          Admin: {Profile: dev-admin, DefaultRegion: us-west-2}
          Chained: {Via: "arn:aws:iam::123456789012:role/x", Profile: chained}
  Half: {SSORegion: eu-west-1}
DefaultRegion: eu-central-1
`,
    ".aws/config":
      `[profile x]\ncredential_process = /b/aws-sso -u open -S "Default" process --arn ` +
      `arn:aws:iam::123456789012:role/ReadOnly\n`,
  });
  assert.deepEqual(defined(result.entries), [{
    tool: "aws-sso-cli",
    label: "Default",
    portal: PORTAL,
    region: "eu-central-1",
    profiles: [
      {
        name: "dev-admin",
        roleArn: "arn:aws:iam::012345678901:role/aws-reserved/sso.amazonaws.com/Admin",
        region: "us-west-2",
      },
      { name: "x", roleArn: SSO_ROLE, region: "eu-central-1" },
    ],
  }]);
  assert.deepEqual([...result.accountNames], [["012345678901", "Acme Dev"]]);
  assert.deepEqual(reasons(result), [
    "role 012345678901/Chained: a chain (Via): write it as a profile with source_profile",
    "Half: no usable StartUrl and SSORegion",
  ]);
});

Deno.test("aws-vault: reads commands that print credentials of Identity Center", async () => {
  const result = await found("aws-vault", {
    ".aws/config": `[sso-session acme]
sso_start_url = ${PORTAL.startUrl}
sso_region = ${PORTAL.region}
[profile base]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = ReadOnly
[profile a]
credential_process = aws-vault exec --duration 1h base --json
[profile b]
credential_process = aws-vault exec --json keys
[profile c]
credential_process = aws-vault login base
`,
  });
  assert.deepEqual(defined(result.entries), [{
    tool: "aws-vault",
    label: "acme",
    portal: PORTAL,
    profiles: [{ name: "a", roleArn: SSO_ROLE }],
  }]);
  assert.deepEqual(reasons(result), [
    "profile b: keys gets its credentials from aws-vault's own keys",
    "profile c: its aws-vault command prints no credentials",
  ]);
});

const AWS_OKTA = `[okta]
aws_saml_url = home/amazon_aws/0oa1/272
[profile dev]
role_arn = ${ARN}
[profile prod]
okta_account_name = other
aws_saml_url = home/amazon_aws/0oa2/272
[profile wrapped]
credential_process = aws-okta cred-process --debug dev
[profile exec]
credential_process = aws-okta exec dev -- env
`;

Deno.test("aws-okta: names the keyring items, and the profiles that still run it", async () => {
  const result = await found("aws-okta", { ".aws/config": AWS_OKTA });
  assert.deepEqual(result.entries, []);
  assert.deepEqual(
    result.keyring.map(({ item, entry }) => [item.attributes.profile, entry.profiles]),
    [
      ["okta-creds", [{ name: "wrapped", serves: "dev" }]],
      ["okta-creds-other", []],
    ],
  );
  assert.deepEqual(reasons(result), [
    "profile exec: its aws-okta command is not cred-process PROFILE",
  ]);
});

Deno.test("aws-okta: only replaces its command where the account is set up already", async () => {
  const { profiles, accounts } = await planFor({
    ".aws/config": AWS_OKTA.replace(/\[profile exec\][^[]*/, ""),
    ".config/okta-aws/config.ini":
      "[account default]\norg = https://acme.okta.com\nusername = jane\n",
  });
  assert.deepEqual(accounts.map(({ name, set }) => [name, set]), [["default", []]]);
  assert.deepEqual(profiles.map(({ name, set }) => [name, set]), [
    ["wrapped", [["credential_process", "/usr/local/bin/okta-aws cred-process dev"]]],
  ]);
});
