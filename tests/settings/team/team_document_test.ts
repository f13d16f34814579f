import assert from "node:assert/strict";
import { SettingsError } from "../../../src/errors.ts";
import { parseTeamDocument, type TeamDocument } from "../../../src/settings/team/team_document.ts";

const APP = "https://acme.okta.com/home/amazon_aws/0oa1/272";
const OTHER_APP = "https://acme.okta.com/home/amazon_aws/0oa2/272";

function parse(document: unknown): TeamDocument {
  const text = typeof document === "string" ? document : JSON.stringify(document);
  return parseTeamDocument(text, "team.json", "default");
}

function keysOf({ sections }: TeamDocument): Record<string, Record<string, string>> {
  return Object.fromEntries(
    sections.map(({ section, keys }) => [section, Object.fromEntries(keys)]),
  );
}

/** The error's message after the source's name. */
function refusal(document: unknown): string {
  try {
    parse(document);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    assert.equal(error.code, "bad_team_settings");
    return error.message.replace("invalid team settings (team.json): ", "");
  }
  assert.fail("not refused");
}

/** The code blocks of docs/team_settings.md in these languages. */
async function examples(...languages: string[]): Promise<string[]> {
  const page = await Deno.readTextFile(new URL("../../../docs/team_settings.md", import.meta.url));
  return [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)]
    .filter(([, language]) => languages.includes(language!)).map(([, , text]) => text!);
}

Deno.test("parseTeamDocument() reads every example of docs/team_settings, JSON and INI", async () => {
  const [json, ini, aws] = await examples("json", "ini");
  const read = parse(json);
  assert.equal(read.serial, 7);
  assert.deepEqual(keysOf(parse(ini)), keysOf(read));
  assert.equal(parse(ini).serial, 7);
  assert.deepEqual(keysOf(read)["cluster shop-dev"], {
    profile: "dev/Developer",
    region: "eu-west-1",
    alias: "dev",
  });
  assert.match(keysOf(read)["account default"]!["app"]!, /\/272 https:\S+\/272$/);
  assert.equal(keysOf(parse(aws))["okta-aws"]!["default_profile"], "staging");
});

