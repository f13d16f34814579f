/** Writes a plan, keeping copies of what it replaces; a failure puts all files back. */

import { formatIniDiff } from "../ini/diff.ts";
import { editFile, type FileEdit } from "../app/edit_file.ts";
import type { AppContext } from "../app/context.ts";
import { copyFiles, copyResult, type StoredImport } from "./copies.ts";
import { editAwsConfig, editAwsCredentials, editSettings } from "./edits.ts";
import type { Plan } from "./planned.ts";
import { restore } from "./undo.ts";

/** Old command lines may have a password: `aws-okta-processor … --pass secret`. */
function diff(path: string, before: string, after: string): string {
  return formatIniDiff(path, before, after).replace(
    /^(?=.*credential_process).*$/gm,
    (line) => hidePasswords(line),
  );
}

/** Replaces the passwords of a command line. */
export function hidePasswords(command: string): string {
  const short = /aws-okta-processor/.test(command)
    ? "|-p"
    : /okta-awscli/.test(command)
    ? "|-P"
    : "";
  const option = new RegExp(
    `(?<=\\s)(--?pass(?:word)?${short})(=|\\s+|(?<=-[pP]))("[^"]*"?|'[^']*'?|\\S+)`,
    "g",
  );
  return command.replace(option, "$1$2[secret]");
}

function editsOf({ paths }: AppContext, plan: Plan): FileEdit[] {
  const { settings, awsConfig, awsCredentials } = paths;
  return [
    { path: settings, change: (text) => editSettings(text, plan), diff },
    { path: awsConfig, change: (text) => editAwsConfig(text, plan), backup: true, diff },
    { path: awsCredentials, change: (text) => editAwsCredentials(text, plan), backup: true, diff },
  ];
}

/** What would change, without secrets. */
export async function previewImport(context: AppContext, plan: Plan): Promise<string> {
  const diffs: string[] = [];
  for (const edit of editsOf(context, plan)) {
    diffs.push(await editFile(context, { ...edit, dryRun: true }));
  }
  return diffs.join("");
}

/** The import that was stored, and the diff of what it changed. */
export interface AppliedImport {
  stored: StoredImport;
  diff: string;
}

/** @throws {SettingsError} `file_not_writable`, `file_locked`; all files are as before then. */
export async function applyImport(context: AppContext, plan: Plan): Promise<AppliedImport> {
  const edits = editsOf(context, plan);
  const changed: FileEdit[] = [];
  for (const edit of edits) {
    if (await editFile(context, { ...edit, dryRun: true }) !== "") changed.push(edit);
  }
  const tools = plan.tools.map(({ tool }) => tool);
  const stored = await copyFiles(context, tools, changed.map(({ path }) => path));
  const diffs: string[] = [];
  try {
    for (const edit of changed) diffs.push(await editFile(context, edit));
    await copyResult(context, stored);
  } catch (error) {
    await restore(context, stored);
    throw error;
  }
  return { stored, diff: diffs.join("") };
}
