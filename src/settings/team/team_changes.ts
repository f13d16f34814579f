/** Merges team settings into the user's: a three-way comparison that keeps what the user set. */

import { type IniDocument, parseIni } from "../../ini/document.ts";
import { editIni, type IniEdit, sectionsByName } from "../../ini/edit.ts";
import type { TeamSection } from "./team_keys.ts";

export interface TeamChange {
  /** The section's header without brackets. */
  section: string;
  key: string;
  /** The value in the settings file. */
  before: string | undefined;
  /** The team's value; `undefined` if the team removed the key. */
  after: string | undefined;
}

/** Keys that decide where a password is sent or stored: the user has to confirm their changes. */
const HELD: Record<string, readonly string[]> = {
  "account": [
    "org",
    "app",
    "auth",
    "kind",
    "oidc_client_id",
    "sso_start_url",
    "sso_region",
    "sso_session",
    "backend",
  ],
  "aws-account": ["app"],
};

/** Whether the user has to confirm a change, even of signed settings. */
export function isHeld({ section, key }: Pick<TeamChange, "section" | "key">): boolean {
  return HELD[section.split(" ")[0]!]?.includes(key) ?? false;
}

/**
 * The changes that the user has to confirm. A default account waits with the account that it names:
 * without that account every command would fail.
 *
 * @param text The settings file.
 */
export function heldChanges(text: string, changes: readonly TeamChange[]): TeamChange[] {
  const document = parseIni(text);
  const waits = ({ section, key, after }: TeamChange): boolean => {
    if (section !== "okta-aws" || key !== "default_account" || after === undefined) return false;
    const account = `account ${after}`;
    const isKnown = inFile(document, account, "org") !== undefined;
    return !isKnown || changes.some((one) => one.section === account && one.key === "org");
  };
  return changes.filter((change) => isHeld(change) || waits(change));
}

type Keys = Map<string, Map<string, string>>;

function byName(sections: readonly TeamSection[]): Keys {
  return new Map(sections.map(({ section, keys }) => [section, new Map(keys)]));
}

/** The last of repeated keys counts, as for the AWS SDKs. */
function inFile(document: IniDocument, section: string, key: string): string | undefined {
  const properties = (sectionsByName(document).get(section) ?? [])
    .flatMap((one) => one.properties);
  const found = properties.findLast((property) => property.key === key);
  const lines = found?.value.split("\n").map((line) => line.trim());
  return lines?.filter((line) => line !== "").join(" ");
}

function* allKeys(...documents: Keys[]): Generator<[section: string, key: string]> {
  const seen = new Set<string>();
  for (const document of documents) {
    for (const [section, keys] of document) {
      for (const key of keys.keys()) {
        const id = `${section}\n${key}`;
        if (!seen.has(id)) yield [section, key];
        seen.add(id);
      }
    }
  }
}

const POLICY_KEYS: readonly string[] = ["session_policy", "session_policy_arns"];

/** Policies of one session add up, so a team's beside the user's, or in its place, would allow more. */
function hasOwnPolicy(document: IniDocument, section: string, team: Keys): boolean {
  return POLICY_KEYS.some((key) => {
    const own = inFile(document, section, key);
    return own !== undefined && own !== team.get(section)?.get(key);
  });
}

/** The sections whose own session policy is kept, although the team has another. */
export function keptPolicies(text: string, next: readonly TeamSection[]): string[] {
  const document = parseIni(text);
  return next.filter(({ section, keys }) => {
    const policy = keys.filter(([key]) => POLICY_KEYS.includes(key));
    return policy.length > 0 && hasOwnPolicy(document, section, byName([{ section, keys }]));
  }).map(({ section }) => section);
}

/**
 * Compares team settings with the settings file.
 *
 * @param text The settings file.
 * @param last The team's previous settings: keys that the user has changed since are skipped.
 * `undefined` for `init --from`, which skips nothing but an account's own session policy.
 */
export function teamChanges(
  text: string,
  last: readonly TeamSection[] | undefined,
  next: readonly TeamSection[],
): TeamChange[] {
  const document = parseIni(text);
  const [old, fresh] = [byName(last ?? []), byName(next)];
  return [...allKeys(fresh, old)].flatMap(([section, key]) => {
    const before = inFile(document, section, key);
    const given = old.get(section)?.get(key);
    const after = fresh.get(section)?.get(key);
    if (before === after) return [];
    if (POLICY_KEYS.includes(key) && hasOwnPolicy(document, section, old)) return [];
    if (last !== undefined && (given === after || before !== given)) return [];
    return [{ section, key, before, after }];
  });
}

/**
 * Applies changes to the settings file. When an org changes, the user name is removed: no password
 * may go to another org before the user runs `init` again.
 *
 * @throws {SettingsError} `bad_value` if a value doesn't fit in an INI file.
 */
export function applyTeamChanges(text: string, changes: readonly TeamChange[]): string {
  const bySection = Map.groupBy(changes, ({ section }) => section);
  const edits = [...bySection].map(([section, some]): IniEdit => {
    const set = some.filter(({ after }) => after !== undefined)
      .map(({ key, after }) => [key, after!] as const);
    const unset = some.filter(({ after }) => after === undefined).map(({ key }) => key);
    const moves = some.some(({ key, before }) => key === "org" && before !== undefined);
    return { kind: "set", section, set, unset: moves ? [...unset, "username"] : unset };
  });
  return editIni(parseIni(text), edits);
}

/**
 * The sections to compare with next time: `next`, except for the changes that still wait for the
 * user, so that these come up again.
 */
export function takenSections(
  last: readonly TeamSection[],
  next: readonly TeamSection[],
  waiting: readonly TeamChange[],
): TeamSection[] {
  const [old, taken] = [byName(last), byName(next)];
  for (const { section, key } of waiting) {
    const given = old.get(section)?.get(key);
    const keys = taken.get(section) ?? new Map<string, string>();
    if (given === undefined) keys.delete(key);
    else taken.set(section, keys.set(key, given));
  }
  return [...taken].map(([section, keys]) => ({ section, keys: [...keys] }));
}
