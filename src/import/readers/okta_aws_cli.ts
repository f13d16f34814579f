/**
 * okta-aws-cli: the map `awscli` of `~/.okta/okta.yaml`, its variables, and `okta-aws-cli web` in the
 * AWS files.
 *
 * @see https://github.com/okta/okta-aws-cli#friendly-idp-and-role-menu-labels
 */

import { parsePrincipalArn } from "../../aws/arn.ts";
import { options, parseOptions } from "../aws_processes.ts";
import { type Entry, type Found, nothingFound, type Source } from "../found.ts";
import { readAddress, readRegion, readRole, readTtl } from "../old_values.ts";
import { mapOf, mapsOf, readOldYaml, textOf } from "./old_yaml.ts";

const TOOL = "okta-aws-cli";

/** A profile's keys and, in the same order, their variables. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "org-domain": ["OKTA_AWSCLI_ORG_DOMAIN", "OKTA_ORG_DOMAIN"],
  "oidc-client-id": ["OKTA_AWSCLI_OIDC_CLIENT_ID", "OKTA_OIDC_CLIENT_ID"],
  "aws-acct-fed-app-id": [
    "OKTA_AWSCLI_AWS_ACCOUNT_FEDERATION_APP_ID",
    "OKTA_AWS_ACCOUNT_FEDERATION_APP_ID",
  ],
  "aws-iam-role": ["OKTA_AWSCLI_IAM_ROLE"],
  "aws-session-duration": ["OKTA_AWSCLI_SESSION_DURATION"],
  "aws-region": ["OKTA_AWSCLI_AWS_REGION"],
  "profile": ["OKTA_AWSCLI_PROFILE"],
  "username": ["OKTA_AWSCLI_USERNAME"],
  "private-key": ["OKTA_AWSCLI_PRIVATE_KEY"],
  "private-key-file": ["OKTA_AWSCLI_PRIVATE_KEY_FILE"],
};

/** Options of the command line that take a value. */
const WEB_OPTIONS = options(
  [
    ...Object.keys(KEYS),
    "aws-iam-idp",
    "aws-credentials",
    "format",
    "session-duration",
    "open-browser-command",
    "aws-sts-role-session-name",
  ],
  { o: "org-domain", c: "oidc-client-id", a: "aws-acct-fed-app-id", r: "aws-iam-role" },
);

type Value = (key: string) => string | undefined;

export async function readOktaAwsCli(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const { environment, processes } = source;
  const path = `${environment.home}/.okta/okta.yaml`;
  const awscli = mapOf((await readOldYaml(source, found, path))?.awscli);
  const fromEnvironment: Value = (key) =>
    KEYS[key]?.map((name) => environment.get(name)).find((value) => value !== undefined);
  for (const [name, profile] of mapsOf(awscli.profiles)) {
    const value: Value = (key) => textOf(profile, key) ?? fromEnvironment(key);
    if (textOf(profile, "password") !== undefined) {
      const why = "a password in plain text: not copied; delete it there";
      found.leftOut.push({ tool: TOOL, what: `profile ${name}`, why });
    }
    addEntry(found, name, value, name);
  }
  for (const { program, args, profile } of processes) {
    if (program !== TOOL) continue;
    const { values } = parseOptions(args, WEB_OPTIONS);
    const known = mapOf(mapOf(awscli.profiles)[values.get("profile") ?? ""]);
    const value: Value = (key) => values.get(key) ?? textOf(known, key) ?? fromEnvironment(key);
    const entry = found.entries.find((one) => one.profiles.some(({ name }) => name === profile));
    if (entry === undefined) addEntry(found, profile, value, profile);
  }
  const hasOwn = environment.get("OKTA_AWSCLI_ORG_DOMAIN") !== undefined ||
    environment.get("OKTA_AWSCLI_OIDC_CLIENT_ID") !== undefined;
  if (found.entries.length === 0 && hasOwn) {
    addEntry(found, "environment", fromEnvironment, fromEnvironment("profile"));
  }
  readLabels(found, awscli);
  return found;
}

function addEntry(
  found: Found,
  label: string,
  value: Value,
  profile: string | undefined,
): void {
  const leave = (why: string, what = `profile ${label}`) =>
    void found.leftOut.push({ tool: TOOL, what, why });
  const address = readAddress(value("org-domain"));
  if (address === undefined) {
    const given = value("org-domain") !== undefined;
    return leave(given ? "org-domain is no address" : "no org-domain");
  }
  if (value("private-key") !== undefined || value("private-key-file") !== undefined) {
    return leave("m2m (a private key) signs no person in");
  }
  const roleArn = readRole(value("aws-iam-role"));
  if (value("aws-iam-role") !== undefined && roleArn === undefined) leave("aws-iam-role is no ARN");
  const id = value("aws-acct-fed-app-id");
  const region = readRegion(value("aws-region"));
  const entry: Entry = {
    tool: TOOL,
    label,
    org: address.org,
    // The number is the kind of the app, the same for every AWS Account Federation app.
    app: id === undefined ? undefined : `${address.org}/home/amazon_aws/${id}/272`,
    username: value("username"),
    oidcClientId: value("oidc-client-id"),
    sessionTtl: readTtl(value("aws-session-duration")),
    region,
    profiles: profile === undefined ? [] : [{ name: profile, roleArn, region }],
  };
  found.entries.push(entry);
}

/** Labels of identity providers are names of AWS accounts; those of roles have no use here. */
function readLabels(found: Found, { idps, roles }: Readonly<Record<string, unknown>>): void {
  for (const [arn, label] of Object.entries(mapOf(idps))) {
    const id = parsePrincipalArn(arn)?.accountId;
    if (id !== undefined && typeof label === "string") found.accountNames.set(id, label);
  }
  const count = Object.keys(mapOf(roles)).length;
  if (count > 0) {
    const why = "roles keep their own names in menus and profiles";
    found.leftOut.push({ tool: TOOL, what: `labels of ${count} roles`, why });
  }
}
