/**
 * `init --from`: takes a team's settings, to be written once the sign-in has worked.
 *
 * @module
 */

import { applyTeamChanges, teamChanges } from "./team_changes.ts";
import { parseTeamDocument, type TeamDocument } from "./team_document.ts";
import { parseSettings, type Settings } from "../settings.ts";
import { UsageError } from "../../errors.ts";
import { openTeamRecords } from "./team_records.ts";
import { readLossless } from "../../aws/files/aws_files.ts";
import { accountName } from "../account_settings.ts";
import { openHttp } from "../../app/open_http.ts";
import type { AppContext } from "../../app/context.ts";
import { badKey, parsePublicKey } from "./team_signature.ts";
import { isAddress, readTeamSource, type SourcePorts } from "./team_source.ts";

/** A team's settings that a person is about to take. */
export interface TakenSettings {
  /** The name of the Okta account that is set up with them. */
  account: string;
  /** The settings as they will be. */
  settings: Settings;
  /** Puts them into the settings file's text. */
  change: (text: string) => string;
  /** Keeps what refreshing them needs; to be called when they have been written. */
  keep: () => Promise<void>;
  /** What they say, in a few words. */
  summary: string;
}

/**
 * Files and network of a run.
 *
 * @returns What a team's settings are read with.
 */
export function sourcePorts(context: AppContext): SourcePorts {
  return { files: context.ports.files, http: () => openHttp(context) };
}

/** `--key` is the key itself, or a file with it. */
async function readKey({ ports: { files } }: AppContext, given: string): Promise<string> {
  const direct = parsePublicKey(given);
  if (direct !== undefined) return direct;
  const bytes = given.length < 1000 ? await files.read(given).catch(() => undefined) : undefined;
  const read = bytes && parsePublicKey(new TextDecoder().decode(bytes));
  if (read !== undefined) return read;
  throw badKey(given);
}

/** Refreshing runs in any folder. */
function refuseRelative(source: string, key: string | undefined): void {
  if (key === undefined || isAddress(source) || /^(?:[\\/]|[A-Za-z]:)/.test(source)) return;
  throw new UsageError("signed settings are refreshed, so that --from needs the whole path", {
    code: "relative_source",
    hint: "give an absolute path, or an https address",
  });
}

function chosenAccount(context: AppContext, { sections }: TeamDocument): string {
  const { flags, ports: { environment } } = context;
  const told = flags.account ?? environment.get("OKTA_AWS_ACCOUNT");
  if (told !== undefined) return told;
  const keys = new Map(sections.find(({ section }) => section === "okta-aws")?.keys);
  const named = sections.filter(({ section }) => section.startsWith("account "))
    .map(({ section }) => section.slice("account ".length));
  return keys.get("default_account") ?? (named.length === 1 ? named[0]! : accountName(context));
}

function summarize({ sections }: TeamDocument, source: string, isSigned: boolean): string {
  const count = (kind: string, word: string) => {
    const { length } = sections.filter(({ section }) => section.startsWith(`${kind} `));
    return length === 0 ? [] : [`${length} ${word}${length === 1 ? "" : "s"}`];
  };
  const parts = [
    ...count("account", "Okta account"),
    ...count("aws-account", "AWS account"),
    ...count("cluster", "cluster"),
  ];
  const refreshed = isSigned ? "signed: looked at again daily" : "unsigned: read this once";
  return `settings of ${source}: ${parts.join(", ") || "no account"} (${refreshed})`;
}

/**
 * Reads a team's settings.
 *
 * @param source A file or an address.
 * @param givenKey `--key`.
 * @returns The settings; nothing has been written yet.
 * @throws {UsageError} `bad_key`, `insecure_source`, `relative_source`
 * @throws {SettingsError} `bad_team_settings`, `bad_signature`, `team_settings_not_found`
 * @throws {NetworkError}
 */
export async function takeTeamSettings(
  context: AppContext,
  source: string,
  givenKey: string | undefined,
): Promise<TakenSettings> {
  const { ports: { files, clock }, paths } = context;
  refuseRelative(source, givenKey);
  const key = givenKey === undefined ? undefined : await readKey(context, givenKey);
  const text = await readTeamSource(sourcePorts(context), source, key);
  const document = parseTeamDocument(text, source, accountName(context));
  const { sections, serial } = document;
  const change = (before: string) =>
    applyTeamChanges(before, teamChanges(before, undefined, sections));
  const account = chosenAccount(context, document);
  const settings = parseSettings(change(await readLossless(files, paths.settings)), paths.settings);
  const record = key === undefined ? undefined : {
    key,
    account,
    checked: clock.now(),
    ...(serial !== undefined && { serial }),
    sections,
  };
  return {
    account,
    settings,
    change,
    keep: () => openTeamRecords(files, paths.settingsDirectory).set(source, record),
    summary: summarize(document, source, key !== undefined),
  };
}
