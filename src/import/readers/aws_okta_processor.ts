/**
 * aws-okta-processor: the arguments of `aws-okta-processor authenticate` in a `credential_process`,
 * with `~/.awsoktaprocessor` and variables for what they leave out.
 *
 * @see https://github.com/godaddy/aws-okta-processor#getting-started
 */

import { options, parseOptions } from "../aws_processes.ts";
import { type Found, nothingFound, type Source } from "../found.ts";
import { readAddress, readFactorType, readRegion, readRole, readTtl } from "../old_values.ts";
import { readOldIni } from "./old_ini.ts";

const TOOL = "aws-okta-processor";

/** Keys of the file and the variables, which are the long options. */
const KEYS = [
  "user",
  "pass",
  "organization",
  "application",
  "role",
  "secondary-role",
  "region",
  "sign-in-url",
  "account-alias",
  "duration",
  "key",
  "factor",
  "target-shell",
];

const AUTHENTICATE = options(KEYS, {
  u: "user",
  p: "pass",
  o: "organization",
  a: "application",
  r: "role",
  R: "region",
  U: "sign-in-url",
  A: "account-alias",
  d: "duration",
  k: "key",
  f: "factor",
});

export async function readAwsOktaProcessor(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const { environment, processes } = source;
  const path = `${environment.home}/.awsoktaprocessor`;
  const sections = await readOldIni(source, found, path) ?? [];
  const fromFile = new Map(
    ["defaults", "authenticate"].flatMap((
      name,
    ) => [...sections.find((one) => one.name === name)?.keys ?? []]),
  );
  const own = processes.filter(({ program }) => program === TOOL);
  for (const { args, profile, keys } of own) {
    const { values } = parseOptions(args, AUTHENTICATE);
    const leave = (what: string, why: string) =>
      void found.leftOut.push({ tool: TOOL, what: `profile ${profile}${what && ` ${what}`}`, why });
    const value = (key: string) =>
      (values.get(key) ?? environment.get(`AWS_OKTA_${key.toUpperCase().replace("-", "_")}`) ??
        fromFile.get(key) ?? fromFile.get(key.replace("-", "_"))) || undefined;
    if (values.has("pass") || fromFile.has("pass")) {
      leave("--pass", "a password in plain text: never copied; it goes with the old line");
    }
    const app = readAddress(value("application"));
    const address = readAddress(value("organization")) ?? app;
    if (address === undefined) {
      leave("", value("organization") ? "--organization is no address" : "no --organization");
      continue;
    }
    const roleArn = readRole(value("role"));
    if (value("role") && !roleArn) leave("--role", "not a role's ARN");
    const nextRoleArn = readRole(value("secondary-role"));
    if (value("secondary-role") && !(nextRoleArn && roleArn)) {
      leave("--secondary-role", roleArn ? "not a role's ARN" : "needs --role");
      continue;
    }
    if (value("account-alias")) leave("--account-alias", "a filter of the role menu");
    if (value("sign-in-url")) leave("--sign-in-url", "taken from the SAML form");
    const [, type, provider] = /^(.+):([a-z]+)$/i.exec(value("factor") ?? "") ?? [];
    const mfaFactorType = readFactorType(type);
    if (value("factor") && !mfaFactorType) leave("--factor", "unknown factor");
    const region = readRegion(value("region"));
    found.entries.push({
      tool: TOOL,
      label: profile,
      org: address.org,
      app: app?.app,
      username: value("user"),
      mfaProvider: mfaFactorType && provider?.toUpperCase(),
      mfaFactorType,
      sessionTtl: readTtl(value("duration")),
      region,
      profiles: [{
        name: profile,
        roleArn,
        nextRoleArn,
        region: readRegion(keys.get("region")) ?? region,
      }],
    });
  }
  return found;
}