Deno.test("parseTeamDocument() reports problems with their paths", () => {
  const account = (keys: Record<string, unknown>) => ({ account: { default: keys } });
  const table: [document: unknown, ...messages: RegExp[]][] = [
    ["{", /^document: /],
    [{}, /^document: is empty/],
    ["", /^document: is empty/],
    [{ plugin: { x: {} } }, /^plugin: is not a section/],
    [{ account: [] }, /^account: is not an object/],
    [{ account: { default: 1 } }, /^account\.default: is not an object/],
    [account({ org: { a: 1 } }), /^account\.default\.org: is not a string/],
    [account({ org: { toString: 1, valueOf: 1 } }), /^account\.default\.org: is not a string/],
    [account({ constructor: "x" }), /^account\.default\.constructor: /],
    [{ constructor: {}, toString: {} }, /^constructor: is not a section.*; toString: is not a/],
    [account({ app: [APP, 1] }), /^account\.default\.app: is not a string/],
    ['{"serial": 1e999, "account": {}}', /^serial: is not a whole number/],
    [account({ org: "ftp://acme" }), /^account\.default\.org: is "ftp:\/\/acme", not the address/],
    [account({ app: APP.replace("https:", "http:") }), /^account\.default\.app: .*https link/],
    [account({ app: [APP, "https://acme.okta.com"] }), /app: is "https:\/\/acme\.okta\.com", not/],
    [account({ auth: "magic" }), /^account\.default\.auth: is "magic", not one of auto/],
    [account({ username: "jane" }), /^account\.default\.username: .*can't set this/],
    [account({ backend: "plugin:vault" }), /^account\.default\.backend: .*program to run/],
    [account({ backend: "Command" }), /^account\.default\.backend: .*program to run/],
    [{ "okta-aws": { ca_bundle: "/x.pem" } }, /^okta-aws\.ca_bundle: .*can't set this/],
    [{ "okta-aws": { cache: "none" } }, /^okta-aws\.cache: .*can't set this/],
    [{ "okta-aws": { browser: "x" } }, /^okta-aws\.browser: .*can't set this/],
    [{ "aws-account": { "1234": {} } }, /^aws-account\.1234: is not a section/],
    [
      { "aws-account": { "123456789012": { alias: "Dev!", region: "x y" } } },
      /aws-account\.123456789012\.alias: is "Dev!", not an alias/,
      /; aws-account\.123456789012\.region: /,
    ],
    [{ account: { "../x": {} } }, /^account\.\.\.\/x: is not a section/],
    [{ serial: -1, ...account({}) }, /^serial: is not a whole number/],
    ["[okta-aws]\ncache = none\n", /^line 2: cache in \[okta-aws\]: .*can't set this/],
    ["[plugin x]\nfile = /x.ts\n", /^line 1: \[plugin x\]: is not a section/],
    ["[aws-account 123456789012]\nalias dev\n", /^line 2: neither/],
    ["[team]\nserial = x\n", /^line 2: serial in \[team\]/],
  ];
  for (const [document, ...messages] of table) {
    const said = refusal(document);
    for (const message of messages) assert.match(said, message);
  }
});

Deno.test("parseTeamDocument() lists five problems and counts the others", () => {
  const ids = ["1", "2", "3", "4", "5", "6", "7"];
  const said = refusal({ "aws-account": Object.fromEntries(ids.map((id) => [id, {}])) });
  assert.match(said, /aws-account\.5: .*; and 2 more$/);
});

const GENERATOR = {
  awsConfigPath: "/.aws/credentials",
  outputFormat: "json",
  region: "us-east-1",
  provider: "okta",
  idPEntryUrl: APP,
  accounts: { staging: "123456789012", Prod_EU: "012345678901" },
  defaultAccount: "Prod_EU",
};

Deno.test("parseTeamDocument() reads aws-sts's config.json with one address for all accounts", () => {
  assert.deepEqual(keysOf(parse(GENERATOR)), {
    "account default": { org: "https://acme.okta.com", app: APP, region: "us-east-1" },
    "aws-account 123456789012": { alias: "staging", output: "json" },
    "aws-account 012345678901": { alias: "prod-eu", output: "json" },
    "okta-aws": { default_profile: "prod-eu" },
  });
});

Deno.test("parseTeamDocument() reads aws-sts's config.json with an address for each account", () => {
  const accounts = {
    one: { accountNumber: 12345678901, idpEntryUrl: APP },
    two: { accountNumber: "123456789012", idPEntryUrl: OTHER_APP },
    deux: { accountNumber: "123456789012", idpEntryUrl: OTHER_APP },
  };
  const { idPEntryUrl: _, ...rest } = GENERATOR;
  assert.deepEqual(keysOf(parse({ ...rest, accounts, defaultAccount: "deux" })), {
    "account default": {
      org: "https://acme.okta.com",
      app: `${APP} ${OTHER_APP}`,
      region: "us-east-1",
    },
    "aws-account 012345678901": { alias: "one", output: "json", app: APP },
    "aws-account 123456789012": { alias: "deux", output: "json", app: OTHER_APP },
    "okta-aws": { default_profile: "deux" },
  });
});

Deno.test("parseTeamDocument() reports problems of aws-sts's config.json", () => {
  const table: [change: Record<string, unknown>, message: RegExp][] = [
    [{ provider: "ping" }, /^provider: is "ping", not okta/],
    [{ idPEntryUrl: "acme" }, /^idpEntryUrl: is "acme", not the https link/],
    [{ accounts: { staging: "aws-account-id" } }, /^accounts\.staging: is not an account id/],
    [
      { accounts: { staging: { accountNumber: "12" } } },
      /^accounts\.staging\.accountNumber: is not an account id/,
    ],
    [{ accounts: { "!": "123456789012" } }, /^accounts\.!: can't become an account alias/],
    [{ defaultAccount: "dev" }, /defaultAccount: is "dev", not one of accounts/],
    [{ region: "us east" }, /^region: is "us east", not the name of a region/],
    [{ outputFormat: "xml" }, /^outputFormat: is "xml", not one of json/],
    [
      {
        accounts: {
          Prod_EU: {
            accountNumber: "123456789012",
            idpEntryUrl: "https://b.okta.com/app/x/y/sso/saml",
          },
        },
      },
      /^accounts: have apps of different orgs/,
    ],
  ];
  for (const [change, message] of table) {
    assert.match(refusal({ ...GENERATOR, ...change }), message);
  }
});
