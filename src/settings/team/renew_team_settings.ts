/** Checks signed team settings for changes once a day. A failure is reported and stops nothing. */

import {
  applyTeamChanges,
  heldChanges,
  takenSections,
  type TeamChange,
  teamChanges,
} from "./team_changes.ts";
import { parseTeamDocument, type TeamDocument } from "./team_document.ts";
import { NetworkError, SettingsError, UsageError } from "../../errors.ts";
import { hashName } from "../../store/json_file.ts";
import { openTeamRecords, type TeamRecord } from "./team_records.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { readLossless } from "../../aws/files/aws_files.ts";
import type { AppContext } from "../../app/context.ts";
import type { Interaction } from "../../app/interaction.ts";
import { reloadSettings } from "../../app/open_context.ts";
import { editFile } from "../../app/edit_file.ts";
import { sourcePorts } from "./take_team_settings.ts";
import { readTeamSource } from "./team_source.ts";

const DAY_MILLISECONDS = 24 * 3600 * 1000;

function outdated(source: string): SettingsError {
  return new SettingsError(`the team settings (${showUntrusted(source)}) are older than yours`, {
    code: "old_team_settings",
    hint: "ask the person who maintains them why the serial went down or is missing",
  });
}

async function fetchDocument(
  context: AppContext,
  source: string,
  { key, account, serial }: TeamRecord,
): Promise<TeamDocument> {
  const text = await readTeamSource(sourcePorts(context), source, key);
  const document = parseTeamDocument(text, source, account);
  // A document without a serial, after one with it, is an old one that somebody plays back.
  if (serial !== undefined && (document.serial ?? -1) < serial) throw outdated(source);
  return document;
}

function describe({ section, key, before, after }: TeamChange): string {
  const show = (value: string | undefined) => value === undefined ? "none" : showUntrusted(value);
  return `  [${showUntrusted(section)}] ${key}: ${show(before)} → ${show(after)}`;
}

/**
 * Asks about changes that would send passwords and assertions elsewhere.
 *
 * @returns `undefined` if there is no terminal.
 */
async function isAgreed(
  interaction: Interaction,
  source: string,
  held: readonly TeamChange[],
): Promise<boolean | undefined> {
  const from = showUntrusted(source);
  await interaction.say(`team settings (${from}) change where you sign in:`);
  for (const change of held) await interaction.say(describe(change));
  if (await interaction.canAsk()) return await interaction.askConfirm("Apply this change", false);
  await interaction.say("not applied yet; to confirm it, run in a terminal: okta-aws refresh");
  return undefined;
}

type NewDocument = Pick<TeamDocument, "sections"> & { serial?: number | undefined };

async function takeChanges(
  context: AppContext,
  source: string,
  { record, document }: { record: TeamRecord; document: NewDocument },
): Promise<TeamRecord> {
  const { ports: { files }, paths } = context;
  const text = await readLossless(files, paths.settings);
  const changes = teamChanges(text, record.sections, document.sections);
  const held = heldChanges(text, changes);
  const heldHash = await hashName(held.map((change) => JSON.stringify(change)));
  const asks = held.length > 0 && record.declined !== heldHash;
  const agreed = asks ? await isAgreed(context.interaction, source, held) : undefined;
  const waiting = agreed ? [] : held;
  const taken = changes.filter((change) => !waiting.includes(change));
  await editFile(context, {
    path: paths.settings,
    change: (before) => applyTeamChanges(before, taken),
  });
  if (taken.length > 0) {
    await context.interaction.say(`team settings changed (${showUntrusted(source)}):`);
    for (const change of taken) await context.interaction.say(describe(change));
  }
  const { declined, waiting: _, ...kept } = record;
  const refused = agreed === false || (declined === heldHash && held.length > 0);
  return {
    ...kept,
    ...serialOf(document),
    sections: takenSections(record.sections, document.sections, waiting),
    ...(refused && { declined: heldHash }),
    ...(asks && agreed === undefined && {
      waiting: { ...serialOf(document), sections: document.sections },
    }),
  };
}

function serialOf({ serial }: Pick<NewDocument, "serial">): { serial?: number } {
  return serial === undefined ? {} : { serial };
}

/** A problem with the document, its source or its signature, as opposed to Ctrl-C. */
function isTeamError(error: unknown): error is Error {
  return [SettingsError, NetworkError, UsageError].some((kind) => error instanceof kind);
}

async function renewOne(
  context: AppContext,
  source: string,
  record: TeamRecord,
): Promise<TeamRecord> {
  const checked = context.ports.clock.now();
  try {
    const document = await fetchDocument(context, source, record);
    const taken = await takeChanges(context, source, { record, document });
    return { ...taken, checked };
  } catch (error) {
    if (!isTeamError(error)) throw error;
    await context.interaction.say(`kept the previous team settings: ${error.message}`);
    return { ...record, checked };
  }
}

/**
 * Applies what teams changed since yesterday, and asks about earlier changes that wait for an answer.
 *
 * @returns The context with the new settings.
 */
export async function renewTeamSettings(context: AppContext): Promise<AppContext> {
  const { ports: { files, clock }, paths } = context;
  const records = openTeamRecords(files, paths.settingsDirectory);
  for (const [source, record] of Object.entries(await records.read())) {
    const { checked, waiting } = record;
    const isDue = Math.abs(clock.now() - checked) >= DAY_MILLISECONDS;
    if (isDue) {
      await records.set(source, await renewOne(context, source, record));
    } else if (waiting !== undefined && await context.interaction.canAsk()) {
      const taken = await takeChanges(context, source, { record, document: waiting });
      await records.set(source, taken);
    }
  }
  return await reloadSettings(context);
}
