/**
 * What a team's new settings change in a person's settings file: a three-way comparison with those
 * that the team gave before, so that what the person has set otherwise stays.
 *
 * @module
 */

import { type IniDocument, parseIni } from "../../ini/document.ts";
import { editIni, type IniEdit, sectionsByName } from "../../ini/edit.ts";
import type { TeamSection } from "./team_document.ts";

/** One key that changes. */
export interface TeamChange {
  /** The section's header without brackets. */
  section: string;
  /** The key. */
  key: string;
  /** What the settings have; `undefined` for nothing. */
  before: string | undefined;
  /** What the team has now; `undefined` where it has taken the key away. */
  after: string | undefined;
}

/** Keys that say whom a password is sent to, for what, and where it stands: a person has to agree. */
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

/**
 * Whether a change waits for a person's yes, whoever signed it.
 *
 * @param change The change.
 * @returns Whether it does.
 */
export function isHeld({ section, key }: Pick<TeamChange, "section" | "key">): boolean {
  return HELD[section.split(" ")[0]!]?.includes(key) ?? false;
}

type Keys = Map<string, Map<string, string>>;

function byName(sections: readonly TeamSection[]): Keys {
  return new Map(sections.map(({ section, keys }) => [section, new Map(keys)]));
}

/** As the AWS SDKs have it: of keys that stand twice the last one counts. */
function inFile(document: IniDocument, section: string, key: string): string | undefined {
  const found = (sectionsByName(document).get(section) ?? []).flatMap(({ properties }) =>
    properties
  )
    .findLast((property) => property.key === key);
  return found?.value.split("\n").map((part) => part.trim()).filter((part) => part !== "").join(
    " ",
  );
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

/**
 * Compares.
 *
 * @param text The settings file.
 * @param last What the team gave before; `undefined` where the person takes its settings now, so
 * that all of them count.
 * @param next What it gives now.
 * @returns What changes. A key that the person has set otherwise is left out, except where `last` is
 * left out.
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
    if (last !== undefined && (given === after || before !== given)) return [];
    return [{ section, key, before, after }];
  });
}

/**
 * Makes changes.
 *
 * @param text The settings file.
 * @param changes The changes.
 * @returns The new text. Where an org changes, the user name goes: no password may be sent to
 * another org before the person has set it up anew.
 * @throws {SettingsError} `bad_value` where a value can't stand in an INI file.
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
 * What the team has given, without what still waits for a yes.
 *
 * @param last What it gave before.
 * @param next What it gives now.
 * @param waiting The changes that wait.
 * @returns The sections to compare with next time: there these changes show again.
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
