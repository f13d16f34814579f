/** The profiles that an import writes, and which of them exist already. */

import type { IniDocument, IniSection } from "../ini/document.ts";
import { editKey, sectionsByName } from "../ini/edit.ts";
import { checkSetting } from "../ini/values.ts";
import { formatSectionHeader } from "../ini/section_name.ts";
import { SettingsError } from "../errors.ts";
import { configWords, quoteCommand } from "../profiles/setup_profiles.ts";
import type { AppContext } from "../app/context.ts";
import { readProcesses } from "./aws_processes.ts";
import type { Entry, FoundProfile } from "./found.ts";
import { readRegion, usualRegion } from "./old_values.ts";
import type { ClashAnswer, Plan, PlannedAccount } from "./planned.ts";
import { type AccountOf, commonTtl } from "./plan_accounts.ts";
import { PROGRAMS } from "./programs.ts";

/** Temporary keys, as other tools write them; static ones have no session token. */
const TEMPORARY_KEYS: readonly string[] = [
  "aws_access_key_id",
  "aws_secret_access_key",
  "aws_session_token",
  "aws_security_token",
  "aws_expiration",
  "x_principal_arn",
  "x_security_token_expires",
];

/** Keys that make AWS tools get credentials in another way. */
const OTHER_SOURCES: readonly string[] = [
  "role_arn",
  "source_profile",
  "credential_source",
  "web_identity_token_file",
  "sso_account_id",
  "sso_role_name",
];

interface AwsDocuments {
  config: IniDocument;
  credentials: IniDocument;
  answers?: ReadonlyMap<string, ClashAnswer> | undefined;
}

/** A profile with the entry that it comes from. */
interface Wanted extends FoundProfile {
  entry: Entry;
  account: PlannedAccount;
  /** For a role's first step: the profile it is assumed from. */
  source?: string;
}

export function planProfiles(
  context: AppContext,
  plan: Plan,
  accountOf: AccountOf,
  documents: AwsDocuments,
): void {
  const planner = openPlanner(context, plan, documents);
  const names = new Set<string>();
  for (const wanted of allWanted(accountOf)) {
    const name = freeName(wanted, names);
    if (name === undefined) {
      leave(plan, wanted, "another profile has this name");
      continue;
    }
    names.add(name);
    planner({ ...wanted, name });
  }
}

function allWanted(accountOf: AccountOf): Wanted[] {
  return [...accountOf].flatMap(([entry, account]) =>
    entry.profiles.flatMap((profile): Wanted[] => {
      const { nextRoleArn, ...first } = profile;
      if (nextRoleArn === undefined) return [{ ...first, entry, account }];
      const source = `${profile.name}-first`;
      return [
        { ...first, name: source, entry, account },
        { ...profile, roleArn: nextRoleArn, entry, account, source },
      ];
    })
  );
}

/** Two accounts of the old tool may write the same profile, one after the other. */
function freeName({ name, entry: { label } }: Wanted, taken: Set<string>): string | undefined {
  return [name, label, `${name}-${label}`].find((one) => !taken.has(one));
}

function leave(plan: Plan, { name, entry: { tool } }: Wanted, why: string): void {
  plan.leftOut.push({ tool, what: `profile ${name}`, why });
}

