/**
 * saml2aws: `~/.saml2aws`, one section for each IdP account, and `saml2aws login
 * --credential-process` in the AWS files.
 *
 * @see https://github.com/Versent/saml2aws/blob/master/pkg/cfg/cfg.go
 */

import { options, parseOptions } from "../aws_processes.ts";
import { type Entry, type Found, nothingFound, type Source } from "../found.ts";
import { isYes, readAddress, readRegion, readRole, readTtl } from "../old_values.ts";
import { type OldSection, readOldIni, valueOf } from "./old_ini.ts";

/** saml2aws's name of a factor → Okta's provider and type. */
const FACTORS: Readonly<Record<string, readonly [string | undefined, string | undefined]>> = {
  PUSH: ["OKTA", "push"],
  DUO: ["DUO", undefined],
  SMS: ["OKTA", "sms"],
  EMAIL: ["OKTA", "email"],
  TOTP: ["GOOGLE", "token:software:totp"],
  OKTA: ["OKTA", "token:software:totp"],
  FIDO: ["FIDO", "webauthn"],
  "YUBICO TOKEN:HARDWARE": ["YUBICO", "token:hardware"],
  SYMANTEC: ["SYMANTEC", "token"],
};

const URN_REGIONS: Readonly<Record<string, string>> = {
  "urn:amazon:webservices:govcloud": "us-gov-west-1",
  "urn:amazon:webservices:cn-north-1": "cn-north-1",
};

const LOGIN_OPTIONS = options(
  ["idp-account", "role", "profile", "session-duration", "region", "username", "url", "config"],
  { a: "idp-account", p: "profile" },
);

export async function readSaml2aws(source: Source): Promise<Found> {
  const found = nothingFound("saml2aws");
  const { environment } = source;
  const path = environment.get("SAML2AWS_CONFIGFILE") ?? `${environment.home}/.saml2aws`;
  const sections = await readOldIni(source, found, path) ?? [];
  for (const section of sections) {
    const entry = readAccount(found, section);
    if (entry !== undefined) found.entries.push(entry);
  }
  addProcesses(source, found);
  return found;
}

function readAccount(found: Found, { name, keys }: OldSection): Entry | undefined {
  const leave = (what: string, why: string) =>
    void found.leftOut.push({ tool: "saml2aws", what: `[${name}]${what && ` ${what}`}`, why });
  const value = (key: string) => valueOf(keys, key);
  const [provider, url] = [value("provider"), value("url")];
  if (provider === undefined && url === undefined) return undefined;
  const address = readAddress(url);
  const isOkta = provider?.toLowerCase() === "okta" ||
    (provider?.toLowerCase() === "browser" &&
      /\.okta(?:preview|-emea)?\.com$/.test(address?.org ?? ""));
  if (!isOkta) {
    leave("", provider === undefined ? "no provider" : `its provider is ${provider}, not Okta`);
    return undefined;
  }
  if (address === undefined) {
    leave("", url === undefined ? "no url" : "its url is not an https address");
    return undefined;
  }
  const mfa = value("mfa") ?? "Auto";
  const factor = FACTORS[mfa.toUpperCase()];
  if (factor === undefined && mfa.toLowerCase() !== "auto") leave(`mfa = ${mfa}`, "unknown factor");
  if (isYes(value("skip_verify"))) {
    leave("skip_verify", "certificates are always checked; see ca_bundle");
  }
  if (value("credentials_file") !== undefined) {
    leave("credentials_file", "profiles go to the AWS config file");
  }
  const hasPolicy = value("policy_file") ?? value("policy_arn_list");
  if (hasPolicy !== undefined) {
    leave("policy_file, policy_arn_list", "no profile, since it would have more rights than now");
  }
  const roleArn = readRole(value("role_arn"));
  if (value("role_arn") !== undefined && roleArn === undefined) {
    leave("role_arn", "not a role's ARN");
  }
  const region = readRegion(value("region")) ?? URN_REGIONS[value("aws_urn") ?? ""];
  const username = value("username");
  return {
    tool: "saml2aws",
    label: name,
    org: address.org,
    app: address.app,
    username,
    mfaProvider: factor?.[0],
    mfaFactorType: factor?.[1],
    rememberDevice: isYes(value("disable_remember_device")) ? false : undefined,
    sessionTtl: readTtl(value("aws_session_duration")),
    region,
    inBrowser: provider?.toLowerCase() === "browser" || undefined,
    profiles: hasPolicy ? [] : [{ name: value("aws_profile") ?? "saml", roleArn, region }],
    password: {
      kind: "keyring",
      shown: "the keyring item of saml2aws",
      item: {
        attributes: { profile: url! },
        keychain: {
          kind: "internet",
          service: url!.replace(/^[a-z]+:\/\//i, "").replace(/[:/].*$/s, ""),
          account: username,
        },
      },
      format: "99designs",
    },
  };
}

/** `saml2aws login --credential-process --role ARN --profile NAME`. */
function addProcesses({ processes, environment }: Source, found: Found): void {
  for (const { program, args, profile, keys } of processes) {
    if (program !== "saml2aws") continue;
    const { values } = parseOptions(args, LOGIN_OPTIONS);
    const account = values.get("idp-account") ?? environment.get("SAML2AWS_IDP_ACCOUNT") ??
      "default";
    const entry = found.entries.find(({ label }) => label === account);
    if (entry === undefined) {
      const why = `saml2aws has no usable account [${account}]`;
      found.leftOut.push({ tool: "saml2aws", what: `profile ${profile}`, why });
      continue;
    }
    const [written] = entry.profiles;
    if (written === undefined) continue;
    const named = {
      ...written,
      name: profile,
      roleArn: readRole(values.get("role")) ?? written.roleArn,
      region: readRegion(keys.get("region")) ?? readRegion(values.get("region")) ?? entry.region,
      sessionTtl: readTtl(values.get("session-duration")),
    };
    entry.profiles = [...entry.profiles.filter(({ name }) => name !== profile), named];
  }
}
