import assert from "node:assert/strict";
import { describePlan, planToJson } from "../../src/import/describe.ts";
import { hidePasswords } from "../../src/import/apply.ts";
import { planFor } from "./context.ts";

const ARN = "arn:aws:iam::123456789012:role/Developer";
const APP = "https://acme.okta.com/home/amazon_aws/0oa1/272";

function saml2aws(label: string, keys: Record<string, string> = {}): string {
  const all = {
    provider: "Okta",
    url: APP,
    username: "jane@example.com",
    aws_profile: label,
    role_arn: ARN,
    ...keys,
  };
  return [`[${label}]`, ...Object.entries(all).map(([key, value]) => `${key} = ${value}`), ""]
    .join("\n");
}

const OKTA_AWSCLI = `[default]\nbase-url = acme.okta.com\nusername = JANE@example.com\n` +
  `profile = other\nfactor = GOOGLE\napp-link = ${APP.replace("0oa1", "0oa2")}\n`;

Deno.test("makePlan() makes one account of several tools with the same org and user", async () => {
  const { accounts, profiles } = await planFor({
    ".saml2aws": saml2aws("dev", { mfa: "PUSH" }),
    ".okta-aws": OKTA_AWSCLI,
  });
  assert.deepEqual(accounts.map(({ name, from, set }) => ({ name, from, set })), [{
    name: "default",
    from: ["saml2aws [dev]", "okta-awscli [default]"],
    set: [
      ["org", "https://acme.okta.com"],
      ["username", "jane@example.com"],
      ["app", `${APP} ${APP.replace("0oa1", "0oa2")}`],
      ["mfa_provider", "OKTA"],
      ["mfa_factor_type", "push"],
    ],
  }]);
  const keys = Object.fromEntries(profiles[0]!.set);
  assert.match(String(keys.credential_process), /okta-aws cred-process dev$/);
  assert.deepEqual({ ...keys, credential_process: "" }, {
    credential_process: "",
    okta_account_name: "default",
    aws_saml_url: APP,
    okta_aws_role_arn: ARN,
    region: "us-east-1",
  });
  assert.equal(profiles[1]!.roleArn, undefined);
});

Deno.test("makePlan() names several accounts as the old tool does, and sets the default", async () => {
  const { accounts, program } = await planFor({
    ".saml2aws": saml2aws("dev") +
      saml2aws("prod", { url: APP.replace("acme", "prod") }) +
      saml2aws("my account", { url: APP.replace("acme", "third") }) +
      saml2aws("default", { username: "joe" }),
  });
  assert.deepEqual(accounts.map(({ name }) => name), ["dev", "prod", "third", "acme"]);
  assert.deepEqual(program, [["default_account", "dev"]]);
});

Deno.test("makePlan() joins a known account and overwrites none of its settings", async () => {
  const { accounts, program } = await planFor({
    ".config/okta-aws/config.ini": `[account work]\norg = https://acme.okta.com\n` +
      `username = jane@example.com\nmfa_factor_type = sms\nregion = eu-west-1\n`,
    ".saml2aws": saml2aws("dev", {
      mfa: "PUSH",
      region: "us-west-2",
      aws_session_duration: "7200",
    }),
  });
  assert.deepEqual(accounts.map(({ name, isNew, set }) => ({ name, isNew, set })), [
    { name: "work", isNew: false, set: [["app", APP]] },
  ]);
  assert.deepEqual(program, []);
});

Deno.test("makePlan() gives entries without a user name the org's only user, else leaves them", async () => {
  const nameless = `[default]\nbase-url = acme.okta.com\nprofile = other\nrole = ${ARN}\n`;
  const joined = await planFor({ ".saml2aws": saml2aws("dev"), ".okta-aws": nameless });
  assert.deepEqual(joined.profiles.map(({ name }) => name), ["dev", "other"]);
  const lost = await planFor({ ".okta-aws": nameless });
  assert.deepEqual(lost.leftOut, [
    { tool: "okta-awscli", what: "[default]", why: "no user name: --username NAME" },
  ]);
  const given = await planFor({ ".okta-aws": nameless }, { username: "jane" });
  assert.equal(given.accounts[0]!.username, "jane");
});

