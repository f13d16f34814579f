/** Which accounts of ours come of the entries: one for each org and user, or portal. */

import { isSamePortal } from "../aws/start_url.ts";
import { checkSetting, type IniSetting } from "../ini/values.ts";
import { ACCOUNT_NAME, type AccountSettings, expectedSetting } from "../settings/settings.ts";
import type { AppContext } from "../app/context.ts";
import type { Entry } from "./found.ts";
import type { Plan, PlannedAccount, PlanOptions } from "./planned.ts";

/** The entries of an account. */
interface Group {
  username: string | undefined;
  entries: Entry[];
}

/** The account of each entry. */
export type AccountOf = ReadonlyMap<Entry, PlannedAccount>;

export function planAccounts(
  context: AppContext,
  plan: Plan,
  entries: readonly Entry[],
  options: PlanOptions,
): AccountOf {
  const groups = groupEntries(context, plan, entries, options);
  const { accounts, program } = context.settings;
  const taken = new Set(accounts.keys());
  const isFirst = accounts.size === 0 && program.default_account === undefined;
  const fresh = groups.filter((group) => knownAccount(context, group) === undefined);
  const result = new Map<Entry, PlannedAccount>();
  for (const group of groups) {
    const known = knownAccount(context, group);
    const name = known ??
      newName(group, taken, fresh.length === 1 && (isFirst || !taken.has("default")));
    taken.add(name);
    const account = planAccount(
      plan,
      group,
      name,
      known === undefined ? undefined : accounts.get(known),
    );
    plan.accounts.push(account);
    for (const entry of group.entries) result.set(entry, account);
  }
  const [first] = plan.accounts;
  if (isFirst && first !== undefined && first.name !== "default") {
    plan.program.push(["default_account", first.name]);
  }
  planTemplate(context, plan, entries.filter((entry) => result.has(entry)));
  return result;
}

/** Entries without a user name join those of the org's only user. */
function groupEntries(
  { settings, ports: { environment: { get, home } } }: AppContext,
  plan: Plan,
  entries: readonly Entry[],
  { username: given }: PlanOptions,
): Group[] {
  const groups: Group[] = [];
  const usersOf = usersByOrg(entries, [...settings.accounts.values()]);
  for (const entry of entries) {
    const { org, portal, oidcClientId } = entry;
    const users = usersOf.get(org ?? "") ?? [];
    // The device grant never sends the name: the system's tells the account's files apart.
    const device = oidcClientId === undefined
      ? undefined
      : get("USER") ?? get("USERNAME") ?? home.split(/[\\/]/).findLast((part) => part !== "");
    const username = portal ? undefined : entry.username ??
      (users.length === 1 ? users[0] : given ?? device);
    if (username !== undefined && !isWritable(["username", username])) {
      const why = "its user name is not a single line of plain text";
      plan.leftOut.push({ tool: entry.tool, what: `[${entry.label}]`, why });
      continue;
    }
    if (portal === undefined && username === undefined) {
      const why = users.length > 1
        ? "no user name, and this org has several users: --username NAME"
        : "no user name: --username NAME";
      plan.leftOut.push({ tool: entry.tool, what: `[${entry.label}]`, why });
      continue;
    }
    const group = groups.find(({ entries: [first], username: other }) =>
      portal
        ? first!.portal?.region === portal.region &&
          isSamePortal(first!.portal.startUrl, portal.startUrl)
        : first!.org === org && isSameUser(username!, other ?? "")
    );
    if (group === undefined) groups.push({ username, entries: [entry] });
    else group.entries.push(entry);
  }
  return groups;
}

/** The different users of each org. */
function usersByOrg(
  entries: readonly Entry[],
  known: readonly AccountSettings[],
): ReadonlyMap<string, string[]> {
  const users = new Map<string, Map<string, string>>();
  for (const { org, username } of [...entries, ...known]) {
    if (org === undefined || username === undefined) continue;
    const ofOrg = users.get(org) ?? new Map<string, string>();
    users.set(org, ofOrg);
    if (!ofOrg.has(username.toLowerCase())) ofOrg.set(username.toLowerCase(), username);
  }
  return new Map([...users].map(([org, names]) => [org, [...names.values()]]));
}

/** Okta's logins are not case-sensitive. */
function isSameUser(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function knownAccount(
  { settings }: AppContext,
  { username, entries: [first] }: Group,
): string | undefined {
  const { org, portal } = first!;
  return [...settings.accounts].find(([, known]) =>
    portal
      ? known.kind === "identity-center" && known.sso_region === portal.region &&
        isSamePortal(known.sso_start_url ?? "", portal.startUrl)
      : known.org === org && isSameUser(known.username ?? "", username!)
  )?.[0];
}

/** The only one is `default`; several are called as in the old tool, or by their org. */
function newName({ entries }: Group, taken: ReadonlySet<string>, isOnly: boolean): string {
  const [{ org, portal, label, accountName }] = entries as [Entry];
  if (accountName !== undefined && !taken.has(accountName)) return accountName;
  if (isOnly) return "default";
  const host = URL.parse(org ?? portal!.startUrl)?.hostname.split(".")[0] ?? "";
  const own = /^(?:default|environment|saml)$/i.test(label) ? "" : label;
  const names = [own, host, "okta"].filter((name) => ACCOUNT_NAME.test(name));
  const free = names.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let number = 2;; number++) {
    const name = `${names[0]!.slice(0, 58)}-${number}`;
    if (!taken.has(name)) return name;
  }
}

