/**
 * okta-aws-cli-assume-role: `~/.okta/config.properties`, the same with a profile's name in it, and
 * `okta-credential_process ROLE` in the AWS files.
 *
 * @see https://github.com/oktadev/okta-aws-cli-assume-role#configuring-the-application
 */

import { readLossless } from "../../aws/files/aws_files.ts";
import { type Found, nothingFound, type Source } from "../found.ts";
import {
  isYes,
  readAddress,
  readFactorType,
  readRegion,
  readRole,
  readTtl,
} from "../old_values.ts";

const TOOL = "okta-aws-cli-assume-role";

type Properties = Map<string, string>;

export async function readAssumeRole(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const { files, environment, processes } = source;
  const folder = `${environment.home}/.okta`;
  const names = (await files.list(folder)).filter((name) =>
    /^config(?:\..+)?\.properties$/.test(name)
  );
  const read = async (name: string) => {
    found.files.push(`${folder}/${name}`);
    return parseProperties(await readLossless(files, `${folder}/${name}`));
  };
  const base = names.includes("config.properties")
    ? await read("config.properties")
    : new Map<string, string>();
  if (base.size > 0) addEntry(found, source, "default", base, undefined);
  for (const name of names.filter((one) => one !== "config.properties")) {
    const profile = name.slice("config.".length, -".properties".length);
    addEntry(found, source, profile, new Map([...base, ...await read(name)]), profile);
  }
  for (const { program, args, profile, keys } of processes) {
    if (program !== "okta-credential_process") continue;
    const entry = found.entries.find(({ label }) => label === profile) ?? found.entries[0];
    const roleArn = readRole(args[0]);
    if (entry === undefined || roleArn === undefined) {
      const why = entry === undefined ? "no usable config.properties" : "no role's ARN";
      found.leftOut.push({ tool: TOOL, what: `profile ${profile}`, why });
      continue;
    }
    const others = entry.profiles.filter(({ name }) => name !== profile);
    const region = readRegion(keys.get("region")) ?? entry.region;
    entry.profiles = [...others, { name: profile, roleArn, region }];
  }
  return found;
}

function addEntry(
  found: Found,
  { environment }: Source,
  label: string,
  properties: Properties,
  profile: string | undefined,
): void {
  const leave = (what: string, why: string) =>
    void found.leftOut.push({ tool: TOOL, what: `[${label}]${what && ` ${what}`}`, why });
  const value = (key: string) => (environment.get(key) ?? properties.get(key)?.trim()) || undefined;
  const app = readAddress(value("OKTA_AWS_APP_URL"));
  const address = readAddress(value("OKTA_ORG")) ?? app;
  if (address === undefined) {
    return leave("", value("OKTA_ORG") ? "OKTA_ORG is no address" : "no OKTA_ORG");
  }
  const roleArn = readRole(value("OKTA_AWS_ROLE_TO_ASSUME"));
  if (value("OKTA_AWS_ROLE_TO_ASSUME") && !roleArn) {
    leave("OKTA_AWS_ROLE_TO_ASSUME", "not a role's ARN");
  }
  const [, provider, type] = /^([A-Za-z]+)\.(.+)$/.exec(value("OKTA_MFA_CHOICE") ?? "") ?? [];
  const mfaFactorType = readFactorType(type);
  if (value("OKTA_MFA_CHOICE") && !mfaFactorType) leave("OKTA_MFA_CHOICE", "unknown factor");
  if (value("OKTA_IGNORE_SAML_REQ_CONTAIN")) leave("OKTA_IGNORE_SAML_REQ_CONTAIN", "not needed");
  const name = profile ?? value("OKTA_PROFILE");
  const region = readRegion(value("OKTA_AWS_REGION"));
  found.entries.push({
    tool: TOOL,
    label,
    org: address.org,
    app: app?.app,
    username: value("OKTA_USERNAME"),
    mfaProvider: mfaFactorType && provider?.toUpperCase(),
    mfaFactorType,
    sessionTtl: readTtl(value("OKTA_STS_DURATION")),
    region,
    inBrowser: isYes(value("OKTA_BROWSER_AUTH")) || undefined,
    passwordCommand: value("OKTA_PASSWORD_CMD"),
    profiles: name === undefined ? [] : [{ name, roleArn, region }],
  });
}

/** The format of `java.util.Properties`. */
export function parseProperties(text: string): Properties {
  const properties = new Map<string, string>();
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  for (let at = 0; at < lines.length; at++) {
    let line = lines[at]!.trimStart();
    if (/^(?:[#!]|$)/.test(line)) continue;
    while (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) && at + 1 < lines.length) {
      line = line.slice(0, -1) + lines[++at]!.trimStart();
    }
    const [, key = "", value = ""] = /^((?:\\.|[^\\:=\s])*)\s*[:=]?\s*(.*)$/s.exec(line) ?? [];
    if (key !== "") properties.set(unescape(key), unescape(value));
  }
  return properties;
}

function unescape(text: string): string {
  const named: Record<string, string> = { t: "\t", n: "\n", r: "\r", f: "\f" };
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|(.))/gs,
    (_, code?: string, other?: string) =>
      code === undefined ? named[other!] ?? other! : String.fromCharCode(parseInt(code, 16)),
  );
}