Deno.test("makePlan() names the second of two profiles with one name after its account", async () => {
  const { profiles } = await planFor({
    ".saml2aws": saml2aws("dev", { aws_profile: "saml" }) +
      saml2aws("prod", { aws_profile: "saml", role_arn: `${ARN}2` }),
  });
  assert.deepEqual(profiles.map(({ name, roleArn }) => [name, roleArn]), [
    ["saml", ARN],
    ["prod", `${ARN}2`],
  ]);
});

for (
  const [has, config, credentials] of [
    ["role_arn", "[profile dev]\nrole_arn = x\nsource_profile = y\n", ""],
    ["sso_account_id", "[profile dev]\nsso_account_id = 1\nsso_role_name = y\n", ""],
    ["credential_process", "[profile dev]\ncredential_process = /bin/other dev\n", ""],
    ["aws_access_key_id", "", "[dev]\naws_access_key_id = AKIA\naws_secret_access_key = x\n"],
  ] as const
) {
  Deno.test(`makePlan() keeps a profile that has ${has}, unless told otherwise`, async () => {
    const texts = {
      ".saml2aws": saml2aws("dev"),
      ".aws/config": config,
      ".aws/credentials": credentials,
    };
    const plan = await planFor(texts);
    assert.deepEqual(plan.profiles, []);
    assert.deepEqual(plan.clashes, [{ profile: "dev", tool: "saml2aws", has }]);
    assert.match(plan.leftOut[0]!.why, new RegExp(`${has}: kept`));
    const renamed = await planFor(texts, { answers: new Map([["dev", "rename"]]) });
    assert.deepEqual(renamed.profiles.map(({ name }) => name), ["dev-okta"]);
    const replaced = await planFor(texts, { answers: new Map([["dev", "replace"]]) });
    assert.deepEqual(replaced.profiles.map(({ name }) => name), ["dev"]);
  });
}

Deno.test("makePlan() keeps signing in in a browser, where every entry does", async () => {
  const browser = saml2aws("dev", { provider: "Browser" });
  const { accounts: [account] } = await planFor({ ".saml2aws": browser });
  assert.deepEqual(account!.set.at(-1), ["auth", "browser"]);
  const { accounts: [mixed] } = await planFor({ ".saml2aws": browser + saml2aws("prod") });
  assert.ok(mixed!.set.every(([key]) => key !== "auth"));
});

Deno.test("makePlan() turns a secondary role into a chain", async () => {
  const { profiles } = await planFor({
    ".aws/config": `[profile one]\ncredential_process = aws-okta-processor authenticate -u jane ` +
      `-o acme.okta.com -r ${ARN} --secondary-role ${ARN}2\n`,
  });
  assert.deepEqual(
    profiles.map(({ name, set }) => {
      const keys = Object.fromEntries(set);
      return [name, keys.okta_aws_role_arn, keys.source_profile];
    }),
    [["one-first", ARN, undefined], ["one", `${ARN}2`, "one-first"]],
  );
});

Deno.test("makePlan() makes role filters and a template of names of gimme-aws-creds", async () => {
  const common =
    `okta_org_url = https://acme.okta.com\nokta_username = jane\nwrite_aws_creds = True\n`;
  const filtered = await planFor({
    ".okta_aws_login_config": `[a]\n${common}aws_rolename = ${ARN}\ncred_profile = role\n`,
  });
  assert.deepEqual(filtered.accounts[0]!.set.at(-1), ["roles", "123456789012/Developer"]);
  const all = await planFor({
    ".okta_aws_login_config":
      `[a]\n${common}aws_rolename = all\ncred_profile = acc-role\nresolve_aws_alias = y\n`,
  });
  assert.deepEqual(all.program, [["profile_name", "{account}-{role}"]]);
});

Deno.test("makePlan() makes aliases of account names, each once", async () => {
  const { awsAccounts, leftOut } = await planFor({
    ".config/okta-aws/config.ini": "[aws-account 111111111111]\nalias = mine\n",
    ".clisso.yaml": `global: {accounts: {"123456789012": "Data Prod!", "111111111111": x, ` +
      `"222222222222": data-prod, "12": short}}\n`,
  });
  assert.deepEqual(awsAccounts, [{ id: "123456789012", alias: "data-prod" }]);
  assert.deepEqual(leftOut.map(({ what, why }) => `${what}: ${why}`), [
    "12 = short: not the name of an AWS account",
    "222222222222 = data-prod: the alias data-prod is taken",
  ]);
});