function planAccount(
  plan: Plan,
  { username, entries }: Group,
  name: string,
  known: AccountSettings | undefined,
): PlannedAccount {
  const [{ org, portal }] = entries as [Entry];
  const first = <T>(read: (entry: Entry) => T | undefined) =>
    entries.map(read).find((value) => value !== undefined);
  const found = [...new Set(entries.map(({ app }) => app).filter((app) => app !== undefined))];
  const apps = [...new Set([...known?.app ?? [], ...found])];
  const wanted: [string, string | undefined][] = portal
    ? [
      ["kind", "identity-center"],
      ["sso_start_url", portal.startUrl],
      ["sso_region", portal.region],
    ]
    : [
      ["org", org],
      ["username", username],
      ["oidc_client_id", first((entry) => entry.oidcClientId)],
      ...factorKeys(entries, known),
      ["remember_device", first((entry) => entry.rememberDevice)?.toString()],
    ];
  const command = first((entry) => entry.passwordCommand);
  const isDevice = known?.auth === "device" ||
    (known === undefined && entries.every((entry) => entry.oidcClientId !== undefined));
  if (known === undefined) {
    if (isDevice && portal === undefined) wanted.push(["auth", "device"]);
    else if (entries.every((entry) => entry.inBrowser)) wanted.push(["auth", "browser"]);
    if (command !== undefined) wanted.push(["backend", "command"], ["password_command", command]);
    wanted.push(["session_ttl", commonTtl(entries)], ["roles", roleFilter(entries)]);
  }
  wanted.push(["region", first((entry) => entry.region)]);
  const set = wanted.filter((pair): pair is [string, string] =>
    pair[1] !== undefined && known?.[pair[0] as keyof AccountSettings] === undefined
  );
  const isMore = apps.length > (known?.app?.length ?? 0);
  if (isMore) set.splice(portal ? 3 : Math.min(2, set.length), 0, ["app", apps.join(" ")]);
  return {
    name,
    isNew: known === undefined,
    kind: portal ? "identity-center" : "saml",
    address: portal?.startUrl ?? org!,
    username: known?.username ?? username,
    apps,
    from: entries.map(({ tool, label }) => `${tool} [${label}]`),
    set: set.filter((setting) => isValid(plan, entries[0]!, setting)),
    passwords: entries.map(({ password }) => password).filter((one) => one !== undefined),
  };
}

/** Provider and type belong together: of one entry, and only if the account has neither. */
function factorKeys(
  entries: readonly Entry[],
  known: AccountSettings | undefined,
): [string, string | undefined][] {
  if (known?.mfa_provider !== undefined || known?.mfa_factor_type !== undefined) return [];
  const one = entries.find(({ mfaProvider, mfaFactorType }) => mfaProvider ?? mfaFactorType);
  return [["mfa_provider", one?.mfaProvider], ["mfa_factor_type", one?.mfaFactorType]];
}

/** Of the account only if all entries agree; the profiles have their own otherwise. */
export function commonTtl(entries: readonly Entry[]): string | undefined {
  const [first, ...others] = entries.map(({ sessionTtl }) => sessionTtl);
  return others.every((one) => one === first) ? first?.toString() : undefined;
}

/** Only if every entry is limited to some roles. */
function roleFilter(entries: readonly Entry[]): string | undefined {
  if (entries.some(({ roles }) => roles === undefined)) return undefined;
  return [...new Set(entries.flatMap(({ roles }) => roles!))].join(" ");
}

/** Whether a value can be written, and read back as it is. */
function isWritable(setting: IniSetting): boolean {
  try {
    checkSetting(setting);
    return true;
  } catch {
    return false;
  }
}

function isValid(plan: Plan, { tool }: Entry, [key, value]: IniSetting): boolean {
  const expected = isWritable([key, value])
    ? expectedSetting("account", key, String(value))
    : "a single line of plain text";
  if (expected !== undefined) plan.leftOut.push({ tool, what: key, why: `not ${expected}` });
  return expected === undefined;
}

/** The template holds for all accounts, so it is set only before there are any. */
function planTemplate(
  { settings: { accounts, program } }: AppContext,
  plan: Plan,
  entries: readonly Entry[],
): void {
  const templates = [...new Set(entries.map((one) => one.profileName))];
  const [template] = templates.filter((one) => one !== undefined);
  if (template === undefined) return;
  if (templates.length === 1 && accounts.size === 0 && program.profile_name === undefined) {
    plan.program.push(["profile_name", template]);
    return;
  }
  const { tool } = entries.find((one) => one.profileName === template)!;
  const why = `not used by all accounts; set profile_name = ${template} if you want it`;
  plan.leftOut.push({ tool, what: `profile names ${template}`, why });
}
