/** `init --from`: reads team settings, to be written after the first sign-in succeeds. */

import { applyTeamChanges, keptPolicies, teamChanges } from "./team_changes.ts";
import { parseTeamDocument, type TeamDocument } from "./team_document.ts";
import { parseSettings, type Settings } from "../settings.ts";
import { UsageError } from "../../errors.ts";
import { openTeamRecords } from "./team_records.ts";
import { readLossless } from "../../aws/files/aws_files.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { accountName } from "../account_settings.ts";
import { openHttp } from "../../app/open_http.ts";
import type { AppContext } from "../../app/context.ts";
import { badKey, isUrl, parsePublicKey, readTeamSource, type SourcePorts } from "./team_source.ts";

/** Team settings that are about to be written. */
export interface TakenSettings {
  /** The name of the Okta account that they set up. */
  account: string;
  /** The user's settings with the changes applied. */
  settings: Settings;
  /** Applies them to the settings file's text. */
  change: (text: string) => string;
  /** Records what later updates need; call it after the settings file is written. */
  keep: () => Promise<void>;
  /** One line for the user. */
  summary: string;
}

export function sourcePorts(context: AppContext): SourcePorts {
  return { files: context.ports.files, http: () => openHttp(context) };
}

/** @param given The key itself, or a file with it. */
async function readKey({ ports: { files } }: AppContext, given: string): Promise<string> {
  const direct = parsePublicKey(given);
  if (direct !== undefined) return direct;
  const bytes = given.length < 1000 ? await files.read(given).catch(() => undefined) : undefined;
  const read = bytes && parsePublicKey(new TextDecoder().decode(bytes));
  if (read !== undefined) return read;
  throw badKey(given);
}

/** Later updates run in any folder. */
function refuseRelative(source: string, key: string | undefined): void {
  if (key === undefined || isUrl(source) || /^(?:[\\/]|[A-Za-z]:)/.test(source)) return;
  throw new UsageError("--from must be an absolute path when --key is given", {
    code: "relative_source",
    hint: "use an absolute path or an https URL",
  });
}

function chosenAccount(context: AppContext, { sections }: TeamDocument): string {
  const { flags, ports: { environment } } = context;
  const selected = flags.account ?? environment.get("OKTA_AWS_ACCOUNT");
  if (selected !== undefined) return selected;
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
  const refreshed = isSigned ? "signed: checked daily" : "unsigned: read only once";
  return `settings from ${source}: ${parts.join(", ") || "no account"} (${refreshed})`;
}

/**
 * Reads team settings; writes nothing yet.
 *
 * @param source A file or a URL.
 * @param givenKey `--key`
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
  const before = await readLossless(files, paths.settings);
  const settings = parseSettings(change(before), paths.settings);
  const kept = keptPolicies(before, sections).map((section) =>
    `; kept the session policy of [${showUntrusted(section)}]`
  );
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
    summary: summarize(document, source, key !== undefined) + kept.join(""),
  };
}