function openPlanner(
  context: AppContext,
  plan: Plan,
  { config, credentials, answers }: AwsDocuments,
): (wanted: Wanted) => void {
  const processes = new Map(
    [...readProcesses(config.text, "config"), ...readProcesses(credentials.text, "credentials")]
      .map((one) => [one.profile, one]),
  );
  const region = defaultRegion(context, config);
  const ownWords = [...context.ports.environment.command, ...configWords(context)];
  const own = quoteCommand(ownWords);
  const existing = (name: string) => {
    const header = name === "default" && !sectionsByName(config).has("profile default")
      ? "default"
      : `profile ${name}`;
    const inConfig = sectionsByName(config).get(header) ?? [];
    const inCredentials = sectionsByName(credentials).get(name) ?? [];
    return { header, inConfig: keysOf(inConfig), inCredentials: keysOf(inCredentials) };
  };
  const add = (wanted: Wanted): void => {
    const { name, entry, roleArn } = wanted;
    const { header, inConfig, inCredentials } = existing(name);
    const process = processes.get(name);
    const isOurs = process?.command.startsWith(`${own} cred-process `) ||
      process?.program === "okta-aws";
    const has = otherSource(inConfig, inCredentials) ??
      (process === undefined || isOurs || PROGRAMS.has(process.program)
        ? undefined
        : "credential_process");
    const answer = has === undefined ? "replace" : answers?.get(name) ?? "keep";
    if (has !== undefined) plan.clashes.push({ profile: name, tool: entry.tool, has });
    if (answer === "keep") return leave(plan, wanted, `the AWS files have one with ${has}: kept`);
    if (answer === "rename") {
      const other = `${name}-okta`;
      if (existing(other).inConfig.size > 0) return leave(plan, wanted, `${other} exists too`);
      return add({ ...wanted, name: other });
    }
    try {
      formatSectionHeader(header);
      const command = quoteCommand([...ownWords, "cred-process", name]);
      const { serves } = wanted;
      const set: [string, string][] = serves === undefined
        ? profileKeys(wanted, command)
        : [["credential_process", quoteCommand([...ownWords, "cred-process", serves])]];
      if (serves === undefined && !inConfig.has("region") && !inCredentials.has("region")) {
        set.push(["region", wanted.region ?? entry.region ?? region ?? usualRegion(roleArn)]);
      }
      if (wanted.output && !inConfig.has("output")) set.push(["output", wanted.output]);
      set.forEach(checkSetting);
      const isFulfilled = set.every(([key, value]) => inConfig.get(key) === value);
      const drops = TEMPORARY_KEYS.some((key) => inCredentials.has(key));
      const processMoves = inCredentials.has("credential_process");
      if (isFulfilled && !drops && !processMoves) return;
      const names = new Set(set.map(([key]) => key));
      plan.profiles.push({
        name,
        account: wanted.account.name,
        roleArn,
        section: header,
        set,
        unset: [...OTHER_SOURCES, ...TEMPORARY_KEYS].filter((key) =>
          inConfig.has(key) && !names.has(key)
        ),
        replaces: isOurs ? undefined : process?.command,
        dropsKeys: drops,
        unsetCredentials: [...TEMPORARY_KEYS, ...OTHER_SOURCES, "credential_process"]
          .filter((key) => inCredentials.has(key)),
      });
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      leave(plan, wanted, error.message);
    }
  };
  return add;
}

function keysOf(sections: readonly IniSection[]): Map<string, string> {
  return new Map(
    sections.flatMap(({ properties }) => properties.map((one) => [editKey(one), one.value])),
  );
}

/** A role's or portal's keys, and keys that a person made (without a session token). */
function otherSource(
  config: ReadonlyMap<string, string>,
  credentials: ReadonlyMap<string, string>,
): string | undefined {
  for (const keys of [config, credentials]) {
    const other = OTHER_SOURCES.find((key) => keys.has(key));
    const isOurChain = other === "source_profile" && keys.has("okta_aws_role_arn") &&
      !keys.has("role_arn");
    if (other !== undefined && !isOurChain) return other;
    if (keys.has("aws_access_key_id") && !keys.has("aws_session_token")) return "aws_access_key_id";
  }
  return undefined;
}

function profileKeys(
  { entry, account, roleArn, sessionTtl, source }: Wanted,
  command: string,
): [string, string][] {
  const ttl = sessionTtl ?? entry.sessionTtl;
  const common = account.set.some(([key]) => key === "session_ttl")
    ? commonTtl([entry])
    : undefined;
  // An app alone makes the profile ask for the role; with several it says which one grants it.
  const app = roleArn === undefined || account.apps.length > 1 ? entry.app : undefined;
  const all: [string, string | undefined][] = [
    ["credential_process", command],
    ["okta_account_name", account.name],
    ["aws_saml_url", source === undefined ? app ?? (roleArn ? undefined : account.apps[0]) : app],
    ["okta_aws_role_arn", roleArn],
    ["source_profile", source],
    ["session_ttl", ttl?.toString() === common ? undefined : ttl?.toString()],
  ];
  return all.filter((pair): pair is [string, string] => pair[1] !== undefined);
}

/** AWS_REGION, else the default profile's. */
function defaultRegion(
  { ports: { environment: { get } } }: AppContext,
  config: IniDocument,
): string | undefined {
  const sections = sectionsByName(config);
  const keys = keysOf([...sections.get("default") ?? [], ...sections.get("profile default") ?? []]);
  return readRegion(get("AWS_REGION") ?? get("AWS_DEFAULT_REGION") ?? keys.get("region"));
}
