/**
 * What is kept of a team's signed settings: where they come from, who signs them, the last good
 * copy. It stands beside the settings, for it says what of them is the team's.
 *
 * @module
 */

import type { Files } from "../../ports.ts";
import {
  hasVersion,
  isRecordOf,
  isString,
  jsonFile,
  withDocumentLock,
} from "../../store/json_file.ts";

/** One team. */
export interface TeamRecord {
  /** The Ed25519 public key, 32 bytes in base64. */
  key: string;
  /** The Okta account's name, for documents that can't name one. */
  account: string;
  /** When the document was asked for last, milliseconds since the Unix epoch. */
  checked: number;
  /** The serial of the last good copy. */
  serial?: number;
  /** The last good copy. */
  sections: { section: string; keys: [string, string][] }[];
  /** A newer document with changes that wait for a person's yes. */
  waiting?: { serial?: number; sections: TeamRecord["sections"] };
  /** The changes that a person has said no to, as a hash: they are not asked about again. */
  declined?: string;
}

interface TeamRecords {
  version: 1;
  teams: Record<string, TeamRecord>;
}

function areSections(value: unknown): value is TeamRecord["sections"] {
  return Array.isArray(value) &&
    value.every((one) => isString(one?.section) && Array.isArray(one.keys));
}

function isTeamRecord(value: unknown): value is TeamRecord {
  const { key, account, checked, sections, waiting } = (value ?? {}) as Partial<TeamRecord>;
  return isString(key) && isString(account) && Number.isFinite(checked) && areSections(sections) &&
    (waiting === undefined || areSections(waiting?.sections));
}

function isTeamRecords(document: unknown): document is TeamRecords {
  return hasVersion(document, 1) && isRecordOf((document as TeamRecords).teams, isTeamRecord);
}

/** The records. */
export interface TeamRecordsFile {
  /** Absolute path. */
  readonly path: string;
  /** Gives the teams by their source: a file or an address. */
  read(): Promise<Record<string, TeamRecord>>;
  /** Replaces one; `undefined` forgets it. */
  set(source: string, record: TeamRecord | undefined): Promise<void>;
}

/**
 * The records of the teams whose settings are refreshed.
 *
 * @param files Reads and writes.
 * @param settingsDirectory The folder of the settings.
 * @returns Their reader and writer.
 */
export function openTeamRecords(files: Files, settingsDirectory: string): TeamRecordsFile {
  const file = jsonFile(files, `${settingsDirectory}/team.json`, isTeamRecords);
  const read = async () => (await file.read())?.teams ?? {};
  return {
    path: file.path,
    read,
    set: (source, record) =>
      withDocumentLock(files, file.path, async () => {
        const { [source]: _, ...others } = await read();
        if (record === undefined && _ === undefined) return;
        const teams = record === undefined ? others : { ...others, [source]: record };
        await file.write({ version: 1, teams });
      }),
  };
}
