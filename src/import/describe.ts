/** A plan as text, and as data. Text of others is made safe to show. */

import { showUntrusted } from "../untrusted_text.ts";
import type { Plan, PlannedAccount, PlannedProfile } from "./planned.ts";

/** More lines of one kind than this are only counted. */
const MOST_LINES = 20;

export function describePlan(plan: Plan): string {
  const { tools, accounts, program, awsAccounts, profiles, leftOut } = plan;
  const parts = [
    block("Found", tools.map(({ tool, files }) => `${tool}: ${list(files) || "the AWS files"}`)),
    block("Accounts", accounts.flatMap(describeAccount)),
    block("Settings", [
      ...program.map(([key, value]) => `${key} = ${value}`),
      ...awsAccounts.map(({ id, alias }) => `${id} is called ${alias}`),
    ]),
    block("Profiles", profiles.map(describeProfile)),
    block("Not imported", leftOut.map(({ tool, what, why }) => `${tool}: ${what}: ${why}`)),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function block(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const more = lines.length - MOST_LINES;
  const shown = lines.slice(0, MOST_LINES).map((line) => `  ${showKeepingIndent(line)}\n`);
  if (more > 0) shown.push(`  … and ${more} more\n`);
  return `${title}:\n${shown.join("")}`;
}

function showKeepingIndent(line: string): string {
  const indent = /^ */.exec(line)![0];
  return indent + showUntrusted(line);
}

function list(names: readonly string[]): string {
  return names.map(showUntrusted).join(", ");
}

function describeAccount(account: PlannedAccount): string[] {
  const { name, isNew, address, username, from, set, passwords } = account;
  const who = username === undefined ? address : `${username} at ${address}`;
  const state = isNew ? "new" : set.length > 0 ? "changed" : "known";
  const known = ["org", "username", "kind", "sso_start_url"];
  const keys = set.filter(([key]) => !known.includes(key));
  return [
    `${name} (${state}): ${who}`,
    `  from ${from.slice(0, 5).join(", ")}${from.length > 5 ? ` and ${from.length - 5} more` : ""}`,
    ...keys.map(([key, value]) => `  ${key} = ${value}`),
    ...passwordLines(passwords),
  ];
}

function passwordLines(passwords: PlannedAccount["passwords"]): string[] {
  const [first] = passwords;
  if (first === undefined || first.kind !== "keyring") return [];
  return [`  password: from ${first.shown}, if there is one`];
}

function describeProfile({ name, account, roleArn, replaces, dropsKeys }: PlannedProfile): string {
  const notes = [
    replaces === undefined ? "" : `replaces ${programOf(replaces)}`,
    dropsKeys ? "removes temporary keys from the credentials file" : "",
  ].filter((note) => note !== "");
  const role = roleArn ?? "asks for the role";
  return `${name}: ${role} (${[`account ${account}`, ...notes].join("; ")})`;
}

/** Without its arguments, which may have a password. */
function programOf(command: string): string {
  return /^"([^"]*)"|^\S+/.exec(command)?.slice(0).find((one) => one)?.replaceAll('"', "") ?? "";
}

/** The plan as data, without secrets. */
export function planToJson(plan: Plan): Record<string, unknown> {
  const { tools, accounts, program, awsAccounts, profiles, clashes, leftOut } = plan;
  return {
    tools,
    accounts: accounts.map(({ name, isNew, kind, address, username, apps, from, set }) => ({
      name,
      new: isNew,
      kind,
      [kind === "saml" ? "org" : "startUrl"]: address,
      username,
      apps,
      from,
      settings: Object.fromEntries(set),
    })),
    settings: Object.fromEntries(program),
    awsAccounts,
    profiles: profiles.map(({ name, account, roleArn, replaces, dropsKeys, set }) => ({
      name,
      account,
      roleArn,
      replaces: replaces && programOf(replaces),
      removesKeys: dropsKeys,
      settings: Object.fromEntries(set),
    })),
    clashes,
    leftOut,
  };
}
