/**
 * gimme-aws-creds: `~/.okta_aws_login_config`, or the file of `OKTA_CONFIG`. All sections inherit from
 * `[DEFAULT]`, and from the section that `inherits` names.
 *
 * @see https://github.com/Nike-Inc/gimme-aws-creds#configuration
 */

import { parseRoleArn } from "../../aws/arn.ts";
import { options, parseOptions } from "../aws_processes.ts";
import { type Entry, type Found, type FoundProfile, nothingFound, type Source } from "../found.ts";
import { isYes, readAddress, readFactorType, readRole, readTtl, roleGlob } from "../old_values.ts";
import { type OldSection, readOldIni, valueOf } from "./old_ini.ts";

const TOOL = "gimme-aws-creds";

type Keys = Map<string, string>;
type Leave = (what: string, why: string) => void;

export async function readGimmeAwsCreds(source: Source): Promise<Found> {
  const found = nothingFound(TOOL);
  const { environment } = source;
  const path = environment.get("OKTA_CONFIG") ?? `${environment.home}/.okta_aws_login_config`;
  const sections = await readOldIni(source, found, path, "DEFAULT") ?? [];
  const bases = new Set(sections.map(({ keys }) => valueOf(keys, "inherits")));
  for (const section of sections) {
    const leave: Leave = (what, why) =>
      void found.leftOut.push({ tool: TOOL, what: `[${section.name}]${what && ` ${what}`}`, why });
    const keys = inherit(sections, section, leave);
    if (keys === undefined) continue;
    if (valueOf(keys, "okta_org_url") === undefined && bases.has(section.name)) continue;
    const entry = readProfile(section.name, keys, source, leave);
    if (entry !== undefined) found.entries.push(entry);
  }
  addProcesses(source, found);
  return found;
}

function inherit(
  sections: readonly OldSection[],
  { name, keys }: OldSection,
  leave: Leave,
): Keys | undefined {
  const chain = [keys];
  const names = [name];
  for (let next = valueOf(keys, "inherits"); next !== undefined;) {
    const parent = sections.find((one) => one.name === next);
    if (parent === undefined || names.includes(next)) {
      leave(`inherits = ${next}`, parent === undefined ? "no such section" : "goes in a circle");
      return undefined;
    }
    names.push(next);
    chain.push(parent.keys);
    next = valueOf(parent.keys, "inherits");
  }
  return new Map(chain.toReversed().flatMap((one) => [...one]));
}

function readProfile(
  label: string,
  keys: Keys,
  { environment }: Source,
  leave: Leave,
): Entry | undefined {
  // configparser's interpolation writes a percent sign as two.
  const value = (key: string) => valueOf(keys, key)?.replaceAll("%%", "%");
  const address = readAddress(value("okta_org_url")) ?? readAddress(value("app_url"));
  if (address === undefined) {
    leave(
      "",
      value("okta_org_url") === undefined ? "no okta_org_url" : "okta_org_url is no address",
    );
    return undefined;
  }
  if (value("duo_universal_factor") !== undefined) {
    leave("duo_universal_factor", "choose the factor at the next sign-in");
  }
  if (value("aws_appname") !== undefined && readAddress(value("app_url"))?.app === undefined) {
    leave("aws_appname", "the AWS apps are found at the first sign-in");
  }
  if (value("device_token") !== undefined) {
    leave("device_token", "Okta gives this device a new one");
  }
  const preferred = value("preferred_mfa_type");
  const mfaFactorType = readFactorType(preferred === "passcode" ? "web" : preferred);
  if (preferred !== undefined && mfaFactorType === undefined) {
    leave(`preferred_mfa_type = ${preferred}`, "choose the factor at the next sign-in");
  }
  const username = value("okta_username") ?? environment.get("OKTA_USERNAME");
  // An empty force_classic means true.
  const isDevice = /^false$/i.test(value("force_classic") ?? "");
  return {
    tool: TOOL,
    label,
    org: address.org,
    app: readAddress(value("app_url"))?.app,
    username,
    mfaProvider: value("preferred_mfa_provider")?.toUpperCase(),
    mfaFactorType,
    rememberDevice: isYes(value("remember_device")) || undefined,
    sessionTtl: readTtl(value("aws_default_duration")),
    oidcClientId: isDevice ? value("client_id") : undefined,
    ...readRoles(label, value, leave),
    password: username === undefined || /^(?:n|no|false)$/i.test(value("enable_keychain") ?? "y")
      ? undefined
      : {
        kind: "keyring",
        shown: "the keyring item of gimme-aws-creds",
        item: {
          attributes: { service: TOOL, username },
          keychain: { kind: "generic", service: TOOL, account: username },
        },
        format: "plain",
      },
  };
}

