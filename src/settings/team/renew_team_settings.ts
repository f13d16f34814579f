/**
 * Looks once a day whether a team has changed its signed settings, and takes the changes. What fails
 * here keeps nobody from working: the last good copy stays.
 *
 * @module
 */

import {
  applyTeamChanges,
  isHeld,
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

/** How often a team's settings are asked for at most. */
const DAY_MILLISECONDS = 24 * 3600 * 1000;

function outdated(source: string): SettingsError {
  return new SettingsError(`the team's settings of ${showUntrusted(source)} are older than ours`, {
    code: "old_team_settings",
    hint: "their serial has gone down: ask whoever keeps them",
  });
}

async function fetchDocument(
  context: AppContext,
  source: string,
  { key, account, serial = 0 }: TeamRecord,
): Promise<TeamDocument> {
  const text = await readTeamSource(sourcePorts(context), source, key);
  const document = parseTeamDocument(text, source, account);
  if ((document.serial ?? serial) < serial) throw outdated(source);
  return document;
}

function describe({ section, key, before, after }: TeamChange): string {
  const show = (value: string | undefined) => value === undefined ? "none" : showUntrusted(value);
  return `  [${showUntrusted(section)}] ${key}: ${show(before)} → ${show(after)}`;
}

/** Whether a person agrees to what would send passwords and assertions elsewhere. */
async function isAgreed(
  interaction: Interaction,
  source: string,
  held: readonly TeamChange[],
): Promise<boolean | undefined> {
  const from = showUntrusted(source);
  await interaction.say(`your team's settings (${from}) change where you sign in:`);
  for (const change of held) await interaction.say(describe(change));
  if (await interaction.canAsk()) return await interaction.askConfirm("Take this change", false);
  await interaction.say("this waits for your yes: run okta-aws refresh at a terminal");
  return undefined;
}

async function takeChanges(
  context: AppContext,
  source: string,
  record: TeamRecord,
  document: Pick<TeamDocument, "sections"> & { serial?: number | undefined },
): Promise<TeamRecord> {
  const { ports: { files }, paths } = context;
  const text = await readLossless(files, paths.settings);
  const changes = teamChanges(text, record.sections, document.sections);
  const held = changes.filter(isHeld);
  const mark = await hashName(held.map((change) => JSON.stringify(change)));
  const asks = held.length > 0 && record.declined !== mark;
  const agreed = asks ? await isAgreed(context.interaction, source, held) : undefined;
  const waiting = agreed ? [] : held;
  const taken = changes.filter((change) => !waiting.includes(change));
  await editFile(context, {
    path: paths.settings,
    change: (before) => applyTeamChanges(before, taken),
  });
  if (taken.length > 0) {
    await context.interaction.say(`your team's settings have changed (${showUntrusted(source)}):`);
    for (const change of taken) await context.interaction.say(describe(change));
  }
  const { declined, waiting: _, ...kept } = record;
  const refused = agreed === false || (declined === mark && held.length > 0);
  return {
    ...kept,
    ...serialOf(document),
    sections: takenSections(record.sections, document.sections, waiting),
    ...(refused && { declined: mark }),
    ...(asks && agreed === undefined && {
      waiting: { ...serialOf(document), sections: document.sections },
    }),
  };
}

function serialOf({ serial }: { serial?: number | undefined }): { serial?: number } {
  return serial === undefined ? {} : { serial };
}

/** Trouble with the document, its place or its signature; Ctrl-C is none. */
function isTrouble(error: unknown): error is Error {
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
    const taken = await takeChanges(context, source, record, document);
    return { ...taken, checked };
  } catch (error) {
    if (!isTrouble(error)) throw error;
    await context.interaction.say(`your team's settings stay as they were: ${error.message}`);
    return { ...record, checked };
  }
}

/**
 * Takes what teams have changed since yesterday, and asks about what has been waiting for a yes.
 *
 * @returns The run, with the settings as they are now.
 */
export async function renewTeamSettings(
  context: AppContext,
): Promise<AppContext> {
  const { ports: { files, clock }, paths } = context;
  const records = openTeamRecords(files, paths.settingsDirectory);
  for (const [source, record] of Object.entries(await records.read())) {
    const { checked, waiting } = record;
    const isDue = Math.abs(clock.now() - checked) >= DAY_MILLISECONDS;
    if (isDue) {
      await records.set(source, await renewOne(context, source, record));
    } else if (waiting !== undefined && await context.interaction.canAsk()) {
      const taken = await takeChanges(context, source, record, waiting);
      await records.set(source, taken);
    }
  }
  return await reloadSettings(context);
}
