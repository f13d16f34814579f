/**
 * `team.json` beside the settings: for each team with signed settings the source, the key, and the
 * last good copy, which tells the team's values from the user's own.
 */

import type { Files } from "../../ports.ts";
import {
  hasVersion,
  isRecordOf,
  isString,
  jsonFile,
  withDocumentLock,
} from "../../store/json_file.ts";
import type { TeamSection } from "./team_keys.ts";

export interface TeamRecord {
  /** The Ed25519 public key, 32 bytes in base64. */
  key: string;
  /** The Okta account's name for documents that can't name one. */
  account: string;
  /** The last download, milliseconds since the Unix epoch. */
  checked: number;
  /** Of the last good copy, as are `sections`. */
  serial?: number;
  sections: TeamSection[];
  /** A newer document with changes that the user has to confirm. */
  waiting?: { serial?: number; sections: TeamSection[] };
  /** Hash of the changes that the user declined: they are not asked about again. */
  declined?: string;
}

interface TeamRecords {
  version: 1;
  teams: Record<string, TeamRecord>;
}

function areSections(value: unknown): value is TeamSection[] {
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

export interface TeamRecordsFile {
  readonly path: string;
  /** By source: a file or a URL. */
  read(): Promise<Record<string, TeamRecord>>;
  /** Replaces a record; `undefined` deletes it. */
  set(source: string, record: TeamRecord | undefined): Promise<void>;
}

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