/** `cred_profile` has three reserved words, which name profiles by role. */
function readRoles(
  label: string,
  value: (key: string) => string | undefined,
  leave: Leave,
): Pick<Entry, "profiles" | "roles" | "profileName"> {
  const wanted = (value("aws_rolename") ?? "").split(/[\s,]+/).filter((one) => one !== "");
  const arns = wanted.map(readRole).filter((arn) => arn !== undefined);
  const isAll = wanted.some((one) => one.toLowerCase() === "all");
  const others = wanted.filter((one) => readRole(one) === undefined && one.toLowerCase() !== "all");
  if (others.length > 0) leave(`aws_rolename = ${others.join(",")}`, "not a role's ARN");
  const named = value("cred_profile") ?? "role";
  const rule = named.toLowerCase();
  const isRule = ["role", "acc", "acc-role"].includes(rule);
  const withAlias = isYes(value("resolve_aws_alias"));
  const account = withAlias ? "{account}" : "{account_id}";
  const template = rule === "role" ? "{role}" : rule === "acc" ? account : `${account}-{role}`;
  const isLimited = arns.length > 0 && !isAll && others.length === 0;
  const roles = isLimited ? [...new Set(arns.map(roleGlob))] : undefined;
  if (/^false$/i.test(value("write_aws_creds") ?? "")) {
    const format = value("output_format") ?? "export";
    leave(`output_format = ${format}`, "okta-aws env PROFILE prints credentials");
    return { profiles: [], roles };
  }
  if (isAll || (isRule && arns.length === 0)) {
    if (isRule) return { profiles: [], profileName: template };
    leave(`cred_profile = ${named}`, "one profile for all roles");
    return { profiles: [] };
  }
  if (isRule && withAlias && rule !== "role") return { profiles: [], roles, profileName: template };
  if (!isRule) {
    if (arns.length > 1) leave(`cred_profile = ${named}`, "one profile for several roles");
    const name = rule === "default" ? "default" : named;
    return { profiles: arns.length > 1 ? [] : [{ name, roleArn: arns[0] }], roles };
  }
  const withPath = isYes(value("include_path"));
  const profiles = arns.map((roleArn): FoundProfile => {
    const { accountId, rolePath: path, roleName } = parseRoleArn(roleArn)!;
    const role = withPath ? `${path}${roleName}` : roleName;
    const names: Record<string, string> = {
      role,
      acc: accountId,
      "acc-role": `${accountId}-${role}`,
    };
    return { name: names[rule]!, roleArn };
  });
  const taken = new Set<string>();
  const kept = profiles.filter(({ name }) => !taken.has(name) && taken.add(name));
  if (kept.length < profiles.length) {
    leave(`cred_profile = ${named}`, `several roles of ${label} share a name`);
  }
  return { profiles: kept, roles };
}

/** Not documented as a `credential_process`, but used as one with a wrapper. */
function addProcesses({ processes }: Source, found: Found): void {
  for (const { program, args, profile } of processes) {
    if (program !== TOOL) continue;
    const { values } = parseOptions(args, options(["profile", "roles"], { p: "profile" }));
    const label = values.get("profile") ?? "DEFAULT";
    const entry = found.entries.find((one) => one.label === label);
    const roleArn = readRole(values.get("roles")) ?? entry?.profiles[0]?.roleArn;
    if (entry === undefined) {
      const why = `gimme-aws-creds has no usable profile [${label}]`;
      found.leftOut.push({ tool: TOOL, what: `profile ${profile}`, why });
    } else if (!entry.profiles.some(({ name }) => name === profile)) {
      entry.profiles.push({ name: profile, roleArn });
    }
  }
}