Deno.test("makePlan() leaves profile names that can't be written", async () => {
  const { profiles, leftOut } = await planFor({
    ".saml2aws": saml2aws("a", { aws_profile: "x]y" }) +
      saml2aws("b", { aws_profile: "$(reboot)" }),
  });
  assert.deepEqual(profiles.map(({ name }) => name), []);
  assert.equal(leftOut.length, 2);
});

Deno.test("describePlan() and planToJson() show no password and no control characters", async () => {
  const plan = await planFor({
    ".aws/config": `[profile one]\ncredential_process = aws-okta-processor authenticate -u j ` +
      `-o acme.okta.com -p "hunter 2" -r ${ARN}\n`,
    ".saml2aws": saml2aws("dev", { provider: "\u001b[31mx" }),
    ".okta-aws": `${OKTA_AWSCLI}password = hunter2\n`,
  });
  const shown = describePlan(plan) + JSON.stringify(planToJson(plan));
  assert.doesNotMatch(shown, /hunter/);
  assert.ok(!describePlan(plan).includes("\u001b"));
  assert.match(shown, /replaces aws-okta-processor/);
});

Deno.test("makePlan() and describePlan() take 10,000 profiles", async () => {
  const config = Array.from(
    { length: 10_000 },
    (_, n) =>
      `[profile p${n}]\ncredential_process = aws-okta-processor authenticate -u jane ` +
      `-o acme.okta.com -r ${ARN}${n}\nregion = eu-west-1\n`,
  ).join("");
  const plan = await planFor({ ".aws/config": config });
  assert.equal(plan.profiles.length, 10_000);
  assert.equal(plan.accounts.length, 1);
  assert.match(describePlan(plan), /… and 9980 more/);
});

for (
  const [command, shown] of [
    ["aws-okta-processor authenticate -p x y", "aws-okta-processor authenticate -p [secret] y"],
    [
      "aws-okta-processor authenticate --pass='a b' y",
      "aws-okta-processor authenticate --pass=[secret] y",
    ],
    ['aws-okta-processor -p"a b', "aws-okta-processor -p[secret]"],
    ["okta-awscli -P x -p prod", "okta-awscli -P [secret] -p prod"],
    ["saml2aws login -p prod --password x", "saml2aws login -p prod --password [secret]"],
  ] as const
) {
  Deno.test(`hidePasswords() hides that of ${command}`, () => {
    assert.equal(hidePasswords(command), shown);
  });
}

Deno.test("makePlan() leaves an account whose user name can't be written, and keeps the others", async () => {
  const { accounts, leftOut } = await planFor({
    ".saml2aws": saml2aws("dev", { username: "ja\u0000ne" }) +
      saml2aws("prod", { url: APP.replace("acme", "prod") }),
  });
  assert.deepEqual(accounts.map(({ address }) => address), ["https://prod.okta.com"]);
  assert.deepEqual(leftOut, [{
    tool: "saml2aws",
    what: "[dev]",
    why: "its user name is not a single line of plain text",
  }]);
});

Deno.test("makePlan() says which files it found nothing in", async () => {
  for (
    const [file, text] of [[".okta/okta.yaml", "- a\n"], [".clisso.yaml", "apps: 5\n"]] as const
  ) {
    const { leftOut } = await planFor({ [file]: text });
    assert.deepEqual(leftOut.map(({ what, why }) => `${what.endsWith(file)} ${why}`), [
      "true no settings in it that can be imported",
    ]);
  }
});

Deno.test("makePlan() tells of a command whose quotes are not closed", async () => {
  const { leftOut } = await planFor({
    ".aws/config":
      "[profile b]\ncredential_process = aws-okta-processor authenticate --user 'jane\n",
  });
  assert.deepEqual(leftOut.map(({ tool, what }) => `${tool} ${what}`), [
    "aws-okta-processor profile b",
  ]);
});
